"""What a short answer comes to, for where the patterns heard nothing in it: "the one from which I write", "joya".

A small linear model over two views of the text, the shared encoder's vector and hashed runs of its letters. What it
may mean is bounded by what was asked; what it says of a name, a number or a day is always nothing.
"""

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np

from lamplighter.conversation.acts import Act, Affirm, Choose, Decline, Deny, Give, NoneOfThose
from lamplighter.conversation.details import Detail, Key, Subject
from lamplighter.conversation.understanding.encoder import Vector, embed
from lamplighter.conversation.understanding.letters import spelling
from lamplighter.conversation.understanding.modality import both_modalities
from lamplighter.conversation.understanding.naming import hesitates
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.wish import Wish

MOST_WORDS = 14
SURE = 0.55
"""Probability, among what the question leaves open, from which a meaning counts; chosen on held-out answers."""
SURE_TO_ACT = 0.75
"""For the yes before something is done."""

OTHER = "other"
_YES_NO = ("yes", "no", "enough")
_PLACES = {"first": 0, "second": 1, "third": 2, "last": -1}
_OPEN: dict[Detail, tuple[str, ...]] = {
    Detail.CONFIRM: ("yes", "no"),
    Detail.CONFIRM_DETAIL: ("yes", "no"),
    Detail.ANYTHING_ELSE: ("yes", "more", "no", "enough"),
    Detail.LEAVE_MESSAGE: _YES_NO,
    Detail.REMINDER_CONSENT: _YES_NO,
    Detail.WAITLIST: _YES_NO,
    Detail.PLAN_CHECK: _YES_NO,
    Detail.NEW_PATIENT: ("new", "before"),
    Detail.CLINICIAN: ("any", "unknown"),
    Detail.MODALITY: ("in_person", "telehealth", "any", "unknown"),
    Detail.CONTACT_CHANNEL: ("sms", "phone", "email", "any", "caller_id"),
    Detail.PHONE: ("caller_id",),
    Detail.EMAIL: ("unknown", "no"),
    Detail.MEMBER_ID: ("unknown", "no"),
    Detail.SUBSCRIBER: ("mine", "unknown"),
    Detail.INSURANCE: ("self_pay", "unknown"),
    Detail.AVAILABILITY: ("any",),
    Detail.CHOICE: (*_PLACES, "none_fit"),
    Detail.CALLBACK_TIME: ("any", "unknown"),
}


@dataclass(frozen=True, slots=True)
class _Model:
    labels: tuple[str, ...]
    of_vector: Vector = field(repr=False)
    of_runs: Vector = field(repr=False)
    bias: Vector = field(repr=False)


@cache
def _model() -> _Model:
    stored = np.load(BytesIO((files(__package__) / "short.npz").read_bytes()), allow_pickle=False)
    return _Model(
        tuple(stored["labels"].tolist()),
        stored["of_vector"].astype(np.float32),
        stored["of_runs"].astype(np.float32),
        stored["bias"],
    )


def likely(text: str) -> dict[str, float]:
    """How likely each meaning is of a short answer."""
    model = _model()
    odds = embed(text) @ model.of_vector + spelling(text) @ model.of_runs + model.bias
    chances = np.exp(odds - odds.max())
    return dict(zip(model.labels, (chances / chances.sum()).tolist(), strict=True))


def short_answer(said: Said, key: Key, listening: Listening) -> tuple[Act, ...]:
    """The acts that a short answer to the question for `key` comes to; () where it is not plain."""
    open_to = _OPEN.get(key.detail, ())
    if not open_to or not said.words or len(said.words) > MOST_WORDS:
        return ()
    if listening.lex.group("asides")["hold_on"].search(said.low) or all(map(hesitates, said.words)):
        return ()
    if any(char.isdigit() for char in said.text) and key.detail is not Detail.CHOICE:
        return ()
    if key.detail is Detail.MODALITY and both_modalities(said, listening.lex):
        return ()
    chances = likely(said.low)
    label = max(open_to, key=lambda each: chances[each])
    among = sum(chances[each] for each in {*open_to, OTHER})
    if chances[label] < among * (SURE_TO_ACT if key.detail is Detail.CONFIRM else SURE):
        return ()
    return _acts(label, key, listening)


def _acts(label: str, key: Key, listening: Listening) -> tuple[Act, ...]:
    detail, context = key.detail, listening.context
    if label in _PLACES:
        return _chosen(_PLACES[label], len(context.offered))
    match label:
        case "none_fit":
            return (NoneOfThose(),) if context.offered else ()
        case "yes" | "more" | "no" | "enough":
            return _yes_or_no(label in ("yes", "more"), key)
        case "caller_id":
            known = Key(Subject.PATIENT, Detail.PHONE) == key and context.caller_id
            return (Give(Detail.PHONE, context.caller_id or "", key.subject),) if known else ()
        case "any" if detail is Detail.AVAILABILITY:
            return (Give(detail, Wish().dumps(), key.subject),)
        case "any" | "unknown":
            return (Decline(detail, key.subject),)
        case "self_pay":
            return (Give(Detail.SELF_PAY, "true"),)
        case "mine":
            return (Give(Detail.SUBSCRIBER, "self", key.subject),)
        case "new" | "before":
            return (Give(Detail.NEW_PATIENT, "true" if label == "new" else "false"),)
    return (Give(detail, label, key.subject),)


def _yes_or_no(yes: bool, key: Key) -> tuple[Act, ...]:
    bare: Act = Affirm() if yes else Deny()
    if key.detail in (Detail.CONFIRM, Detail.CONFIRM_DETAIL, Detail.ANYTHING_ELSE):
        return (bare,)
    if key.detail in (Detail.EMAIL, Detail.MEMBER_ID):
        return (Decline(key.detail, key.subject),)
    return (bare, Give(key.detail, "true" if yes else "false", key.subject))


def _chosen(place: int, count: int) -> tuple[Act, ...]:
    index = count + place if place < 0 else place
    return (Choose(index),) if 0 <= index < count else ()
