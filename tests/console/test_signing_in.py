"""Who comes in, and how: the first owner, those whom they invite, codes, and what wrong tries cost."""

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from starlette.testclient import TestClient

from lamplighter.console.access import COOKIE
from tests.channels.web.stage import Stage
from tests.console.people import (
    HOST,
    Enrolled,
    a_browser,
    code,
    first_owner,
    invited,
    link_in,
    through_the_steps,
    token_in,
)
from tests.console.watch import Watch

PAGE = {"accept": "text/html"}


def try_codes(browser: TestClient, name: str, app: str, recovery: str) -> int:
    csrf = token_in(browser.get("/sign-in").text)
    data = {"csrf": csrf, "name": name, "app": app, "recovery": recovery}
    return browser.post("/sign-in", data=data, follow_redirects=False).status_code


def whats(stage: Stage) -> list[tuple[str, str, str]]:
    with stage.records.transaction(stage.practice.id) as tx:
        return [(entry.who, entry.what, entry.why) for entry in tx.ledger.entries(limit=10_000)]


def test_the_first_owner_comes_in_by_the_link_that_the_terminal_printed(stage: Stage) -> None:
    owner = first_owner(stage)
    assert "Contacts" in owner.browser.get("/").text
    assert len(owner.codes) == 10
    with stage.records.transaction(stage.practice.id) as tx:
        (account,) = tx.staff.all()
    assert (account.name, account.roles, account.enrolled) == ("Rosa Ferro", ("owner",), True)


def test_a_first_owner_who_sees_people_is_a_clinician_too(stage: Stage) -> None:
    clinician = stage.practice.clinicians[0].id
    first_owner(stage, clinician=clinician)
    with stage.records.transaction(stage.practice.id) as tx:
        (account,) = tx.staff.all()
    assert (account.roles, account.clinician) == (("owner", "clinician"), clinician)


def test_once_there_is_an_owner_no_printed_link_makes_another(stage: Stage, owner: Enrolled) -> None:
    answer = a_browser(stage).post(stage.access.new_link(HOST))
    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\u202eRosa", "a\nb\x00"])
def test_a_name_that_is_none_is_asked_again(stage: Stage, name: str) -> None:
    browser = a_browser(stage)
    csrf = token_in(browser.post(stage.access.new_link(HOST)).text)
    answer = browser.post("/enrol/name", data={"csrf": csrf, "name": name})
    assert answer.status_code == 422
    assert "A name is needed" in answer.text


def test_whoever_set_up_only_a_part_is_not_in(stage: Stage) -> None:
    browser = a_browser(stage)
    csrf = token_in(browser.post(stage.access.new_link(HOST)).text)
    browser.post("/enrol/name", data={"csrf": csrf, "name": "Rosa Ferro"})
    answer = browser.post("/enrol/done", data={"csrf": csrf})
    assert "passkey" in answer.text
    assert browser.get("/").status_code == 403


def test_a_first_owner_who_broke_off_goes_on_under_the_same_name(stage: Stage) -> None:
    browser = a_browser(stage)
    csrf = token_in(browser.post(stage.access.new_link(HOST)).text)
    browser.post("/enrol/name", data={"csrf": csrf, "name": "Rosa Ferro"})
    first_owner(stage, "rosa  ferro")
    with stage.records.transaction(stage.practice.id) as tx:
        assert [account.name for account in tx.staff.all()] == ["Rosa Ferro"]


def test_whoever_opened_a_link_that_an_owner_then_replaced_sets_up_nothing(
    stage: Stage, owner: Enrolled
) -> None:
    opened = a_browser(stage)
    csrf = token_in(opened.post(link_in(owner.post("/people/invite", name="Sam Ode", role="desk"))).text)
    owner.post(f"/people/{account_of(stage, 'Sam Ode')}/link")
    assert opened.post("/me/codes", data={"csrf": csrf}).status_code == 403


def test_an_owner_may_give_themselves_a_clinicians_role_and_the_ledger_says_so(
    stage: Stage, owner: Enrolled
) -> None:
    rosa = account_of(stage, "Rosa Ferro")
    owner.post(f"/people/{rosa}/roles", role=["owner", "clinician"])
    with stage.records.transaction(stage.practice.id) as tx:
        assert tx.staff.all()[0].roles == ("owner", "clinician")
    assert (rosa, "roles_given", "") in whats(stage)


