"""The elements of a SOAP envelope by name. Nothing in it is expanded, fetched or followed: no DTD, no entities."""

from dataclasses import dataclass, field
from xml.parsers import expat

_DEEPEST = 64
_MOST = 10_000  # elements


@dataclass(slots=True)
class _Taking:
    """`found` is by local name, the first of each; `path` is where the parser stands."""

    found: dict[str, str] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    elements: int = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self.elements += 1
        self.path.append(name.rpartition(":")[2])
        self.words = []
        if len(self.path) > _DEEPEST or self.elements > _MOST:
            raise ValueError("more than an envelope holds")

    def end(self, _name: str) -> None:
        name = self.path.pop()
        if name == "Value" and self.path:
            name = f"{self.path[-1]}/{name}"
        self.found.setdefault(name, "".join(self.words).strip())
        self.words = []

    def said(self, text: str) -> None:
        self.words.append(text)


def _refuse(*_told: object) -> None:
    raise ValueError("an envelope has no DTD and no entities")


def fields(raw: bytes) -> dict[str, str]:
    """The text of each element by its name without a prefix (a `Value` with its parent's), the first of a name.

    Raises:
        ValueError: it is no XML, or holds what an envelope may not.
    """
    taking = _Taking()
    parser = expat.ParserCreate()
    parser.StartElementHandler = taking.start
    parser.EndElementHandler = taking.end
    parser.CharacterDataHandler = taking.said
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(raw.lstrip(b" \t\r\n"), True)
    except (expat.ExpatError, LookupError):
        raise ValueError("this is no XML") from None
    return taking.found
