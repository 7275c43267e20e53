"""What each role may do, route by route: written out, so that a change of a rule is a change of a line here."""

import re
from pathlib import Path

import pytest

from lamplighter.connectors.oidc import OpenIdProvider
from lamplighter.console.roles import Place
from lamplighter.console.roles_document import as_document
from lamplighter.desk.ports import ROLES, Role, Task
from tests.channels.web.stage import Stage
from tests.console.people import Enrolled, first_owner, invited

DESK = {"owner", "clinician", "desk"}
EVERYBODY = set(ROLES)
MAY: dict[tuple[str, str], set[str]] = {
    ("GET", "/"): EVERYBODY,
    ("GET", "/live"): DESK,
    ("GET", "/morning"): DESK,
    ("GET", "/contacts"): DESK,
    ("GET", "/contacts/{contact}"): DESK,
    ("POST", "/contacts/{contact}/mark"): DESK,
    ("POST", "/contacts/{contact}/mark-back"): DESK,
    ("POST", "/contacts/{contact}/look"): DESK,
    ("GET", "/contacts/{contact}/rehearsal"): DESK,
    ("POST", "/contacts/{contact}/rehearsal/draft"): DESK,
    ("POST", "/contacts/{contact}/rehearsal/propose"): DESK,
    ("POST", "/contacts/{contact}/rehearsal/{name}/approve"): DESK,
    ("POST", "/contacts/{contact}/rehearsal/{name}/drop"): DESK,
    ("POST", "/contacts/{contact}/{act}"): DESK,
    ("POST", "/contacts/{contact}/glass"): DESK,
    ("GET", "/persons"): DESK,
    ("POST", "/persons/find"): DESK,
    ("GET", "/persons/{person}"): DESK,
    ("POST", "/persons/{person}/stop"): DESK,
    ("POST", "/persons/{person}/go-on"): DESK,
    ("POST", "/persons/{person}/hold"): {"clinician"},
    ("POST", "/persons/{person}/unhold"): {"clinician"},
    ("POST", "/persons/{person}/plan"): {"clinician"},
    ("GET", "/persons/{person}/custody"): DESK,
    ("POST", "/persons/{person}/custody/record"): DESK,
    ("POST", "/persons/{person}/custody/remove"): DESK,
    ("POST", "/persons/{person}/custody/only"): DESK,
    ("GET", "/persons/{person}/apart"): DESK,
    ("POST", "/persons/{person}/apart/keep"): DESK,
    ("POST", "/persons/{person}/apart/end"): DESK,
    ("GET", "/apart"): DESK,
    ("POST", "/apart/keep"): DESK,
    ("POST", "/apart/end"): DESK,
    ("POST", "/persons/{person}/card"): DESK,
    ("POST", "/persons/{person}/reach"): DESK,
    ("POST", "/persons/{person}/papers/send"): DESK,
    ("POST", "/persons/{person}/papers/done"): DESK,
    ("POST", "/persons/{person}/papers/undo"): DESK,
    ("GET", "/persons/{person}/insurance"): {*DESK, "biller"},
    ("GET", "/persons/{person}/insurance/now"): {*DESK, "biller"},
    ("POST", "/persons/{person}/insurance/check"): {*DESK, "biller"},
    ("POST", "/persons/{person}/insurance/plan"): {*DESK, "biller"},
    ("POST", "/persons/{person}/insurance/said"): {*DESK, "biller"},
    ("POST", "/persons/{person}/insurance/restrict"): {*DESK, "biller"},
    ("POST", "/persons/{person}/insurance/eap"): {*DESK, "biller"},
    ("POST", "/persons/{person}/insurance/eap/undo"): {*DESK, "biller"},
    ("POST", "/persons/{person}/insurance/chart"): {*DESK, "biller"},
    ("GET", "/persons/{person}/insurance/paper/{question}"): {*DESK, "biller"},
    ("GET", "/persons/{person}/insurance/card/{side}"): {*DESK, "biller"},
    ("POST", "/persons/{person}/insurance/card"): {*DESK, "biller"},
    ("GET", "/persons/{person}/authorizations"): {*DESK, "biller"},
    ("POST", "/persons/{person}/authorizations"): {*DESK, "biller"},
    ("GET", "/authorizations"): {*DESK, "biller"},
    ("GET", "/authorizations/{authorization}"): {*DESK, "biller"},
    ("GET", "/authorizations/{authorization}/fax.pdf"): {"clinician", "biller"},
    ("POST", "/authorizations/{authorization}/codes"): {"clinician"},
    ("POST", "/authorizations/{authorization}/bridge"): {"clinician"},
    ("POST", "/authorizations/{authorization}/act"): {"biller"},
    ("POST", "/authorizations/{authorization}/told"): {"biller"},
    ("POST", "/authorizations/{authorization}/undo"): {"clinician", "biller"},
    ("POST", "/persons/{person}/missed"): DESK,
    ("POST", "/persons/{person}/took-place"): DESK,
    ("GET", "/waitlist"): DESK,
    ("GET", "/schedule"): {*DESK, "biller"},
    ("GET", "/schedule/live"): {*DESK, "biller"},
    ("GET", "/schedule/visits/{visit}"): DESK,
    ("GET", "/schedule/visits/{visit}/places"): {"owner", "desk"},
    ("POST", "/schedule/visits/{visit}/missed"): DESK,
    ("POST", "/schedule/visits/{visit}/took-place"): DESK,
    ("POST", "/schedule/visits/{visit}/confirm"): {"owner", "desk"},
    ("GET", "/schedule/visits/{visit}/move"): {"owner", "desk"},
    ("POST", "/schedule/visits/{visit}/move"): {"owner", "desk"},
    ("GET", "/schedule/visits/{visit}/cancel"): {"owner", "desk"},
    ("POST", "/schedule/visits/{visit}/cancel"): {"owner", "desk"},
    ("POST", "/schedule/changes/{change}/undo"): {"owner", "desk"},
    ("GET", "/sick-day"): DESK,
    ("POST", "/sick-day"): DESK,
    ("GET", "/sick-day/{called_off}"): DESK,
    ("GET", "/sick-day/{called_off}/tally"): DESK,
    ("POST", "/sick-day/{called_off}/undo"): DESK,
    ("POST", "/sick-day/{called_off}/called"): DESK,
    ("GET", "/sick-day/{called_off}/after-all"): DESK,
    ("POST", "/sick-day/{called_off}/after-all"): DESK,
    ("POST", "/sick-day/{called_off}/after-all/undo"): DESK,
    ("GET", "/clinician-gone"): DESK,
    ("POST", "/clinician-gone"): DESK,
    ("GET", "/clinician-gone/{gone}"): DESK,
    ("POST", "/clinician-gone/{gone}/undo"): DESK,
    ("POST", "/clinician-gone/{gone}/spoken"): DESK,
    ("GET", "/figures"): DESK,
    ("GET", "/figures.csv"): DESK,
    ("GET", "/pause"): DESK,
    ("POST", "/pause"): DESK,
    ("POST", "/pause/end"): DESK,
    ("GET", "/ladder"): DESK,
    ("POST", "/ladder/cover"): {"owner", "clinician"},
    ("POST", "/ladder/away"): {"owner", "clinician"},
    ("POST", "/ladder/number"): {"owner", "clinician"},
    ("POST", "/ladder/lift"): {"owner", "clinician"},
    ("POST", "/ladder/test"): {"owner", "clinician"},
    ("POST", "/ladder/answered"): DESK,
    ("POST", "/tasks/{task}/done"): {*DESK, "biller"},
    ("POST", "/looks/{look}/seen"): {"owner"},
    ("GET", "/billing"): {"owner", "biller"},
    ("POST", "/billing/plans/{plan}/approve"): {"owner", "biller"},
    ("POST", "/billing/plans/{plan}/undo"): {"owner", "biller"},
    ("POST", "/billing/paid/{link}/refund"): {"owner", "biller"},
    ("POST", "/billing/find"): {"owner", "biller"},
    ("POST", "/billing/persons/{person}/hold"): {"owner", "biller"},
    ("POST", "/billing/persons/{person}/agreed"): {"owner", "biller"},
    ("POST", "/billing/persons/{person}/may-ask"): {"owner", "biller"},
    ("POST", "/billing/holds/{hold}/undo"): {"owner", "biller"},
    ("GET", "/protocol"): {"owner", "clinician"},
    ("GET", "/protocol/section"): {"owner", "clinician"},
    ("GET", "/protocol/rehearsal"): {"owner", "clinician"},
    ("GET", "/protocol/rehearsing"): {"owner", "clinician"},
    ("POST", "/protocol/rehearse"): {"owner", "clinician"},
    ("POST", "/protocol/approve"): {"owner", "clinician"},
    ("POST", "/protocol/sign"): {"owner"},
    ("GET", "/people"): {"owner", "auditor"},
    ("POST", "/people/invite"): {"owner"},
    ("POST", "/people/{account}/roles"): {"owner"},
    ("POST", "/people/{account}/link"): {"owner"},
    ("POST", "/people/{account}/email"): {"owner"},
    ("POST", "/people/{account}/revoke"): {"owner"},
    ("POST", "/people/{account}/sign-out"): {"owner"},
    ("POST", "/me/sign-out-elsewhere"): EVERYBODY,
    ("GET", "/retention"): {"owner", "auditor"},
    ("GET", "/persons/{person}/records"): {"owner"},
    ("GET", "/persons/{person}/records.json"): {"owner"},
    ("POST", "/persons/{person}/records/hold"): {"owner"},
    ("POST", "/persons/{person}/records/lift"): {"owner"},
    ("POST", "/persons/{person}/records/erase"): {"owner"},
    ("GET", "/glass/{person}"): {"biller", "auditor"},
    ("POST", "/glass/{person}"): {"biller", "auditor"},
    ("GET", "/ledger"): {"owner", "auditor"},
    ("GET", "/ledger.csv"): {"owner", "auditor"},
    ("GET", "/ledger.jsonl"): {"owner", "auditor"},
    ("POST", "/ledger/prove"): {"owner", "auditor"},
    ("GET", "/ledger/proof"): {"owner", "auditor"},
    ("GET", "/idle"): EVERYBODY,
    ("POST", "/here"): EVERYBODY,
    ("POST", "/leave"): EVERYBODY,
    ("GET", "/me"): EVERYBODY,
    ("GET", "/me/app"): EVERYBODY,
    ("POST", "/me/passkeys/{credential}/remove"): EVERYBODY,
}
OWN = {
    "/enrol", "/enrol/name", "/enrol/without-passkey", "/enrol/done", "/me/app", "/me/codes", "/me/passkeys",
    "/me/passkeys/options",
}  # fmt: skip
OPEN = {
    "/open/{token}", "/sign-in", "/sign-in/passkey/options", "/sign-in/passkey", "/sign-in/app", "/assets", "/static",
    "/sign-in/provider", "/sign-in/provider/back",
}  # fmt: skip