def test_a_code_that_the_app_does_not_show_sets_nothing_up(stage: Stage) -> None:
    browser = a_browser(stage)
    csrf = token_in(browser.post(stage.access.new_link(HOST)).text)
    browser.post("/enrol/name", data={"csrf": csrf, "name": "Rosa Ferro"})
    browser.post("/enrol/without-passkey", data={"csrf": csrf})
    answer = browser.post("/me/app", data={"csrf": csrf, "app": "12345"})
    assert answer.status_code == 422
    assert "not the code" in answer.text
    with stage.records.transaction(stage.practice.id) as tx:
        assert tx.staff.all()[0].totp_secret is None


def test_both_codes_together_sign_in_and_each_of_them_opens_once(stage: Stage, owner: Enrolled) -> None:
    assert try_codes(a_browser(stage), "Rosa Ferro", code(stage, owner.secret, 1), owner.codes[0]) == 303
    stage.clock.ahead(timedelta(minutes=2))
    shown = code(stage, owner.secret)
    assert try_codes(a_browser(stage), "Rosa Ferro", shown, owner.codes[0]) == 401
    assert try_codes(a_browser(stage), "rosa ferro", shown, owner.codes[4].lower()) == 303
    assert try_codes(a_browser(stage), "Rosa Ferro", shown, owner.codes[5]) == 401


def test_the_code_that_set_the_app_up_opens_nothing_more(stage: Stage, owner: Enrolled) -> None:
    with stage.records.transaction(stage.practice.id) as tx:
        used = pyotp.TOTP(owner.secret).generate_otp(tx.staff.all()[0].totp_step)
    assert try_codes(a_browser(stage), "Rosa Ferro", used, owner.codes[0]) == 401


@pytest.mark.parametrize("missing", ["app", "recovery"])
def test_one_code_alone_is_not_enough(stage: Stage, owner: Enrolled, missing: str) -> None:
    app = "" if missing == "app" else code(stage, owner.secret, 1)
    recovery = "" if missing == "recovery" else owner.codes[0]
    assert try_codes(a_browser(stage), "Rosa Ferro", app, recovery) == 401


def test_a_try_that_was_wrong_uses_up_neither_code(stage: Stage, owner: Enrolled) -> None:
    shown = code(stage, owner.secret, 1)
    assert try_codes(a_browser(stage), "Rosa Ferro", shown, "1-AAAA-AAAA-AAAA") == 401
    assert try_codes(a_browser(stage), "Rosa Ferro", shown, owner.codes[0]) == 303


def test_wrong_tries_make_whoever_makes_them_wait_and_then_no_longer(
    stage: Stage, owner: Enrolled, watch: Watch
) -> None:
    browser = a_browser(stage)
    tries = [try_codes(browser, "Rosa Ferro", "000000", "1-A") for _ in range(6)]
    assert tries == [401, 401, 401, 401, 401, 429]
    right = code(stage, owner.secret, 1), owner.codes[0]
    assert try_codes(browser, "Rosa  FERRO", *right) == 429
    watch.seconds += 15 * 60 + 1
    assert try_codes(browser, "Rosa Ferro", *right) == 303


def test_many_names_do_not_get_round_the_waiting(stage: Stage, owner: Enrolled) -> None:
    browser = a_browser(stage)
    tries = [try_codes(browser, f"Somebody {n}", "000000", "1-A") for n in range(31)]
    assert tries == [401] * 30 + [429]


def test_a_name_that_nobody_has_is_refused_as_a_wrong_code_is(stage: Stage, owner: Enrolled) -> None:
    pages = []
    for name in ("Nobody Here", "Rosa Ferro"):
        browser = a_browser(stage)
        csrf = token_in(browser.get("/sign-in").text)
        data = {"csrf": csrf, "name": name, "app": "000000", "recovery": "1-AAAA-AAAA-AAAA"}
        pages.append(browser.post("/sign-in", data=data).text.replace(csrf, ""))
    assert pages[0].partition("</form>")[0] != ""
    assert [token_in(page.replace('value=""', 'value="x"')) for page in pages] == ["x", "x"]
    assert pages[0] == pages[1]


def test_what_was_tried_stands_in_the_ledger_without_what_was_typed(stage: Stage, owner: Enrolled) -> None:
    try_codes(a_browser(stage), "Secretname", "000000", "1-SECRETCODE")
    assert ("nobody", "sign_in_refused", "codes") in whats(stage)
    assert "ecret" not in str(whats(stage)).casefold().replace("sign_in_refused", "")


