"""The link to the page for a picture of an insurance card, and the words that it goes out in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.room import fits
from lamplighter.desk.links import LinkMaker
from lamplighter.desk.ports import Message, Transaction
from lamplighter.desk.reminder_words import LINKED, has_words
from lamplighter.practice.model import Practice, PracticeId


@dataclass(frozen=True, slots=True)
class CardLinks:
    """Makes the links and words the messages that they go out in."""

    books: Mapping[PracticeId, Phrasebook] = field(default_factory=dict)
    maker: LinkMaker | None = None

    def linked(self, tx: Transaction, practice: Practice, message: Message) -> Message | None:
        """With a link of its own; None where the practice has not signed the words, has no address for pages, or it
        does not fit."""
        book = self.books.get(practice.id)
        if book is None or self.maker is None or not has_words(book, message.locale, message.phrase):
            return None
        url = self.maker.card_url(tx, practice, message)
        if url is None:
            return None
        linked = replace(message, args=tuple(sorted({**dict(message.args), "link": url}.items())))
        if message.channel != "sms":
            return linked
        return linked if fits(book.render(message.locale, message.phrase, dict(linked.args))) else None

    def in_place_of(self, tx: Transaction, practice: Practice, message: Message) -> Message:
        """The same with a link beside what it asks for, where there is one."""
        return self.linked(tx, practice, replace(message, phrase=message.phrase + LINKED)) or message


NO_LINKS: Final = CardLinks()
