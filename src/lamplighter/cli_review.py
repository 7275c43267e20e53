"""`lamplighter review`: a protocol read section by section beside the last signed one, approved, and signed.

At a terminal it walks through what is left; without one it prints and never waits.
"""

import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer

from lamplighter.practice.approvals import Approval, ApprovalWrong
from lamplighter.practice.comparing import Compared, Row
from lamplighter.practice.problems import format_problem
from lamplighter.practice.protocol import public_key
from lamplighter.practice.review import Reviewed
from lamplighter.practice.sections import OWNER, READ
from lamplighter.practice.standing import NotSignable, Standing
from lamplighter.practice.to_read import as_text as as_read
from lamplighter.practice.to_read import to_read
from lamplighter.rehearsal.safety.report import as_text
from lamplighter.settings import Settings
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.review_command import tell_ledger, trust, trust_own
from lamplighter.wiring.reviewing import FolderReview, lacks
from lamplighter.wiring.safety_review import load, run_and_tell
from lamplighter.wiring.signing import key_in, new_key, sign_folder

WIDE: Final = 100
NUMBER: Final = 5
SIDE: Final = (WIDE - 3 - 2 * NUMBER) // 2
STATES: Final = {
    "new": "new",
    "changed": "changed",
    "unchanged": "unchanged",
    "gone": "no longer there",
}


class Usage(Exception):
    """The options don't go together; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed."""

    section: str | None = None
    sentences: bool = False
    approve: bool = False
    reads: bool = False
    sign: bool = False
    name: str | None = None
    role: str | None = None
    note: str = ""
    key: Path | None = None
    trust: str | None = None


def run(folder: Path, wanted: Wanted) -> None:
    """Raises Usage, NotSignable, ApprovalWrong, Stale, KeyFileWrong, NotTrusted."""
    review = FolderReview(folder, WallClock())
    if wanted.trust is not None:
        typer.echo(trust(folder, wanted.trust, Settings()))
    elif wanted.approve:
        _approve_one(review, wanted)
    elif wanted.section is not None:
        each = _section(review.look(), wanted.section)
        typer.echo(sentences(each) if wanted.sentences else side_by_side(each))
    elif wanted.sign or wanted.key is not None:
        _sign(review, wanted)
    else:
        standing = review.look()
        typer.echo(overview(standing, folder))
        if sys.stdin.isatty() and sys.stdout.isatty() and standing.unapproved:
            _Walk(review, wanted).through(standing.unapproved)


def make_key(file: Path) -> None:
    """Raises KeyFileWrong."""
    new_key(file)
    typer.echo(
        f"made {file}, which only you may read. Whoever holds it signs in your name: keep a copy safe."
    )
    typer.echo(f"Its public key, for the operator of the server: {public_key(key_in(file))}")


# -- what is printed ---------------------------------------------------------------------------------------------------


def overview(standing: Standing, folder: Path) -> str:
    """Every section with its state, and what is missing before somebody may sign."""
    lines = [_signed_line(standing), ""]
    lines += [line for each in standing.sections for line in _told(each, standing)]
    lines += ["", *(format_problem(each) for each in standing.stopping)]
    lacking = lacks(standing, folder)
    if standing.is_signed:
        lines.append("This is what was signed last; there is nothing to sign.")
    elif lacking:
        lines += ["Before somebody can sign:", *(f"  - {each}" for each in lacking)]
    else:
        lines.append(f"Ready to sign: lamplighter review {folder} --sign --name NAME --role owner --key FILE")
    return "\n".join(lines)


def _signed_line(standing: Standing) -> str:
    if standing.signed is None:
        return "Nobody has signed this practice: whoever reaches it hears one sentence and is put through to a person."
    signed = standing.signed
    return (
        f"Answering under version {signed.protocol_hash[:12]}, signed by {signed.name} on {_day(signed.at)}."
    )


