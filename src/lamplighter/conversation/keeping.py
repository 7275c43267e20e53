"""What the conversation asks the desk to keep of how somebody wants to be reached. Requests of `actions.py`."""

from dataclasses import dataclass
from typing import Literal

from lamplighter.conversation.reached import Way


@dataclass(frozen=True, slots=True)
class KeepWay:
    """Reach them so from now on; `heard` is the seq of their words. `person`: whom this contact has identified, if
    anybody. `stops`: they want no more texts. `texts`: a text can be sent at all. `goes_on`: nothing else was said to
    what they said."""

    way: Way
    heard: int
    person: str | None = None
    stops: bool = False
    texts: bool = True
    goes_on: bool = False
    kind: Literal["keep_way"] = "keep_way"


@dataclass(frozen=True, slots=True)
class WayKept:
    """`kept` False: a person sees to it. `stopped`: nothing is texted to their number any more."""

    way: Way
    kept: bool
    goes_on: bool = False
    stopped: bool = False
    kind: Literal["way_kept"] = "way_kept"