@pytest.fixture(scope="module")
def stage() -> Stage:
    stage = Stage()
    stage.provider = OpenIdProvider("https://id.example", "the-desk", "", "A provider")
    return stage


@pytest.fixture(scope="module")
def people(stage: Stage) -> dict[str, Enrolled]:
    """Somebody in every role, and that one only."""
    owner = first_owner(stage)
    others: list[Role] = ["clinician", "desk", "biller", "auditor"]
    return {"owner": owner, **{role: invited(stage, owner, f"One {role}", role) for role in others}}


def method(route: Place) -> str:
    return "POST" if "POST" in (route.methods or ()) else "GET"


def test_the_table_in_the_documents_is_that_of_the_routes(stage: Stage) -> None:
    written = (Path(__file__).parents[2] / "docs" / "roles.md").read_text("utf-8")
    assert as_document(stage.staff(trying=False).routes) == written, "run scripts/roles_document.py"


def test_every_route_is_in_the_table(stage: Stage) -> None:
    routes = stage.staff(trying=False).routes
    staff = {(method(route), route.path) for route in routes if route.rule.who == "staff"}
    assert staff == set(MAY)
    assert {route.path for route in routes if route.rule.who == "own"} == OWN
    assert {route.path for route in routes if route.rule.who == "open"} == OPEN


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_what_it_may_and_is_told_who_can_elsewhere(
    stage: Stage, people: dict[str, Enrolled], role: Role
) -> None:
    person = people[role]
    for (verb, path), may in MAY.items():
        if path in ("/live", "/schedule/live", "/leave") and role in may:
            continue  # what goes on without end, or ends the session
        address = re.sub(r"\{\w+\}", "nothing", path)
        answer = person.browser.request(verb, address, data={"csrf": "wrong"} if verb == "POST" else None)
        refused = "This is for somebody else" in answer.text
        assert refused == (role not in may), (verb, path)
        if refused:
            assert answer.status_code == 403
            assert all(each in answer.text for each in may), path


