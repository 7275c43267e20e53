"""What a text is to the readers of wishes: a row of days, times and the small words between them."""

from dataclasses import dataclass, replace

from lamplighter.conversation.understanding.when.dayset import Days
from lamplighter.conversation.understanding.when.times import Times

OTHERS = "others"  # the word of an item that stands for the days not named


@dataclass(frozen=True, slots=True)
class Item:
    """`kind`: "days", "times", "offer" (a name or way of meeting that tells offered times apart), a mark, or "other".
    `first` and `end` are indexes of lexemes."""

    kind: str
    first: int
    end: int
    days: Days | None = None
    times: Times | None = None
    refused: bool = False
    plural: bool = False  # "Mondays", "los lunes"; of a mark, "every", "any"
    word: str = ""  # of a mark

    @property
    def atom(self) -> bool:
        return self.kind in ("days", "times", "offer")


def refuse(item: Item) -> Item:
    return replace(item, refused=True)


def left_out(item: Item) -> Item:
    """The item as a word that means nothing."""
    return replace(item, kind="other", days=None, times=None, word="")
