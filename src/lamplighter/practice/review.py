"""What there is to review before a practice signs: each section beside the last signed one, and what it lacks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from lamplighter.practice.approvals import Approval, counts, of_these
from lamplighter.practice.comparing import Compared, compare
from lamplighter.practice.protocol import Protocol, Signature
from lamplighter.practice.sections import Section, cut

State = Literal["new", "changed", "unchanged", "gone"]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A section as it stands. `approvals` are those of this very content, in any role; `approved` says whether it may
    be signed on them. One that is gone needs no approval: there is nothing left of it to sign."""

    section: Section
    state: State
    approvals: tuple[Approval, ...]
    approved: bool
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]

    def side_by_side(self) -> tuple[Compared, ...]:
        """Changes with a few lines around them; the whole of what has no signed version, or has not changed."""
        return compare(self.before, self.after, around=3 if self.state == "changed" else None)


def review(
    files: Mapping[str, bytes],
    signed: tuple[Protocol, Signature] | None,
    approvals: Iterable[Approval],
) -> tuple[Reviewed, ...]:
    """Every section of `files` beside that of the last signed protocol, and after them those that are gone."""
    before = {each.id: each for each in cut(signed[0].files)} if signed else {}
    signed_files = signed[0].files if signed else {}
    kept = signed[1].approvals if signed else ()
    given = of_these(cut(files), (*kept, *approvals))
    now = [_reviewed(each, before.get(each.id), given, signed_files, files) for each in cut(files)]
    ids = {each.section.id for each in now}
    gone = [
        Reviewed(each, "gone", (), True, _of(each, signed_files), {})
        for each in before.values()
        if each.id not in ids
    ]
    return (*now, *gone)


def _reviewed(
    section: Section,
    before: Section | None,
    given: Iterable[Approval],
    signed: Mapping[str, bytes],
    files: Mapping[str, bytes],
) -> Reviewed:
    own = tuple(each for each in given if each.section == section.id)
    state: State = "new" if before is None else "unchanged" if before.digest == section.digest else "changed"
    return Reviewed(
        section,
        state,
        own,
        any(counts(each, section) for each in own),
        _of(before, signed) if before else {},
        _of(section, files),
    )


def _of(section: Section, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    return {name: files[name] for name in section.files}