@pytest.mark.parametrize("role", ["biller", "auditor"])
def test_whoever_has_no_business_with_contacts_sees_none_of_their_words(
    stage: Stage, people: dict[str, Enrolled], role: str
) -> None:
    contact = stage.contacts.open(
        stage.practice.id, channel="chat", dialled=stage.practice.phone, address=None
    ).contact
    stage.contacts.hear(stage.practice.id, contact, "my name is Nora Quill, a first appointment please")
    browser = people[role].browser
    for path in ("/", f"/?contact={contact}", "/billing", "/ledger", "/people", "/me", "/live"):
        page = browser.get(path).text
        assert "Quill" not in page, path
        assert "appointment please" not in page, path
    assert "Quill" in people["desk"].browser.get("/").text


def test_a_biller_closes_tasks_of_theirs_and_no_others(stage: Stage, people: dict[str, Enrolled]) -> None:
    now = stage.clock.now()
    with stage.records.transaction(stage.practice.id) as tx:
        tx.tasks.add(Task("bill", "callback", "biller", now, details=(("first_name", "Billson"),)))
        tx.tasks.add(Task("call", "callback", "desk", now, details=(("first_name", "Deskson"),)))
    biller = people["biller"]
    page = biller.browser.get("/").text
    assert "Billson" in page
    assert "Deskson" not in page
    biller.post("/tasks/bill/done")
    assert "for somebody else" in biller.post("/tasks/call/done")
    with stage.records.transaction(stage.practice.id) as tx:
        assert [task.id for task in tx.tasks.list_open()] == ["call"]


