"""Who is named: NM1 or N1 with the address, contacts and references that follow it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .elements import Elements
from .tokens import Segment


@dataclass(frozen=True, slots=True)
class Reference:
    qualifier: str
    value: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """A way to reach somebody: TE telephone, FX fax, EM email, UR an address on the web."""

    qualifier: str
    value: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    lines: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    postal_code: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Party:
    """A person or an organisation. `entity` (IL, PR, 1P...) and `id_qualifier` (MI, XX, PI...) are codes, verbatim."""

    entity: str
    is_person: bool
    last_name: str  # or the organisation's
    first_name: str = ""
    middle_name: str = ""
    suffix: str = ""
    id_qualifier: str = ""
    id: str = ""
    address: Address | None = None
    contacts: tuple[ContactPoint, ...] = ()
    references: tuple[Reference, ...] = ()
    date_of_birth: date | None = None
    gender: str = ""


PARTICULARS = ("N2", "N3", "N4", "PER", "REF", "DMG", "PRV")


def party(named: Segment, particulars: Iterable[Segment], elements: Elements) -> Party:
    """A party from its NM1 or N1 and the segments about it."""
    particulars = list(particulars)
    born = next((segment for segment in particulars if segment.tag == "DMG"), None)
    references = tuple(reference(segment) for segment in particulars if segment.tag == "REF")
    contacts = tuple(point for segment in particulars if segment.tag == "PER" for point in _contacts(segment))
    day = elements.day(born, 2) if born else None
    gender = born.get(3) if born else ""
    if named.tag == "N1":
        return Party(
            named.get(1), False, named.get(2), "", "", "", named.get(3), named.get(4), _address(particulars),
            contacts, references,
        )  # fmt: skip
    return Party(
        named.get(1), named.get(2) == "1", named.get(3), named.get(4), named.get(5), named.get(7), named.get(8),
        named.get(9), _address(particulars), contacts, references, day, gender,
    )  # fmt: skip


def reference(segment: Segment) -> Reference:
    return Reference(segment.get(1), segment.get(2), segment.get(3))


def parties(segments: Iterable[Segment], elements: Elements, tags: tuple[str, ...] = ("NM1",)) -> list[Party]:
    """Every party among some segments, each with the particulars that follow it until something else comes.

    In claim inquiries a birth date (DMG) stands before the name that it belongs to.
    """
    found: list[tuple[Segment, list[Segment]]] = []
    leading: list[Segment] = []
    following = False
    for segment in segments:
        if segment.tag in tags:
            found.append((segment, leading))
            leading, following = [], True
        elif segment.tag == "DMG" and not found:
            leading = [segment]
        elif following and segment.tag in PARTICULARS:
            found[-1][1].append(segment)
        else:
            following = False
    return [party(named, particulars, elements) for named, particulars in found]


def _address(particulars: Iterable[Segment]) -> Address | None:
    lines: list[str] = []
    place: Segment | None = None
    for segment in particulars:
        if segment.tag == "N3":
            lines += [text for text in (segment.get(1), segment.get(2)) if text]
        elif segment.tag == "N4":
            place = segment
    if not lines and place is None:
        return None
    return Address(tuple(lines), *(place.get(position) if place else "" for position in (1, 2, 3)))


def _contacts(segment: Segment) -> list[ContactPoint]:
    pairs = ((segment.get(position), segment.get(position + 1)) for position in (3, 5, 7))
    return [ContactPoint(qualifier, value, segment.get(2)) for qualifier, value in pairs if value]
