"""A practice's folder under review: what stands there beside what was signed, approving a section, signing it all."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lamplighter.desk.ports import Clock
from lamplighter.practice.approvals import Approval, ApprovalWrong, approve, of_these
from lamplighter.practice.load import read_folder
from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.protocol import Protocol, ProtocolUnreadable, Signature, sign
from lamplighter.practice.review import review
from lamplighter.practice.sections import OWNER, cut
from lamplighter.practice.standing import NotSignable, Rehearsed, Scene, Stale, Standing
from lamplighter.rehearsal.safety.report import SafetyReport
from lamplighter.wiring.doctor import examine_today
from lamplighter.wiring.lines import protocol_of
from lamplighter.wiring.signed_folder import (
    SIGNED,
    approvals_in,
    keep_approval,
    keep_in,
    look_through,
    unreadable,
)
from lamplighter.wiring.signers import Trusted

Passed = Callable[[Path, str], bytes | None]
Counted = Callable[[Approval], bool]


def everybodys(_: Approval) -> bool:
    """Where nobody can say who works at the practice."""
    return True


def passed_rehearsal(folder: Path, protocol_hash: str) -> bytes | None:
    """The report, if the safety rehearsal has passed on this very protocol, in this version of the product."""
    from lamplighter.wiring.safety_review import passing  # with it comes a stage that a server never needs

    return passing(folder, protocol_hash)


class FolderReview:
    """`kept` is the folder of what was signed, within the practice's own unless it is given. `drafts`: languages that
    the practice doesn't sign are part of it too, as in the demonstration. `trusted`: whose signatures count; without
    it anybody's, which is for reading on a machine that answers nobody."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        *,
        kept: Path | None = None,
        drafts: bool = False,
        passed: Passed = passed_rehearsal,
        trusted: Trusted | None = None,
    ) -> None:
        self.folder, self.kept = folder, kept or folder / SIGNED
        self._clock, self._drafts, self._passed, self._trusted = clock, drafts, passed, trusted

    def look(self, counted: Counted = everybodys) -> Standing:
        """Everything as it stands at this moment. `counted`: which of the approvals that no signature covers yet."""
        problems = examine_today(self.folder, self._clock.now(), self.kept)
        try:
            looked = look_through(self.kept, self._trusted, self._clock.now())
            signed = looked.last
            problems.extend(looked.passed_over)
        except ProtocolUnreadable as wrong:
            signed = None
            problems.append(unreadable(wrong))
        protocol = self._draft()
        if protocol is None:
            return Standing("", (), tuple(problems), signed[1] if signed else None, passed=False)
        sections = review(protocol.files, signed, filter(counted, approvals_in(self.kept)))
        return Standing(
            protocol.hash,
            sections,
            tuple(problems),
            signed[1] if signed else None,
            self._passed(self.folder, protocol.hash) is not None,
            _rehearsal(self.folder, protocol.hash),
        )

    def _draft(self) -> Protocol | None:
        try:
            return protocol_of(folder_files(self.folder), drafts=self._drafts)
        except PracticeProblems:
            return None

    def approve(
        self, section: str, digest: str, name: str, role: str, *, note: str = "", reads: bool = False
    ) -> Approval:
        """Keeps that somebody approved the section whose content has this digest. Raises ApprovalWrong,
        NotKept or Stale."""
        protocol = self._draft()
        found = next((each for each in cut(protocol.files) if each.id == section), None) if protocol else None
        if found is None:
            raise ApprovalWrong(f'there is no section "{section}" that could be approved')
        if found.digest != digest:
            raise Stale
        approval = approve(found, name, role, self._clock.now(), note=note, reads=reads)
        keep_approval(self.kept, approval)
        return approval

    def sign(
        self,
        protocol_hash: str,
        name: str,
        role: str,
        key: Ed25519PrivateKey,
        counted: Counted = everybodys,
    ) -> Signature:
        """Signs what stands there, which has to be the version of this hash. Raises NotSignable, NotKept
        or Stale."""
        standing, now = self.look(counted), self._clock.now()
        if role != OWNER:
            raise NotSignable("an owner signs for the practice, on the approvals of everybody else")
        if lacking := lacks(standing, self.folder):
            raise NotSignable("\n".join(["this can't be signed yet:", *(f"  - {each}" for each in lacking)]))
        last = look_through(self.kept, self._trusted).last
        if last is not None and now <= last[1].at:
            raise NotSignable(
                "this machine's clock stands before the last signature, so that this one would not be the last: put "
                "the clock right, or take away a signature that is dated in the future, and sign again"
            )
        protocol = self._draft()
        report = self._passed(self.folder, protocol_hash)
        if protocol is None or report is None or not protocol.hash == protocol_hash == standing.hash:
            raise Stale
        given = (approval for each in standing.sections for approval in each.approvals)
        approvals = of_these(cut(protocol.files), given)
        named, digest = " ".join(name.split()), hashlib.sha256(report).hexdigest()
        signature = sign(protocol, key, named, now, approvals, role=role, report=digest)
        keep_in(self.kept, protocol, signature, report)
        return signature


def lacks(standing: Standing, folder: Path) -> list[str]:
    """What is missing before somebody may sign, each with what to do about it."""
    found = []
    if count := len(standing.stopping):
        found.append(
            f"{count} thing{'s stop' if count > 1 else ' stops'} this practice from going live: "
            f"'lamplighter doctor {folder}' names file, line and remedy"
        )
    if standing.unapproved:
        named = "; ".join(
            f"{each.section.title} (by {_a(each.section.approved_by)})" for each in standing.unapproved
        )
        found.append(f"not approved: {named}. 'lamplighter review {folder}' walks through them")
    if standing.hash and not standing.passed:
        found.append(
            "the safety rehearsal has not passed on exactly this version: "
            f"'lamplighter review {folder} --rehearse' plays it"
        )
    return found


def folder_files(folder: Path) -> dict[str, bytes]:
    """Raises PracticeProblems."""
    files, unread = read_folder(folder)
    if unread:
        raise PracticeProblems(unread)
    return dict(files)


def _a(role: str) -> str:
    return f"{'an' if role == OWNER else 'a'} {role}"


def _rehearsal(folder: Path, protocol_hash: str) -> Rehearsed | None:
    from lamplighter.wiring.safety_review import load

    report = load(folder, protocol_hash)
    return None if report is None else _rehearsed(report)


def _rehearsed(report: SafetyReport) -> Rehearsed:
    scenes = tuple(
        Scene(
            each.id,
            each.what,
            tuple((broken.promise, broken.what, broken.remedy) for broken in each.broken),
            tuple((line.who, line.said) for line in each.transcript),
        )
        for each in report.results
    )
    return Rehearsed(report.at, report.passed, scenes)
