"""What a channel gets back for what came in: our words, ready to be sent or spoken."""

from collections.abc import Mapping
from dataclasses import dataclass

from lamplighter.conversation import events as e
from lamplighter.conversation.phrasebook import Phrasebook


@dataclass(frozen=True, slots=True)
class Utterance:
    """One phrase of ours, ready for a channel. `epoch`: drop it when the floor has changed hands since."""

    phrase: str
    text: str
    spoken: str
    locale: str
    asks: tuple[str, ...]
    confirms: tuple[str, ...]
    args: Mapping[str, str]
    slow: bool
    seq: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What follows from one thing that came in. `pending`: a slow answer is on its way.

    `fence` numbers the lease under which it was made, 0 for what needed none: `Contacts.current` drops what a worker
    says whose lease is another's by now.
    """

    contact: str
    said: tuple[Utterance, ...]
    ended: bool
    pending: bool
    fence: int = 0


def utterance(book: Phrasebook, event: e.Event, epoch: int) -> Utterance:
    """Renders a `Said`."""
    said = event.body
    assert isinstance(said, e.Said)
    return Utterance(
        said.phrase,
        book.render(said.locale, said.phrase, said.args),
        book.render(said.locale, said.phrase, said.args, spoken=True),
        said.locale,
        said.asks,
        said.confirms,
        dict(said.args),
        said.slow,
        event.seq,
        epoch,
    )
