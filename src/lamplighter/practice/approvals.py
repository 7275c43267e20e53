"""Who approved which section of a protocol, in which role. An approval is of one content, and of no other."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lamplighter.practice.sections import CLINICIAN, OWNER, READ, WORDS, Section, canonical

ROLES: Final = (OWNER, CLINICIAN)
"""The roles in which somebody may approve at all. An owner may approve everything; see `counts` for what that does."""
LONGEST_NOTE: Final = 500


class ApprovalWrong(Exception):
    """An approval can't be taken as it was given; the message says why."""


@dataclass(frozen=True, slots=True)
class Approval:
    """That a named person approved the section whose content has this digest. `reads`: they say that they read the
    language that it is written in."""

    section: str
    digest: str
    name: str
    role: str
    at: datetime
    note: str = ""
    reads: bool = False

    @property
    def id(self) -> str:
        return hashlib.sha256(canonical(self.statement())).hexdigest()[:16]

    def statement(self) -> dict[str, Any]:
        """What is signed and kept."""
        return {
            "section": self.section,
            "digest": self.digest,
            "approved_by": self.name,
            "role": self.role,
            "at": self.at.isoformat(),
            "note": self.note,
            "reads_the_language": self.reads,
        }


def approve(
    section: Section, name: str, role: str, at: datetime, *, note: str = "", reads: bool = False
) -> Approval:
    """Raises ApprovalWrong."""
    named, noted = " ".join(name.split()), " ".join(note.split())
    if not named or not named.isprintable():
        raise ApprovalWrong("a section is approved by a named person")
    if role not in ROLES:
        raise ApprovalWrong(f'"{role}" approves nothing: the roles are {" and ".join(ROLES)}')
    if at.tzinfo is None:
        raise ApprovalWrong("the time of approving has no zone")
    if section.kind in READ and not reads:
        raise ApprovalWrong(
            f"the words in {section.language_name} are approved by somebody who says that they read it"
        )
    if len(noted) > LONGEST_NOTE:
        raise ApprovalWrong(f"a note has {LONGEST_NOTE} characters at most")
    return Approval(section.id, section.digest, named, role, at, noted, reads and section.kind in READ)


def counts(approval: Approval, section: Section) -> bool:
    """Whether the section may be signed on it. What an owner says of a clinical section is kept beside a clinician's,
    and does not stand for it."""
    if (approval.section, approval.digest) != (section.id, section.digest) or not approval.name.strip():
        return False
    return approval.role == section.approved_by and (approval.reads or section.kind not in READ)


def unapproved(sections: Iterable[Section], approvals: Iterable[Approval]) -> tuple[Section, ...]:
    """The sections that nobody has approved as they are."""
    given = tuple(approvals)
    return tuple(each for each in sections if not any(counts(approval, each) for approval in given))


def languages(sections: Iterable[Section], approvals: Iterable[Approval]) -> frozenset[str]:
    """The languages whose words somebody who reads them has approved, exactly as they are."""
    given = tuple(approvals)
    words = (each for each in sections if each.kind == WORDS)
    return frozenset(each.language for each in words if any(counts(approval, each) for approval in given))


def of_these(sections: Iterable[Section], approvals: Iterable[Approval]) -> tuple[Approval, ...]:
    """The approvals that are of these very sections, each once, oldest first."""
    digests = {(each.id, each.digest) for each in sections}
    found = {each.id: each for each in approvals if (each.section, each.digest) in digests}
    return tuple(sorted(found.values(), key=lambda each: (each.at, each.section, each.id)))


def read_approval(body: Mapping[str, Any]) -> Approval:
    """From a statement. Raises KeyError, TypeError or ValueError."""
    words = [body[key] for key in ("section", "digest", "approved_by", "role", "note")]
    at, reads = datetime.fromisoformat(body["at"]), body["reads_the_language"]
    if at.tzinfo is None or not all(isinstance(word, str) for word in words) or not isinstance(reads, bool):
        raise ValueError("not an approval")
    section, digest, name, role, note = words
    return Approval(section, digest, name, role, at, note, reads)
