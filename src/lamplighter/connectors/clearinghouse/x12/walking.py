"""The hierarchy of a transaction set: what HL segments begin, as a tree, whatever order or numbers they came in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .errors import Remark
from .tokens import Segment


@dataclass(slots=True)
class Loop:
    """One HL with what follows it until the next one. `level` is HL03: 20, 21, 22, 23, 19, EV, SS, PT."""

    id: str
    level: str
    number: int
    segments: list[Segment] = field(default_factory=list, repr=False)
    children: list["Loop"] = field(default_factory=list, repr=False)

    def walk(self) -> Iterator["Loop"]:
        """This one and everything below it, in the order of the file."""
        waiting = [self]
        while waiting:
            loop = waiting.pop()
            yield loop
            waiting.extend(reversed(loop.children))

    def all(self, tag: str) -> list[Segment]:
        return [segment for segment in self.segments if segment.tag == tag]

    def first(self, tag: str) -> Segment | None:
        return next((segment for segment in self.segments if segment.tag == tag), None)


def loops(segments: Sequence[Segment], remarks: list[Remark]) -> tuple[list[Segment], list[Loop]]:
    """What stands before the first HL, and the loops that have no parent.

    A parent that is not there, is itself, or comes later is noted, and the loop hangs under none.
    """
    before: list[Segment] = []
    roots: list[Loop] = []
    by_id: dict[str, Loop] = {}
    current: Loop | None = None
    for segment in segments:
        tag = segment.elements[0]
        if tag == "HL":
            current = Loop(segment.get(1), segment.get(3), segment.number)
            parent = segment.get(2)
            if parent in by_id:
                by_id[parent].children.append(current)
            else:
                if parent:
                    remarks.append(Remark(segment.number, "HL", "its parent is not there"))
                roots.append(current)
            by_id[current.id] = current
        elif current is not None and tag != "SE":
            current.segments.append(segment)
        elif tag not in ("ST", "SE"):
            before.append(segment)
    return before, roots


def walk(roots: Iterable[Loop]) -> Iterator[Loop]:
    """All loops, each after what it hangs under."""
    for root in roots:
        yield from root.walk()
