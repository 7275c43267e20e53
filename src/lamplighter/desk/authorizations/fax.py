"""A request on one page, ready for the fax: what the payer asks for, and the notice where the practice is under
Part 2. Of tracked work only the page that goes before what somebody sends, with the notice."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

import phonenumbers
from anyascii import anyascii

from lamplighter.desk.authorizations import drafting
from lamplighter.desk.authorizations.model import Authorization
from lamplighter.desk.ports import Person, Transaction
from lamplighter.practice.calendar import local_date
from lamplighter.practice.model import Practice

if TYPE_CHECKING:
    from fpdf import FPDF

STATEMENT: Final = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""Statement 2 of 42 CFR 2.32(a)."""

MARGIN, LINE, NAMES = 18, 6.5, 55  # millimetres


def fax(tx: Transaction, practice: Practice, person: Person, found: Authorization, now: datetime) -> bytes:
    from fpdf import FPDF  # half a second that only whoever prints waits for

    page = FPDF(format="letter")
    page.set_lang("en-US")
    page.set_margin(MARGIN)
    page.set_title("Request for prior authorization")
    page.add_page()
    page.set_font("Helvetica", "B", 15)
    page.multi_cell(0, 8, "Request for prior authorization", new_x="LMARGIN", new_y="NEXT")
    rules = drafting.rules_of(practice, found)
    payer = next((each.name for each in practice.insurers if each.id == found.request.insurer), "")
    day = local_date(practice, now).isoformat()
    speed = "Expedited" if found.expedited else "Standard"
    head = [
        ("To", payer),
        ("Fax", _phone(rules.fax)),
        ("From", f"{practice.name}, {_phone(practice.phone)}"),
        ("Day", day),
    ]
    if found.request.is_tracked:
        rows = [*head, ("Patient", f"{person.first_name} {person.last_name}")]
    else:
        rows = [*head, ("Review", speed), *_asked(tx, practice, person, found)]
    for name, value in rows:
        _row(page, name, value)
    if practice.eligibility.part_2:
        page.ln(LINE)
        page.set_font("Helvetica", "B", 10)
        page.multi_cell(0, 5, _text(f"{STATEMENT} {_consent(tx, person)}"), new_x="LMARGIN", new_y="NEXT")
    page.ln(LINE)
    page.set_font("Helvetica", "", 9)
    sealed = (
        "Confidential: for the plan named above alone. Whoever gets this by mistake, please call the sender."
    )
    page.multi_cell(0, 5, sealed, new_x="LMARGIN", new_y="NEXT")
    return bytes(page.output())


def _asked(
    tx: Transaction, practice: Practice, person: Person, found: Authorization
) -> list[tuple[str, str]]:
    codes = found.codes
    assert codes is not None
    said = [(each.name, each.value) for each in drafting.pieces(tx, practice, person, found)]
    kept = [(name, "attached" if value == "at hand" else value) for name, value in said]
    released = found.released
    trace = released.value("trace")[:12].upper() if released else ""
    return [*kept, ("Our reference", trace)]


def _consent(tx: Transaction, person: Person) -> str:
    """The scope of the consent, as 42 CFR 2.32(b) wants it told."""
    said = tx.consents.latest(person.id, "plan_part_2", "any")
    if said is None or not said.given:
        return ""
    return (
        f"Disclosed with the patient's written consent of {said.at.date().isoformat()}: to their plan, so that it can "
        "decide about authorizing care."
    )


def _row(page: "FPDF", name: str, value: str) -> None:
    if not value:
        return
    page.set_font("Helvetica", "B", 11)
    page.cell(NAMES, LINE, _text(name))
    page.set_font("Helvetica", "", 11)
    page.multi_cell(0, LINE, _text(value), new_x="LMARGIN", new_y="NEXT")


def _phone(number: str) -> str:
    if not number:
        return ""
    return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL)


def _text(written: str) -> str:
    """Letters that the page's typeface lacks are written as they sound."""
    return "".join(each if each.encode("latin-1", "ignore") else anyascii(each) for each in written)
