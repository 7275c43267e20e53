"""Which of the approved wordings a reminder has: the practice's tone, and a link where there is one and it fits."""

from collections.abc import Iterator
from dataclasses import replace

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.room import fits
from lamplighter.desk import letters
from lamplighter.desk.links import LinkMaker
from lamplighter.desk.ports import Message, Transaction, Visit
from lamplighter.practice.model import Practice

LINKED = ".link"


def worded(
    tx: Transaction,
    practice: Practice,
    book: Phrasebook | None,
    links: LinkMaker | None,
    visit: Visit,
    message: Message,
) -> Message:
    """The message in the first wording that the practice has signed and that fits; as it is where it has signed none of
    them. A link is made only where it goes out."""
    if book is None:
        return message
    for phrase in _forms(practice, message.phrase):
        if not has_words(book, message.locale, phrase):
            continue
        if not phrase.endswith(LINKED):
            return replace(message, phrase=phrase)
        linked = _linked(tx, practice, book, links, visit, replace(message, phrase=phrase))
        if linked is not None:
            return linked
    return message


def has_words(book: Phrasebook, locale: str, phrase: str) -> bool:
    """Whether the practice has signed them. An email is a subject and what stands below it."""
    return book.has(locale, phrase + letters.BODY if phrase.startswith("email.") else phrase)


def _forms(practice: Practice, phrase: str) -> Iterator[str]:
    tone = practice.reminders.tone
    if tone != "plain":
        yield f"{phrase}.{tone}{LINKED}"
        yield f"{phrase}.{tone}"
    yield phrase + LINKED
    yield phrase


def _linked(
    tx: Transaction,
    practice: Practice,
    book: Phrasebook,
    links: LinkMaker | None,
    visit: Visit,
    message: Message,
) -> Message | None:
    url = links.url(tx, practice, message, visit) if links is not None else None
    if url is None:
        return None
    linked = replace(message, args=tuple(sorted({**dict(message.args), "link": url}.items())))
    if message.channel != "sms":
        return linked
    return linked if fits(book.render(message.locale, message.phrase, dict(linked.args))) else None
