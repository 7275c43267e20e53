"""Who is it: a new person's details, or a known person's identity. Rules 18 and 20 of the front desk."""

from collections.abc import Generator
from typing import Any, Literal

from lamplighter.conversation.actions import FindMade, FindPerson, PersonFound, Refused
from lamplighter.conversation.codes import CheckCode, CodeChecked, SendCode
from lamplighter.conversation.details import Detail, Subject, key
from lamplighter.conversation.facts import find_insurer, money
from lamplighter.conversation.flows.choosing import MINOR
from lamplighter.conversation.needs import (
    Ask,
    Commit,
    Confirm,
    Do,
    HandOver,
    Identify,
    IfSigned,
    Need,
    Say,
    args,
    keys,
)
from lamplighter.conversation.standing import Standing
from lamplighter.conversation.state import State
from lamplighter.conversation.view import View
from lamplighter.practice.model import Insurer, VisitKind

CODE_TRIES = 3
OWN_PLAN, TELLS_HOLDER, ASKS_OWN = "self", "ask.plan_check", "ask.plan_check.own"
HEARD_RIGHT = "confirm.identity"
BY_MAIL = ("ask.identity_code.either", "ask.identity_code.mail", "email.code.subject", "email.code.body")
_WHO = (Detail.FIRST_NAME, Detail.LAST_NAME, Detail.DATE_OF_BIRTH)
_ASKS_FOR_CODE = {"text": None, "email": "ask.identity_code.mail", "either": "ask.identity_code.either"}
_MAY_SPEAK_FOR_A_CHILD = ("parent", "guardian")


def caller_for_another(view: View) -> Generator[Need, Any, None]:
    """Whoever acts for a patient says who they are, once."""
    if view.for_somebody_else:
        yield Ask(soft=keys(Detail.CALLER_NAME, Detail.RELATIONSHIP))


def new_person(view: View) -> Generator[Need, Any, None]:
    """Name, birth date, and how to reach them. A minor alone goes to a person; a parent may ask for a child."""
    yield from caller_for_another(view)
    yield Ask(required=keys(Detail.FIRST_NAME, Detail.LAST_NAME, Detail.DATE_OF_BIRTH))
    yield from minors(view)
    yield Ask(required=keys(Detail.PHONE), soft=keys(Detail.STATE), optional=keys(Detail.EMAIL))


def minors(view: View) -> Generator[Need, Any, None]:
    age = view.age_on(view.now.date())
    if age is not None and age < MINOR and view.value(Detail.RELATIONSHIP) not in _MAY_SPEAK_FOR_A_CHILD:
        yield HandOver("handoff.minor")


def second_person(view: View) -> Generator[Need, Any, None]:
    """The other participant of a visit for two; refusable, never a condition."""
    yield Ask(optional=(key(Detail.FIRST_NAME, Subject.SECOND), key(Detail.LAST_NAME, Subject.SECOND)))


def costs_nothing(view: View, kind: VisitKind) -> bool:
    return not kind.fee.amount and not any(insurer.taken for insurer in view.practice.insurers)


def coverage(view: View, kind: VisitKind) -> Generator[Need, Any, None]:
    """Insurance or self-pay. Booking never waits on it, and where a visit costs nobody anything it is not asked."""
    if costs_nothing(view, kind):
        return
    if not view.truth(Detail.SELF_PAY):
        yield Ask(soft=keys(Detail.INSURANCE))
    named = view.value(Detail.INSURANCE)
    insurer = find_insurer(view.practice, named)
    if view.truth(Detail.SELF_PAY):
        yield Say("self_pay.fee", args(fee=money(kind.fee)))
    elif insurer is not None and insurer.taken:
        yield Ask(optional=keys(Detail.MEMBER_ID, Detail.SUBSCRIBER))
        yield from may_be_asked(view, insurer)
    elif insurer is not None:
        yield Say("insurance.not_taken", args(insurer=insurer.name, fee=money(kind.fee)))
    elif named is not None:
        yield Say("insurance.unknown", args(insurer=named))


def may_be_asked(view: View, insurer: Insurer) -> Generator[Need, Any, None]:
    """Rule 37: whoever is on somebody else's plan hears, before it is asked, that it may write to its holder, and says
    whether it may be asked; whoever is on their own says so where the law wants their yes first. Of whoever calls for
    somebody else it is the desk that asks."""
    asked = view.practice.eligibility.payer_of(insurer.id) is not None
    whose = view.value(Detail.SUBSCRIBER)
    if view.for_somebody_else or not asked or whose is None:
        return
    own = whose == OWN_PLAN
    if own and (not view.law.payer_consent_first or view.value(Detail.MEMBER_ID) is None):
        return
    phrase = ASKS_OWN if own else TELLS_HOLDER
    if (yield IfSigned((phrase,))):
        yield Ask(optional=keys(Detail.PLAN_CHECK), phrase=phrase)


def contact_wishes(view: View) -> Generator[Need, Any, None]:
    """How to reach them. What we send is a text, an email where the practice has a mailbox, or nothing: whoever wants
    neither hears that nothing follows."""
    yield Ask(soft=keys(Detail.CONTACT_CHANNEL, Detail.LEAVE_MESSAGE, Detail.REMINDER_CONSENT))
    if view.value(Detail.CONTACT_CHANNEL) == "email" and view.practice.email is not None:
        yield Ask(soft=keys(Detail.EMAIL))
        if view.value(Detail.EMAIL) is not None:
            return
    if view.texts and view.value(Detail.CONTACT_CHANNEL) not in (None, "sms"):
        yield Say("contact.spoken_only", if_signed=True)