def test_the_words_of_a_clinicians_task_are_for_clinical_roles(
    stage: Stage, people: dict[str, Enrolled]
) -> None:
    details = (("first_name", "June"), ("phone", "+12125550145"), ("message", "zolpidem ran out"))
    with stage.records.transaction(stage.practice.id) as tx:
        tx.tasks.add(Task("refill", "clinical", "clinician", stage.clock.now(), details=details))
    for role in ("owner", "desk"):
        page = people[role].browser.get("/").text
        assert "June" in page
        assert "(212) 555-0145" in page
        assert "zolpidem" not in page
        assert "Kept for clinical roles" in page
    assert "zolpidem ran out" in people["clinician"].browser.get("/").text


def test_an_owner_who_is_no_clinician_reads_no_word_kept_for_clinical_roles(
    stage: Stage, people: dict[str, Enrolled]
) -> None:
    contact = stage.contacts.open(
        stage.practice.id, channel="chat", dialled=stage.practice.phone, address=None
    ).contact
    stage.contacts.hear(stage.practice.id, contact, "I want to kill myself tonight")
    path = f"/?contact={contact}"
    assert "kill myself" not in people["owner"].browser.get(path).text
    assert "kill myself" not in people["desk"].browser.get(path).text
    assert "kill myself" in people["clinician"].browser.get(path).text


def test_an_auditor_sees_who_works_here_and_has_no_button_to_change_it(people: dict[str, Enrolled]) -> None:
    page = people["auditor"].browser.get("/people").text
    assert "One desk" in page
    assert "/revoke" not in page
    assert "/people/invite" not in page