def test_a_session_at_the_door_is_not_the_one_that_is_let_in(stage: Stage, owner: Enrolled) -> None:
    browser = a_browser(stage)
    browser.get("/sign-in")
    before = browser.cookies[COOKIE]
    try_codes(browser, "Rosa Ferro", code(stage, owner.secret, 1), owner.codes[0])
    assert browser.cookies[COOKIE] != before
    assert stage.access.session(before) is None


def test_whoever_is_not_signed_in_is_shown_the_way(stage: Stage, owner: Enrolled) -> None:
    answer = a_browser(stage).get("/people", headers=PAGE, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    owner.post("/leave")
    assert owner.browser.get("/people", headers=PAGE).url.path == "/sign-in"


def test_before_there_is_an_owner_there_is_no_way_but_the_link(stage: Stage) -> None:
    answer = a_browser(stage).get("/", headers=PAGE)
    assert answer.status_code == 403
    assert "link that is printed" in answer.text


def test_an_invited_person_comes_in_by_their_link_with_the_roles_they_were_given(
    stage: Stage, owner: Enrolled
) -> None:
    sam = invited(stage, owner, "Sam Ode", "desk", "biller")
    assert "Contacts" in sam.browser.get("/").text
    with stage.records.transaction(stage.practice.id) as tx:
        account = tx.staff.all()[-1]
    assert (account.name, account.roles, account.enrolled) == ("Sam Ode", ("desk", "biller"), True)


def test_an_invitation_opens_once_and_grows_old(stage: Stage, owner: Enrolled) -> None:
    link = link_in(owner.post("/people/invite", name="Sam Ode", role="desk"))
    for _ in range(2):
        assert a_browser(stage).get(link).status_code == 200
    assert a_browser(stage).post(link).status_code == 200
    assert a_browser(stage).post(link).status_code == 410
    late = link_in(owner.post("/people/invite", name="Ben Late", role="desk"))
    stage.clock.ahead(timedelta(days=3, seconds=1))
    assert a_browser(stage).post(late).status_code == 404


@pytest.mark.parametrize("name", ["Rosa Ferro", "ROSA  ferro"])
def test_a_name_is_given_once(stage: Stage, owner: Enrolled, name: str) -> None:
    assert "has this name" in owner.post("/people/invite", name=name, role="desk")


def test_whoever_is_invited_has_a_role(stage: Stage, owner: Enrolled) -> None:
    for roles in ([], ["king"]):
        assert "at least one role" in owner.post("/people/invite", name="Sam Ode", role=roles)
    with stage.records.transaction(stage.practice.id) as tx:
        assert len(tx.staff.all()) == 1


def test_whoever_is_let_go_is_out_at_once_and_gives_their_floors_back(stage: Stage, owner: Enrolled) -> None:
    sam = invited(stage, owner, "Sam Ode", "desk")
    contact = stage.contacts.open(
        stage.practice.id, channel="chat", dialled=stage.practice.phone, address=None
    ).contact
    sam.post(f"/contacts/{contact}/take")
    assert stage.contacts.state(stage.practice.id, contact).floor == "Sam Ode"
    owner.post(f"/people/{account_of(stage, 'Sam Ode')}/revoke")
    assert sam.browser.get("/").status_code == 403
    assert stage.contacts.state(stage.practice.id, contact).floor is None
    assert try_codes(a_browser(stage), "Sam Ode", code(stage, sam.secret, 1), sam.codes[0]) == 401


def account_of(stage: Stage, name: str) -> str:
    with stage.records.transaction(stage.practice.id) as tx:
        return next(account.id for account in tx.staff.all() if account.name == name)


def test_whoever_was_let_go_elsewhere_is_out_too(stage: Stage, owner: Enrolled) -> None:
    sam = invited(stage, owner, "Sam Ode", "desk")
    with stage.records.transaction(stage.practice.id) as tx:
        account = tx.staff.all()[-1]
        tx.staff.update(replace(account, revoked=stage.clock.now(), revoked_by="x"), "x", "staff_revoked")
    assert sam.browser.get("/").status_code == 403


def test_a_new_link_voids_what_somebody_signed_in_with(stage: Stage, owner: Enrolled) -> None:
    sam = invited(stage, owner, "Sam Ode", "desk")
    link = link_in(owner.post(f"/people/{account_of(stage, 'Sam Ode')}/link"))
    assert sam.browser.get("/").status_code == 403
    assert try_codes(a_browser(stage), "Sam Ode", code(stage, sam.secret, 1), sam.codes[0]) == 401
    browser = a_browser(stage)
    again = through_the_steps(stage, browser, browser.post(link).text, "Sam Ode")
    assert "Contacts" in again.browser.get("/").text


def test_somebody_who_was_let_go_is_let_back_in_under_their_own_name(stage: Stage, owner: Enrolled) -> None:
    invited(stage, owner, "Sam Ode", "desk")
    sam = account_of(stage, "Sam Ode")
    owner.post(f"/people/{sam}/revoke")
    assert "No longer here" in owner.browser.get("/people").text
    browser = a_browser(stage)
    page = browser.post(link_in(owner.post(f"/people/{sam}/link"))).text
    assert "Contacts" in through_the_steps(stage, browser, page, "Sam Ode").browser.get("/").text
    assert account_of(stage, "Sam Ode") == sam


def test_somebody_is_let_go_at_any_time(stage: Stage, owner: Enrolled, watch: Watch) -> None:
    sam = invited(stage, owner, "Sam Ode", "desk")
    watch.seconds += 601
    assert "Let Sam Ode go" in owner.browser.get("/people").text
    owner.post(f"/people/{account_of(stage, 'Sam Ode')}/revoke")
    assert sam.browser.get("/").status_code == 403


def test_a_practice_keeps_an_owner(stage: Stage, owner: Enrolled) -> None:
    rosa = account_of(stage, "Rosa Ferro")
    other = invited(stage, owner, "Ada Owner", "owner")
    assert "keeps an owner" in owner.post(f"/people/{rosa}/revoke")
    other.post(f"/people/{rosa}/revoke")
    assert owner.browser.get("/").status_code == 403
    ada = account_of(stage, "Ada Owner")
    assert "keeps an owner" in other.post(f"/people/{ada}/roles", role="desk")
    assert "keeps an owner" in other.post(f"/people/{ada}/link")
    assert "Invite somebody" in other.browser.get("/people").text


def test_new_roles_hold_from_the_next_click(stage: Stage, owner: Enrolled) -> None:
    sam = invited(stage, owner, "Sam Ode", "desk")
    assert sam.browser.get("/ledger").status_code == 403
    owner.post(f"/people/{account_of(stage, 'Sam Ode')}/roles", role="auditor")
    assert sam.browser.get("/ledger").status_code == 200
    assert sam.browser.get("/live").status_code == 403


def test_new_recovery_codes_void_those_of_before(stage: Stage, owner: Enrolled) -> None:
    page = owner.post("/me/codes")
    assert owner.codes[0] not in page
    assert try_codes(a_browser(stage), "Rosa Ferro", code(stage, owner.secret, 1), owner.codes[0]) == 401


@pytest.mark.parametrize("path", ["/me/codes", "/me/app", "/me/passkeys/x/remove"])
def test_a_page_left_open_makes_nobody_else_a_way_in(
    stage: Stage, owner: Enrolled, watch: Watch, path: str
) -> None:
    csrf = owner.csrf
    watch.seconds += 601
    assert "sign in again" in owner.browser.get("/me").text
    answer = owner.browser.post(path, data={"csrf": csrf, "app": code(stage, owner.secret, 1)})
    assert answer.status_code == 403
    assert "Prove that it is you" in answer.text
    assert owner.browser.post("/me/passkeys", headers={"x-csrf": csrf}, json={}).status_code == 403
    assert "Prove that it is you" in owner.post("/people/invite", name="Sam Ode", role="desk")
    assert "/people/invite" not in owner.browser.get("/people").text
    assert try_codes(owner.browser, "Rosa Ferro", code(stage, owner.secret, 1), owner.codes[0]) == 303


def test_secrets_and_links_are_on_no_page_but_the_one_that_gives_them(stage: Stage, owner: Enrolled) -> None:
    link = link_in(owner.post("/people/invite", name="Sam Ode", role="desk"))
    for path in ("/people", "/me", "/ledger", "/"):
        page = owner.browser.get(path).text
        for secret in (owner.secret, owner.codes[0], link.rpartition("/")[2]):
            assert secret not in page, path


def test_a_practice_knows_nothing_of_the_people_of_another(stage: Stage, owner: Enrolled) -> None:
    other = TestClient(stage.staff(stage.other, trying=False), base_url=HOST)
    other.cookies.set(COOKIE, owner.browser.cookies[COOKIE], domain="localhost.local")
    assert other.get("/").status_code == 403
    assert try_codes(other, "Rosa Ferro", code(stage, owner.secret, 1), owner.codes[0]) == 401
