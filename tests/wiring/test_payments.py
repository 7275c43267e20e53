"""Which practice may send people to its payment company, and the door at which that says what was paid."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime

from pydantic import SecretStr
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from lamplighter.connectors.payments.memory import MemoryPayments, OneCompany
from lamplighter.connectors.payments.standin import StripeStandIn
from lamplighter.practice.model import Party, Practice
from lamplighter.practice.sample import load_sample
from lamplighter.rehearsal.clock import SimulatedClock
from lamplighter.settings import PaymentAccount, Settings
from lamplighter.wiring.payments import DOOR, PaymentDoor, SetUpPayments, tell_of_payments
from tests.rules.test_billing import bills, calls, house

NOW = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
KEYED = Settings(payments={"demo": PaymentAccount(key=SecretStr("rk_test_no_key"))})
AGREED = Party("Stripe", "payments", ("the amount",), date(2026, 1, 1), False)


def told(practice: Practice, settings: Settings) -> list[str]:
    said: list[str] = []
    tell_of_payments([practice], settings, NOW.date(), said.append)
    return said


def test_nobody_is_sent_to_a_company_without_a_key_and_an_agreement_and_it_is_said_why() -> None:
    bare = load_sample()
    signed = replace(bare, parties=(AGREED,))
    keyless = Settings(payments={"demo": PaymentAccount()})
    elsewhere = Settings(payments={"demo": PaymentAccount(key=SecretStr("k"), api="https://pay.example")})
    for practice, settings, word in (
        (bare, KEYED, "agreement"),
        (signed, keyless, "key"),
        (signed, elsewhere, "stand-in"),
    ):
        companies = SetUpPayments(settings, {"demo": practice}, SimulatedClock(NOW))
        assert companies.of("demo") is None
        assert any(word in line for line in told(practice, settings))
    companies = SetUpPayments(KEYED, {"demo": signed}, SimulatedClock(NOW))
    assert companies.of("demo") is not None and companies.of("another") is None
    assert told(signed, KEYED) == []
    assert "rk_test" not in f"{companies!r}{companies.of('demo')!r}{KEYED!r}"


def test_what_is_signed_has_the_company_asked_and_what_is_not_changes_nothing() -> None:
    company, standin = MemoryPayments(), StripeStandIn("k")
    made = house(companies=OneCompany(company))
    calls(made, "I'd like to pay my balance").say("yes")
    made.pass_time(60)
    (page,) = company.pages
    standin.links["x"] = {"said": {}, "link": {"id": "plink_1", "metadata": {"lamplighter": page}}}
    account = PaymentAccount(signed_with=SecretStr(standin.secret))
    door = TestClient(PaymentDoor(PlainTextResponse("the pages"), {"demo": account}, made.desk.pay))
    body, signature = standin.tells("plink_1", int(time.time()))

    def posts(where: str = "demo", signed: str = signature, said: bytes = body) -> int:
        return door.post(f"{DOOR}{where}", content=said, headers={"stripe-signature": signed}).status_code

    assert (posts(signed="t=1,v1=no"), posts("another"), posts(said=b"x" * 300_000)) == (400, 404, 413)
    assert (door.get(f"{DOOR}demo").status_code, door.get("/").text) == (404, "the pages")
    assert posts() == 200
    made.pass_time(5)
    assert bills(made) == [], "it says so, and nobody has paid"
    company.paid.add(page)
    assert posts() == posts() == 200, "a redelivery is answered"
    made.pass_time(2 * 3600)
    assert [dict(task.details)["about"] for task in bills(made)] == ["paid_by_link"]
