"""The protocol cut into sections that a person can read and approve, each named by a digest of its content.

Every file of a snapshot stands in exactly one. One that nobody thought of falls in "other", and is read like the rest.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from babel import Locale, UnknownLocaleError

OTHER: Final = "other"
WORDS: Final = "words"
CORE: Final = "core"
ANSWERS: Final = "answers"
PACKET: Final = "packet"
ROUTES: Final = "routes"
OWNER: Final = "owner"
CLINICIAN: Final = "clinician"
CUT: Final = 1
"""The version of this cut. Whoever changes which file stands in which section, or who approves it, raises it: what was
signed under a cut before is held against that one."""
READ: Final = frozenset({WORDS, CORE})
"""What is approved by somebody who says that they read the language that it is written in."""
CLINICAL: Final = frozenset({"ladder", ROUTES, *READ})
"""What is approved by a clinician: who is rung in a crisis, what is said in one, and where a hand-over goes."""

_TITLES: Final = {
    "ladder": "Ladder and rota",
    "practice": "The practice and its hours",
    "people": "People and kinds of visit",
    "money": "Money and insurance",
    ANSWERS: "Answers",
    PACKET: "Packet",
    WORDS: "Words",
    CORE: "The twelve safety sentences",
    ROUTES: "Where hand-overs go by what was said",
    "law": "Law",
    "parties": "Who else gets something, and their agreements",
    OTHER: "Other files",
}
_ORDER: Final = tuple(_TITLES)
_FILES: Final = {
    "ladder.yaml": "ladder",
    "practice.yaml": "practice",
    "reminders.yaml": "practice",
    "waitlist.yaml": "practice",
    "packet.yaml": "practice",
    "day_of_visit.yaml": "practice",
    "outage.yaml": "practice",
    "people.yaml": "people",
    "visits.yaml": "people",
    "referrals.yaml": "people",
    "money.yaml": "money",
    "insurance.yaml": "money",
    "eligibility.yaml": "money",
    "authorizations.yaml": "money",
    "billing.yaml": "money",
    "parties.yaml": "parties",
}
_OF_A_LANGUAGE: Final = {"phrasebook": WORDS, "core": CORE}


@dataclass(frozen=True, slots=True)
class Section:
    """`id` is "ladder", or for what there is per language "words/es"; `digest` is the SHA-256 of names and contents;
    `approved_by` the role that it takes to approve it."""

    id: str
    files: tuple[str, ...]
    digest: str
    approved_by: str

    @property
    def kind(self) -> str:
        return self.id.partition("/")[0]

    @property
    def language(self) -> str:
        """The language's tag; empty where the section belongs to none."""
        return self.id.partition("/")[2]

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def title(self) -> str:
        name = _TITLES.get(self.kind, self.kind)
        return f"{name} in {self.language_name}" if self.language else name

    def statement(self) -> dict[str, Any]:
        """What is signed."""
        return {
            "section": self.id,
            "files": list(self.files),
            "digest": self.digest,
            "approved_by": self.approved_by,
        }


def language_name(tag: str) -> str:
    """The language in English; its tag where there is no name for it."""
    try:
        return Locale.parse(tag, sep="-").get_display_name("en") or tag
    except (ValueError, UnknownLocaleError):
        return tag


def section_of(name: str) -> str:
    """The id of the one section that a file stands in."""
    if name in _FILES:
        return _FILES[name]
    folder, slash, rest = name.rpartition("/")
    for kind in (ANSWERS, PACKET, CORE):
        if not slash and name.startswith(f"{kind}.") and name.endswith(".yaml"):
            return f"{kind}/{name.removeprefix(f'{kind}.').removesuffix('.yaml')}"
    if folder in _OF_A_LANGUAGE and rest.endswith(".yaml"):
        return f"{_OF_A_LANGUAGE[folder]}/{rest.removesuffix('.yaml')}"
    return {"law": "law", "hand_over": ROUTES}.get(folder, OTHER)


def cut(files: Mapping[str, bytes]) -> tuple[Section, ...]:
    """The sections of a snapshot, in the order in which they are read."""
    within: dict[str, dict[str, bytes]] = {}
    for name, content in sorted(files.items()):
        within.setdefault(section_of(name), {})[name] = content
    return tuple(
        Section(found, tuple(within[found]), digest_of(found, within[found]), _approved_by(found))
        for found in _ordered(within)
    )


def covers(sections: Iterable[Section], version: int, files: Mapping[str, bytes]) -> bool:
    """Whether a cut that was signed is one of these files: each in one section, as it is. One of this version has to be
    what this version cuts."""
    given = tuple(sections)
    if version == CUT:
        return given == cut(files)
    named = sorted(name for each in given for name in each.files)
    return named == sorted(files) and all(
        each.approved_by in (OWNER, CLINICIAN)
        and each.digest == digest_of(each.id, {name: files[name] for name in each.files})
        for each in given
    )


def read_section(body: Mapping[str, Any]) -> Section:
    """From a statement. Raises KeyError, TypeError or ValueError."""
    files = tuple(body["files"])
    words = [body[key] for key in ("section", "digest", "approved_by")]
    if not all(isinstance(word, str) for word in (*words, *files)):
        raise ValueError("not a section")
    name, digest, approved_by = words
    return Section(name, files, digest, approved_by)


def _approved_by(section: str) -> str:
    return CLINICIAN if section.partition("/")[0] in CLINICAL else OWNER


def digest_of(section: str, files: Mapping[str, bytes]) -> str:
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return hashlib.sha256(canonical({"section": section, "files": digests})).hexdigest()


def canonical(value: Mapping[str, Any]) -> bytes:
    """No two different values have one canonical form."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _ordered(found: Iterable[str]) -> list[str]:
    return sorted(found, key=lambda name: (_ORDER.index(name.partition("/")[0]), name))
