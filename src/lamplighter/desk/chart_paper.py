"""One page on paper of what a plan answered, for whoever puts it into the chart by hand. The same note makes the same
bytes, so that a chart that keeps it can be compared with it."""

from collections.abc import Iterator
from datetime import UTC
from typing import Final

from anyascii import anyascii

from lamplighter.desk.plan_words import name_of, value
from lamplighter.desk.ports.chart import PlanNote, Relation

TITLE: Final = "What a health plan answered"
WHOSE: Final[dict[Relation | None, str]] = {
    "self": "their own",
    "spouse": "their spouse's",
    "child": "a parent's",
    "parent": "a child's",
    "other": "somebody else's",
    None: "nobody has said",
}
LEFT, LINE = 60, 8  # millimetres of US Letter


def paper(note: PlanNote, sender: str) -> bytes:
    """As PDF. `sender` is the practice. Letters that the page's typeface lacks are written as they sound."""
    from fpdf import FPDF, XPos, YPos  # half a second that only whoever prints waits for

    page = FPDF(format="letter")
    page.set_creation_date(note.as_of.astimezone(UTC))
    page.set_title(TITLE)
    page.set_lang("en-US")
    page.add_page()
    page.set_font("Helvetica", "B", 16)
    page.cell(0, 12, TITLE, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_font("Helvetica", "", 11)
    page.multi_cell(0, LINE, _plain(f"{sender}. {note.caution}"), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(LINE / 2)
    for name, said in lines(note):
        page.set_font("Helvetica", "B", 11)
        page.cell(LEFT, LINE, _plain(name))
        page.set_font("Helvetica", "", 11)
        page.multi_cell(0, LINE, _plain(said), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(LINE / 2)
    page.multi_cell(0, LINE, "What is not on this page the plan did not tell. That is not zero.")
    return bytes(page.output())


def lines(note: PlanNote) -> Iterator[tuple[str, str]]:
    """What stands on it, from top to bottom."""
    yield "Patient", f"{note.person.first_name} {note.person.last_name}"
    yield "Born", f"{note.person.born:%B %d, %Y}"
    yield "Insurer", note.payer.name
    yield "Member number", note.member_id
    yield "Plan in whose name", WHOSE[note.relation]
    yield "Asked", f"{note.as_of:%B %d, %Y, %H:%M}"
    for name, found in note.figures:
        yield name_of(name), value(name, found)


def _plain(words: str) -> str:
    return "".join(each if each.isascii() or _is_western(each) else anyascii(each) for each in words)


def _is_western(letter: str) -> bool:
    return letter.encode("latin-1", "ignore") != b""
