"""Signing in by the practice's own identity provider: a certified one, which the tests start and sometimes make lie."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
from starlette.testclient import TestClient

from lamplighter.connectors.oidc import OpenIdProvider
from lamplighter.desk.ports import Account
from tests.channels.web.stage import Stage
from tests.console.people import Enrolled, a_browser, code, invited, link_in, token_in
from tests.console.watch import Watch
from tests.identity import provider as real

SAM = "sam@practice.example"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with real.running() as found:
        yield found


@pytest.fixture
def stage(stage: Stage, address: str) -> Stage:
    real.lies(address, "")
    stage.provider = real.provider_at(address)
    return stage


@pytest.fixture
def sam(stage: Stage, owner: Enrolled) -> str:
    """The id of somebody who is invited, and expected under an email."""
    owner.post("/people/invite", name="Sam Ode", role=["desk"])
    account = account_of(stage, "Sam Ode").id
    assert owner.post(f"/people/{account}/email", email=SAM.upper())
    return account


def account_of(stage: Stage, name: str) -> Account:
    with stage.records.transaction(stage.practice.id) as tx:
        return next(each for each in tx.staff.all() if each.name == name)


def sent(browser: TestClient) -> str:
    """The address at the provider to which the browser is sent."""
    answer = browser.get("/sign-in/provider", follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def comes_back(browser: TestClient, address: str) -> Any:
    answer = browser.get(address, follow_redirects=False)
    return answer


def signs_in(browser: TestClient, who: str = "sam") -> Any:
    return comes_back(browser, real.signs_in_there(sent(browser), who))


def with_query(address: str, **given: str) -> str:
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | given
    return urlunsplit(parts._replace(query=urlencode(query)))


def by_codes(browser: TestClient, stage: Stage, who: Enrolled) -> Any:
    csrf = token_in(browser.get("/sign-in").text)
    given = {"name": who.name, "app": code(stage, who.secret, 1), "recovery": who.codes[0]}
    return browser.post("/sign-in", data={"csrf": csrf, **given})


def is_in(browser: TestClient) -> bool:
    return browser.get("/me").status_code == 200


def whats(stage: Stage) -> list[tuple[str, str, str]]:
    with stage.records.transaction(stage.practice.id) as tx:
        return [(entry.who, entry.what, entry.why) for entry in tx.ledger.entries(limit=10_000)]


def refusals(stage: Stage) -> list[str]:
    return [why for _, what, why in whats(stage) if what == "sign_in_refused"]


def test_whoever_is_expected_is_bound_by_the_first_sign_in_and_known_by_subject_from_then_on(
    stage: Stage, owner: Enrolled, sam: str
) -> None:
    browser = a_browser(stage)
    answer = signs_in(browser)
    assert answer.status_code == 200
    assert "Signed in" in answer.text
    assert is_in(browser)
    assert browser.get("/people").status_code == 403  # the provider gives no role
    bound = account_of(stage, "Sam Ode")
    assert (bound.roles, bound.expected, bound.bound and bound.bound.subject) == (("desk",), None, "sam")
    assert is_in(again := a_browser(stage)) is False
    assert signs_in(again).status_code == 200
    did = [what for who, what, _ in whats(stage) if who == sam]
    assert did == ["bound_by_provider", "signed_in_by_provider"]
    assert "@" not in str(whats(stage))
    assert "Bound to an account at Our provider" in owner.browser.get("/people").text


def test_the_same_email_in_somebody_elses_hands_opens_nothing(
    stage: Stage, owner: Enrolled, sam: str
) -> None:
    for who in ("unverified", "stranger"):
        assert signs_in(a_browser(stage), who).status_code == 401
    assert signs_in(a_browser(stage)).status_code == 200
    answer = signs_in(browser := a_browser(stage), "successor")
    assert (answer.status_code, is_in(browser)) == (401, False)
    assert "nobody here is bound" in answer.text
    assert refusals(stage) == ["provider_unknown"] * 3


def test_nobody_is_expected_for_longer_than_an_invitation_lives(stage: Stage, sam: str) -> None:
    stage.clock.ahead(timedelta(days=3, seconds=1))
    assert signs_in(a_browser(stage)).status_code == 401


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        ("audience", "audience"), ("azp", "audience"), ("issuer", "issuer"), ("nonce", "nonce"),
        ("expired", "expired"), ("at_hash", "at_hash"), ("unsigned", "algorithm"), ("secret", "algorithm"),
        ("forged", "signature"),
    ],
)  # fmt: skip
def test_a_token_that_is_not_for_us_from_them_and_now_opens_nothing(
    stage: Stage, sam: str, address: str, lie: str, why: str
) -> None:
    real.lies(address, lie)
    browser = a_browser(stage)
    assert signs_in(browser).status_code == 401
    assert not is_in(browser)
    assert refusals(stage) == [f"provider_{why}"]
    assert account_of(stage, "Sam Ode").bound is None


def test_what_comes_back_counts_once_in_the_browser_that_was_sent_and_for_ten_minutes(
    stage: Stage, sam: str, watch: Watch
) -> None:
    browser = a_browser(stage)
    back = real.signs_in_there(sent(browser), "sam")
    assert comes_back(browser, with_query(back, state="another")).status_code == 401
    other = TestClient(browser.app, base_url=str(browser.base_url))
    sent(other)
    assert comes_back(other, back).status_code == 401
    assert comes_back(browser, back).status_code == 200
    browser.cookies.delete("lamplighter_desk")
    assert comes_back(browser, back).status_code == 401
    late = real.signs_in_there(sent(browser), "sam")
    watch.seconds += 601
    assert comes_back(browser, late).status_code == 401
    assert set(refusals(stage)) == {"provider_state"}


def test_a_code_that_was_used_before_opens_nothing_under_another_state(stage: Stage, sam: str) -> None:
    browser = a_browser(stage)
    back = real.signs_in_there(sent(browser), "sam")
    assert comes_back(browser, back).status_code == 200
    other = a_browser(stage)
    state = parse_qs(urlsplit(sent(other)).query)["state"][0]
    assert comes_back(other, with_query(back, state=state)).status_code == 401
    assert refusals(stage) == ["provider_code"]


def test_an_authorization_meant_for_another_nonce_opens_nothing(stage: Stage, sam: str) -> None:
    browser = a_browser(stage)
    back = real.signs_in_there(with_query(sent(browser), nonce="swapped"), "sam")
    assert comes_back(browser, back).status_code == 401
    assert refusals(stage) == ["provider_nonce"]


def test_a_key_that_the_provider_changes_is_taken_at_once(stage: Stage, sam: str, address: str) -> None:
    assert signs_in(a_browser(stage)).status_code == 200
    real.rotates(address)
    assert signs_in(a_browser(stage)).status_code == 200


def test_two_sign_ins_at_once_in_one_browser_both_come_back(stage: Stage, sam: str) -> None:
    browser = a_browser(stage)
    first, second = sent(browser), sent(browser)
    with ThreadPoolExecutor() as both:
        backs = list(both.map(lambda to: real.signs_in_there(to, "sam"), (first, second)))
    assert [comes_back(browser, back).status_code for back in backs] == [200, 200]
    assert [what for who, what, _ in whats(stage) if who == sam].count("bound_by_provider") == 1


def test_whoever_breaks_off_there_is_told_so(stage: Stage, sam: str) -> None:
    browser = a_browser(stage)
    state = parse_qs(urlsplit(sent(browser)).query)["state"][0]
    answer = comes_back(browser, f"/sign-in/provider/back?error=access_denied&state={state}")
    assert (answer.status_code, "broken off there" in answer.text) == (401, True)


def test_a_provider_that_is_down_leaves_the_other_ways(stage: Stage, owner: Enrolled) -> None:
    stage.provider = OpenIdProvider("http://127.0.0.1:9", "the-desk", "", "Our provider")
    browser = a_browser(stage)
    answer = browser.get("/sign-in/provider")
    assert answer.status_code == 503
    assert "Our provider can&#39;t be reached" in answer.text
    assert by_codes(browser, stage, owner).status_code == 200
    assert is_in(browser)


def test_where_the_provider_is_required_owners_alone_come_in_without_it(
    stage: Stage, owner: Enrolled, sam: str, address: str
) -> None:
    ben = invited(stage, owner, "Ben Late", "desk")
    link = link_in(owner.post("/people/invite", name="Ann Soon", role=["desk"]))
    stage.provider = real.provider_at(address, required=True)
    refused = [by_codes(a_browser(stage), stage, ben), a_browser(stage).post(link)]
    assert [answer.status_code for answer in refused] == [403, 403]
    assert all("Here you sign in by Our provider" in answer.text for answer in refused)
    assert by_codes(a_browser(stage), stage, owner).status_code == 200
    assert signs_in(a_browser(stage)).status_code == 200
    assert refusals(stage) == ["provider_required"] * 2


def test_only_what_was_proven_at_the_provider_just_now_lets_somebody_change_who_comes_in(
    stage: Stage, owner: Enrolled, address: str
) -> None:
    rosa = account_of(stage, "Rosa Ferro").id
    owner.browser.post(f"/people/{rosa}/email", data={"csrf": owner.csrf, "email": SAM})
    real.lies(address, "long_ago")
    browser = a_browser(stage)
    assert signs_in(browser).status_code == 200
    assert "within ten minutes of signing in" in browser.get("/me").text
    real.lies(address, "")
    assert signs_in(browser := a_browser(stage)).status_code == 200
    assert "within ten minutes of signing in" not in browser.get("/me").text


def test_leaving_the_desk_leads_on_to_leaving_the_provider(stage: Stage, sam: str, address: str) -> None:
    browser = a_browser(stage)
    signs_in(browser)
    answer = browser.post("/leave", data={"csrf": token_in(browser.get("/me").text)})
    assert f'content="0; url={address}/session/end?id_token_hint=' in answer.text
    assert not is_in(browser)


def test_an_owner_ends_a_session_that_the_provider_vouched_for_and_a_new_email_unbinds(
    stage: Stage, owner: Enrolled, sam: str
) -> None:
    browser, again = a_browser(stage), a_browser(stage)
    signs_in(browser)
    owner.post(f"/people/{sam}/sign-out")
    assert not is_in(browser)
    signs_in(again)
    owner.post(f"/people/{sam}/email", email="another@practice.example")
    assert not is_in(again)
    assert signs_in(a_browser(stage)).status_code == 401
    owner.post(f"/people/{sam}/email", email=SAM)
    assert signs_in(a_browser(stage)).status_code == 200
    owner.post(f"/people/{sam}/revoke")
    assert signs_in(a_browser(stage)).status_code == 401


def test_an_email_is_one_and_nobody_elses(stage: Stage, owner: Enrolled, sam: str) -> None:
    rosa = account_of(stage, "Rosa Ferro").id
    assert "no email address" in owner.post(f"/people/{rosa}/email", email="not one")
    assert "Somebody else here is expected" in owner.post(f"/people/{rosa}/email", email=SAM)