def known_person(view: View) -> Generator[Need, Any, PersonFound | None]:
    """The identified patient, or None after the same words whether or not somebody was found."""
    yield from caller_for_another(view)
    if view.for_somebody_else and _keeps_back(view):
        yield from _not_identified(view)
        return None
    yield Ask(required=keys(Detail.FIRST_NAME, Detail.LAST_NAME, Detail.DATE_OF_BIRTH))
    if not view.for_somebody_else:
        yield from minors(view)
    yield from heard_right(view)
    made = view.state.made
    if made is not None and made.said == view.state.who():
        booked: PersonFound = yield Do(FindMade(made.person))
        if booked.person is not None:
            return booked
    born = view.born
    assert born is not None
    found: PersonFound = yield Do(
        FindPerson(view.value(Detail.FIRST_NAME) or "", view.value(Detail.LAST_NAME) or "", born)
    )
    allowed = found.person is not None and not found.by_person_only and _is_proxy(view.state, found)
    how: Literal["number_on_file", "code"] = "number_on_file"
    if not _from_number_on_file(view.state, found) and not _no_code_helps(view.state, found):
        how = "code"
        proven = yield from _code(view, found)
        allowed = allowed and proven
    if not allowed or found.person is None:
        yield from _not_identified(view)
        return None
    yield Identify(found.person, how, view.for_somebody_else)
    return found


def _keeps_back(view: View) -> bool:
    """They speak for somebody else and do not know or tell who that is: asking again gets no further."""
    return any(view.value(detail) is None and view.state.has_declined(detail) for detail in _WHO)


def heard_right(view: View) -> Generator[Need, Any, None]:
    """Name and birth date that were recognised in doubt are read back, letter by letter, before anybody is looked for:
    the same words whether or not somebody will be found."""
    if not any(key(detail) in view.state.unsure for detail in _WHO):
        return
    if not (yield IfSigned((HEARD_RIGHT,))):
        return
    who = {detail.value: view.value(detail) for detail in _WHO}
    letters = {f"{name}_spelled": who[name] for name in ("first_name", "last_name")}
    yield Confirm(HEARD_RIGHT, args(**who, **letters), keys(*_WHO), change=True)


def may_act(view: View, found: PersonFound | Standing) -> bool:
    return speaks_for(view.state, found)


def speaks_for(state: State, found: PersonFound | Standing) -> bool:
    """They speak from the number on file, theirs or that of whoever may act for the patient."""
    return _is_proxy(state, found) and _from_number_on_file(state, found)


def _is_proxy(state: State, found: PersonFound | Standing) -> bool:
    if not state.for_somebody_else:
        return True
    caller = _plain(state.value(Detail.CALLER_NAME))
    return any(caller and caller in (_plain(name), _plain(name).split(" ")[0]) for name, _ in found.proxies)


def _no_code_helps(state: State, found: PersonFound) -> bool:
    """They speak for somebody from that person's own number, where a code would go, and may not act for them."""
    return state.for_somebody_else and found.owns_address and not _is_proxy(state, found)


def _plain(name: str | None) -> str:
    return " ".join((name or "").casefold().split())


def _from_number_on_file(state: State, found: PersonFound | Standing) -> bool:
    if state.for_somebody_else:
        return state.address is not None and state.address in [phone for _, phone in found.proxies]
    return found.owns_address


def _code(view: View, found: PersonFound) -> Generator[Need, Any, bool]:
    """A code to the number or address on file, read back. Nothing is sent for nobody; the words and the wait are the
    same. None is promised to whoever has just said that they want no texts."""
    mail: bool = view.practice.email is not None and (yield IfSigned(BY_MAIL))
    by: Literal["text", "email", "either"] = "either" if view.texts and mail else "email" if mail else "text"
    if not (view.texts or mail) or view.state.stops:
        return False
    sent = yield Commit(SendCode(found.person, by=by))
    if isinstance(sent, Refused):
        yield Say("identity.too_many", if_signed=True)
        return False
    yield Ask(soft=keys(Detail.IDENTITY_CODE), phrase=_ASKS_FOR_CODE[by])
    code = view.value(Detail.IDENTITY_CODE)
    if code is None:
        return False
    checked: CodeChecked = yield Commit(CheckCode(found.person, code, view.state.code_failures))
    if checked.right:
        return True
    if view.state.code_failures >= CODE_TRIES:
        yield HandOver("handoff.identity")
    return False


def _not_identified(view: View) -> Generator[Need, Any, None]:
    """Whoever asks for a minor gets a person, on file or not: who may decide for them is nothing that we settle."""
    age = view.age_on(view.now.date())
    if view.for_somebody_else and age is not None and age < MINOR:
        yield HandOver("handoff.minor")
    yield Say("identity.failed")
    yield Ask(soft=keys(Detail.PERSON))
    if view.truth(Detail.PERSON):
        yield HandOver("handoff.human")
