"""Where a call stands, as its line has read it in the log, and what is still to be said in it."""

from dataclasses import dataclass


@dataclass(slots=True)
class ToSay:
    text: str
    locale: str
    slow: bool
    epoch: int
    asks: tuple[str, ...] = ()


@dataclass(slots=True)
class Standing:
    """What the log has told so far."""

    seq: int = 0
    epoch: int = 0
    locale: str = "en"
    distress: bool = False
    ended: bool = False
    asks: tuple[str, ...] = ()