def _told(each: Reviewed, standing: Standing) -> Iterator[str]:
    state = STATES[each.state]
    if each.state == "unchanged" and standing.signed is not None:
        state = f"unchanged since signed by {standing.signed.name} on {_day(standing.signed.at)}"
    yield f"{'ok  ' if each.approved else 'open'} {each.section.id:<14} {each.section.title}: {state}"
    for approval in each.approvals:
        yield f"{'':19} approved by {_whose(approval)}"
    if not each.approved:
        yield f"{'':19} takes the {each.section.approved_by}"


def _whose(approval: Approval) -> str:
    reads = ", who reads the language" if approval.reads else ""
    note = f': "{approval.note}"' if approval.note else ""
    return f"{approval.name} ({approval.role}{reads}) on {_day(approval.at)}{note}"


def _day(at: object) -> str:
    return f"{at:%Y-%m-%d}"


def sentences(each: Reviewed) -> str:
    """What callers hear, without the marks of the file; the file itself where it is no section of words."""
    reading = to_read(each.after)
    return as_read(reading) if reading else side_by_side(each)


def side_by_side(each: Reviewed) -> str:
    """The section, what was signed on the left and what stands there on the right; one column where one side is all."""
    parts = [f"{each.section.title} ({each.section.id}): {STATES[each.state]}", ""]
    for file in each.side_by_side():
        both = each.state == "changed" and not file.is_new and not file.is_gone
        parts.append(
            f"{file.name}{' (new)' if file.is_new else ' (no longer there)' if file.is_gone else ''}"
        )
        if both:
            parts.append(f"{'signed':^{NUMBER + SIDE}} | {'now':^{NUMBER + SIDE}}".rstrip())
        parts += _two(file) if both else _one(file)
        parts.append("")
    return "\n".join(parts)


def _two(file: Compared) -> Iterator[str]:
    for row in file.rows:
        if row.kind == "left_out":
            yield f"{f'... {row.left_out} lines that are the same ...':^{WIDE}}".rstrip()
            continue
        left, right = _pieces(row.was, SIDE), _pieces(row.now, SIDE)
        for place in range(max(len(left), len(right))):
            was = _cell(row.was_line, left, place)
            now = _cell(row.now_line, right, place)
            yield f"{_padded(was, NUMBER + SIDE)} {_mark(row)} {now}".rstrip()


def _one(file: Compared) -> Iterator[str]:
    for row in file.rows:
        number, text = (row.was_line, row.was) if file.is_gone else (row.now_line, row.now)
        pieces = _pieces(text, WIDE - NUMBER)
        for place in range(len(pieces)):
            yield _cell(number, pieces, place).rstrip()


def _mark(row: Row) -> str:
    if row.kind == "same":
        return "|"
    return "<" if not row.now_line else ">" if not row.was_line else "!"


def _cell(number: int, pieces: list[str], place: int) -> str:
    if place >= len(pieces) or not number:
        return ""
    return f"{number if place == 0 else '':>{NUMBER - 1}} {pieces[place]}"


def _pieces(text: str, width: int) -> list[str]:
    """The text in pieces that are so many columns wide; letters of Chinese or Japanese take two."""
    pieces, piece, wide = [], "", 0
    for letter in text.expandtabs(4):
        if wide + _columns(letter) > width:
            pieces.append(piece)
            piece, wide = "", 0
        piece += letter if letter.isprintable() else "?"
        wide += _columns(letter)
    return [*pieces, piece]


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _padded(text: str, width: int) -> str:
    return text + " " * (width - sum(map(_columns, text)))


# -- approving and signing ---------------------------------------------------------------------------------------------


def _section(standing: Standing, name: str) -> Reviewed:
    found = standing.section(name)
    if found is None:
        known = (
            ", ".join(each.section.id for each in standing.sections) or "none while the files have mistakes"
        )
        raise Usage(f'there is no section "{name}". There is: {known}')
    return found


