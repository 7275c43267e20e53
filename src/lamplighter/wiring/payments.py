"""Payment companies, as the operator set them up: which practice may use one, and the door at which it says what was
paid."""

import importlib.util
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lamplighter import logs
from lamplighter.connectors.models.whereabouts import is_here
from lamplighter.connectors.payments.stripe_pages import NotSigned, StripePayments, paid_page
from lamplighter.desk.pay_links import PayLinks
from lamplighter.desk.ports import Clock
from lamplighter.desk.ports.payments import Payments
from lamplighter.practice.agreements import agreed_with
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.settings import PaymentAccount, Settings

log = logs.get(__name__)
DOOR: Final = "/hooks/payments/"
LONGEST_BODY: Final = 256_000  # bytes


class SetUpPayments:
    """PaymentCompanies. None for a practice whose last signed version names no agreement with whoever runs it."""

    def __init__(self, settings: Settings, in_force: Mapping[PracticeId, Practice], clock: Clock) -> None:
        self._settings, self._in_force, self._clock = settings, in_force, clock
        self._made = {
            name: StripePayments(key_of(settings, name), each.api) for name, each in settings.payments.items()
        }

    def __repr__(self) -> str:
        return f"<SetUpPayments for {len(self._made)} practices>"

    def of(self, practice: PracticeId) -> Payments | None:
        signed = self._in_force.get(practice)
        if signed is None or practice not in self._made:
            return None
        wrong = what_is_wrong(signed, self._settings, self._clock.now().date())
        return None if wrong else self._made[practice]


def key_of(settings: Settings, practice: PracticeId) -> str:
    key = settings.payments[practice].key or settings.payment_keys.get(practice)
    return key.get_secret_value() if key else ""


def what_is_wrong(practice: Practice, settings: Settings, day: date) -> list[str]:
    """Why nobody of this practice is sent to its payment company, each with what to do."""
    account = settings.payments[practice.id]
    found = []
    if importlib.util.find_spec("stripe") is None:
        found.append("its library is not installed: install the extra lamplighter[payments]")
    if not key_of(settings, practice.id):
        found.append("its key is missing: set LAMPLIGHTER_PAYMENT_KEYS in the environment")
    if account.api is not None and not is_here(account.api):
        found.append("`api` is for a stand-in on this machine: take it out")
    if account.api is None and not agreed_with(practice, account.party, day):
        found.append(f"no agreement with {account.party} is signed: write it to parties.yaml, and sign again")
    return found


def tell_of_payments(
    practices: Iterable[Practice], settings: Settings, day: date, say: Callable[[str], object]
) -> None:
    for practice in practices:
        if practice.id in settings.payments:
            for wrong in what_is_wrong(practice, settings, day):
                say(f"NO PAYMENT LINKS for {practice.id}: {wrong}")


class PaymentDoor:
    """ASGI: payment companies come in here, everybody else goes on. Nothing is read before its signature was found
    good, and what is said is not believed but asked for."""

    def __init__(self, app: ASGIApp, accounts: Mapping[PracticeId, PaymentAccount], links: PayLinks) -> None:
        self._app, self._links = app, links
        self._secrets = {
            name: each.signed_with.get_secret_value() for name, each in accounts.items() if each.signed_with
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(DOOR):
            return await self._app(scope, receive, send)
        answer = await self._answer(Request(scope, receive), scope["path"].removeprefix(DOOR))
        await answer(scope, receive, send)

    async def _answer(self, request: Request, practice: PracticeId) -> Response:
        secret = self._secrets.get(practice)
        if secret is None or request.method != "POST":
            return PlainTextResponse("not found", 404)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST_BODY:
                return PlainTextResponse("too long", 413)
        try:
            found = paid_page(body, request.headers.get("stripe-signature", ""), secret)
        except NotSigned:
            log.warning("payment_hook_not_signed", practice=practice)
            return PlainTextResponse("not signed", 400)
        if found is not None:
            self._links.told(practice, *found)
        return PlainTextResponse("thank you")
