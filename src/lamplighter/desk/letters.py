"""What an email of ours says: a subject, what it is about, how to answer, how to reach a person, how to get no more.

Each is a phrase of its own. A letter is the subject, and behind an empty line its paragraphs, parted by empty lines.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from lamplighter.conversation import events as e
from lamplighter.conversation.phrasebook import Phrasebook, PhraseError
from lamplighter.conversation.state import State
from lamplighter.desk import texting
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Message, Transaction
from lamplighter.practice.model import Practice

SUBJECT, BODY = ".subject", ".body"
CLOSING: Final = ("email.how", "email.person", "email.leave")
"""What stands below everything that we write of ourselves."""

SAYS_HOW: Final = ("email.missed", "email.opening", "email.called_off.video", "email.called_off.cover")
"""What says itself how it is answered."""

ONLY_A_PERSON: Final = ("email.code",)
"""What they just asked for themselves, and is not answered: there is no list to leave."""

GREETINGS: Final = ("greeting.email.open", "greeting.email.closed")
SAID_BY_NOTICE: Final = frozenset(
    {
        *GREETINGS,
        "email.opening.yours",
        "email.opening.held",
        "email.called_off.by_video",
        "email.called_off.with_colleague",
        "moved.plain",
        "cancelled.plain",
        "anything_else",
    }
)
"""What the letter about the visit says as well: whoever gets that needs no second one."""

MOST_ANSWERS: Final = 30
"""Letters of ours in one contact, after which whoever writes is taken for a machine that does not say so: it is heard,
and only staff answer. In danger it may be a person all the same, and is answered as often again."""


def sender(practice: Practice) -> str:
    """As a mailbox is written. Raises PhraseError where the practice has none."""
    if practice.email is None:
        raise PhraseError("the practice has no mailbox")
    return f'"{practice.sender_name}" <{practice.email}>'


def letter(book: Phrasebook, practice: Practice, message: Message) -> str:
    """Raises PhraseError where the practice has not signed the words."""
    locale, phrase = signed_form(book, practice, message, BODY)
    closing = CLOSING[1:2] if phrase in ONLY_A_PERSON else CLOSING[phrase.startswith(SAYS_HOW) :]
    greeting = dict(message.args).get("greeting")
    if greeting is not None and book.has(locale, greeting):
        closing = tuple(greeting if part == CLOSING[1] else part for part in closing)
    parts = (phrase + SUBJECT, phrase + BODY, *closing)
    return "\n\n".join(_said(book, locale, part, message) for part in parts)


def gist(book: Phrasebook, practice: Practice, message: Message) -> str:
    """What it is about, without what stands below every letter. Raises PhraseError."""
    locale, phrase = signed_form(book, practice, message, BODY)
    return _said(book, locale, phrase + BODY, message)


def answer(state: State, added: Sequence[e.Event], now: datetime) -> Message | None:
    """What of these events is for the person's mailbox, as one letter that answers theirs; its words are read from the
    log when it goes. None where nothing is. Where somebody at home may read it, only what answers words that just came,
    and what staff write."""
    said = [event.seq for event in added if isinstance(event.body, e.Said | e.StaffSaid)]
    if state.channel != "email" or state.address is None or not said:
        return None
    if state.quiet and not any(isinstance(event.body, e.Heard | e.StaffSaid) for event in added):
        return None
    args = [("after", str(said[0] - 1)), ("upto", str(said[-1]))]
    return Message(
        id=stable_id(texting.PHRASE, state.contact, str(said[0])),
        channel="email",
        to=state.address,
        phrase=texting.PHRASE,
        args=tuple(args + ([("answers", state.mail)] if state.mail else [])),
        locale=state.locale,
        at=now,
        person=state.person,
        contact=state.contact,
    )


def in_thread(state: State, address: str) -> dict[str, str]:
    """What makes a letter about a visit the answer to the email that led to it: which it answers, and the greeting that
    the first answer of a thread has."""
    if state.channel != "email" or state.mail is None or address.lower() != state.address:
        return {}
    greeting = next((each for each in GREETINGS if each in state.phrases_said), None)
    first = {"greeting": greeting} if greeting is not None and state.turns == 1 else {}
    return {"answers": state.mail, **first}


def says_all(tx: Transaction, state: State, answer: Message, added: Sequence[e.Event]) -> bool:
    """Whether a letter about the visit, stored in this very turn, says what this answer would."""
    said = {event.body.phrase for event in added if isinstance(event.body, e.Said)}
    if not said <= SAID_BY_NOTICE or any(isinstance(event.body, e.StaffSaid) for event in added):
        return False
    greets = not said.isdisjoint(GREETINGS)
    for notice in tx.outbox.of_contact(state.contact):
        given = dict(notice.args)
        if notice.at == answer.at and notice.visit is not None and given.get("answers") == state.mail:
            return notice.status == "queued" and (not greets or "greeting" in given)
    return False


def never_stops(tx: Transaction, state: State, answer: Message, added: Sequence[e.Event]) -> bool:
    """Whether this answer would be one too many."""
    if any(isinstance(event.body, e.StaffSaid) for event in added):
        return False
    most = MOST_ANSWERS * (2 if state.verdict == "crisis" else 1)
    return len(tx.outbox.of_contact(answer.contact or "")) >= most


def in_answer(book: Phrasebook, practice: Practice, message: Message, words: str) -> str:
    """`words`: a sentence a line. Raises PhraseError where nothing of it is to be said any more."""
    if not words:
        raise PhraseError("nothing is left to be said")
    subject = book.render(message.locale, "email.answer.subject", {"sender": practice.sender_name})
    return "\n\n".join((subject, *words.splitlines()))


def signed_form(book: Phrasebook, practice: Practice, message: Message, ending: str = "") -> tuple[str, str]:
    """Locale and phrase: its own; where a practice signed neither, the plainer one whose name it begins with, and its
    first language. A reminder that can't be said in somebody's own words is still one. `ending`: of the phrase that is
    looked for."""
    plainer = message.phrase.rpartition(".")[0]
    forms = [
        (locale, phrase)
        for locale in (message.locale, practice.languages_signed[0])
        for phrase in (message.phrase, plainer)
    ]
    return next((form for form in forms if book.has(form[0], form[1] + ending)), forms[0])


def _said(book: Phrasebook, locale: str, phrase: str, message: Message) -> str:
    args = dict(message.args)
    named = book.phrase(locale, phrase).arguments
    return book.render(locale, phrase, {name: args[name] for name in named if name in args})