def _approve_one(review: FolderReview, wanted: Wanted) -> None:
    missing = [
        option for option, given in (
            ("--section", wanted.section), ("--name", wanted.name), ("--role", wanted.role),
        ) if not given
    ]  # fmt: skip
    if missing or not (wanted.section and wanted.name and wanted.role):
        raise Usage(f"--approve needs {' and '.join(missing)}")
    each = _section(review.look(), wanted.section)
    review.approve(
        each.section.id, each.section.digest, wanted.name, wanted.role, note=wanted.note, reads=wanted.reads
    )
    typer.echo(_approved(each, wanted.name, wanted.role))
    typer.echo(tell_ledger(review.folder, Settings()))


def _approved(each: Reviewed, name: str, role: str) -> str:
    told = f"{each.section.title}: approved by {name} ({role})."
    if role == each.section.approved_by:
        return told
    return f"{told} It still takes the {each.section.approved_by}."


def _sign(review: FolderReview, wanted: Wanted) -> None:
    missing = [option for option, given in (("--name", wanted.name), ("--key", wanted.key)) if not given]
    if missing or not (wanted.name and wanted.key):
        raise Usage(f"signing needs {' and '.join(missing)}. 'lamplighter review --new-key FILE' makes a key")
    _rehearse_first(review)
    is_first = review.look().signed is None
    signature = sign_folder(review.folder, wanted.name, wanted.key, wanted.role or OWNER)
    settings = Settings()
    typer.echo(f"{wanted.name} signed version {signature.protocol_hash[:12]}.")
    begun = "" if is_first else "; who is in a contact goes on under the version before"
    typer.echo(
        f"A server that is running and goes by your key answers new contacts under it in seconds{begun}."
    )
    typer.echo(trust_own(review.folder, signature.key, settings))
    typer.echo(tell_ledger(review.folder, settings))


def _rehearse_first(review: FolderReview) -> None:
    """Whoever signs has the transcripts of this very version before them, where nothing else is missing."""
    standing = review.look()
    if not standing.hash or standing.stopping or standing.unapproved:
        return
    report = load(review.folder, standing.hash) if standing.passed else None
    if report is None:
        typer.echo("The safety rehearsal has not passed on this version yet. It is played first.")
        run_and_tell(review.folder, typer.echo, True)
    else:
        typer.echo(as_text(report, transcripts=True))


class _Walk:
    """Section by section at a terminal. What was approved before somebody stops is kept."""

    def __init__(self, review: FolderReview, wanted: Wanted) -> None:
        self._review, self._name, self._role = review, wanted.name or "", wanted.role or ""
        self._count = 0

    def through(self, sections: Iterable[Reviewed]) -> None:
        try:
            for each in sections:
                if not self._one(each):
                    break
        except typer.Abort:
            typer.echo()
        if self._count:
            typer.echo(tell_ledger(self._review.folder, Settings()))
        left = self._review.look()
        typer.echo("\n".join(["", *(f"  - {each}" for each in lacks(left, self._review.folder))]))

    def _one(self, each: Reviewed) -> bool:
        """False once somebody stops."""
        typer.echo(f"\n{each.section.title}: {STATES[each.state]}. Takes the {each.section.approved_by}.")
        while True:
            answer = typer.prompt(
                "y approve, r read the sentences, d show the difference, s leave it, q stop",
                default="r" if each.state == "new" else "d",
            )
            match answer.strip().lower()[:1]:
                case "y":
                    if self._approve(each):
                        return True
                case "r":
                    typer.echo(sentences(each))
                case "d":
                    typer.echo(side_by_side(each))
                case "s":
                    return True
                case "q":
                    return False

    def _approve(self, each: Reviewed) -> bool:
        self._name = typer.prompt("Your name", default=self._name or None)
        self._role = typer.prompt("In which role (owner or clinician)", default=each.section.approved_by)
        section = each.section
        reads = section.kind in READ and typer.confirm(f"Do you read {section.language_name}?")
        try:
            self._review.approve(section.id, section.digest, self._name, self._role, reads=reads)
        except ApprovalWrong as wrong:
            typer.echo(f"Not approved: {wrong}.")
            return False
        self._count += 1
        typer.echo(_approved(each, self._name, self._role))
        return True


__all__ = ["NotSignable", "Usage", "Wanted", "make_key", "overview", "run", "side_by_side"]
