"""Rule 32: after a booking the practice's papers come by a link, the notice of the assistant among them."""

import re

from lamplighter.practice import packet
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample
from tests.desk.packet.scene import booked

NOTICE = {
    "en": ("not a person", "not a clinician", "artificial intelligence", "a person", "(212) 555-0100", "911", "988"),
    "es": ("No es una persona", "profesional de la salud", "inteligencia artificial", "una persona",
           "(212) 555-0100", "911", "988"),
}  # fmt: skip
CLINICAL_FORM = re.compile(
    r"how often|over the last two weeks|symptom|diagnos|medication|why you (?:come|are coming)\?|what brings"
    r"|s[ií]ntoma|diagn[oó]stic|medicamento|por qué viene\?",
    re.IGNORECASE,
)


def test_rule_32_everything_that_a_first_visit_needs_is_in_the_packet_and_no_form_is() -> None:
    practice = load_sample()
    owed = [each.id for each in packet.for_visit(practice, "first_visit", Modality.TELEHEALTH)]
    assert {"policies", "telehealth", "fees", "ai_notice", "releases"} <= set(owed)
    for piece in practice.packet.pieces:
        for locale in practice.languages_signed:
            paper = packet.paper(practice, piece, locale)
            assert paper is not None and CLINICAL_FORM.search(paper.words) is None, (piece.id, locale)


def test_rule_32_the_link_goes_out_with_the_booking_and_what_is_missing_ends_at_a_person() -> None:
    owed = booked()
    assert [each.phrase for each in owed.messages()] == ["sms.packet"]
    owed.goes_to(owed.visit.slot.start)
    assert [each.phrase for each in owed.messages()] == ["sms.packet", "sms.packet.again"]
    assert {(task.kind, task.route) for task in owed.tasks()} == {("packet", "desk"), ("ai_notice", "desk")}


def test_aid_05_the_notice_says_what_it_is_what_it_does_and_keeps_and_how_to_reach_a_person() -> None:
    practice = load_sample()
    for locale, words in NOTICE.items():
        paper = packet.notice(practice, locale)
        assert paper is not None and paper.locale == locale and paper.asks == "read"
        said = " ".join(paper.words.split())
        assert all(each in said for each in words), locale
        assert sum(len(block.items) for block in paper.blocks) >= 4


def test_aid_05_nobody_has_a_first_visit_without_the_notice_acknowledged_or_a_person_told_to_hand_it_over() -> (
    None
):
    for acknowledged in (True, False):
        owed = booked()
        owed.opens()
        if acknowledged:
            owed.does("ai_notice")
        owed.goes_to(owed.visit.slot.start)
        stored = [dict(each.details)["piece"] for each in owed.facts("packet_done")]
        told = [task.kind for task in owed.tasks() if task.kind == "ai_notice"]
        assert (stored, told) == ((["ai_notice"], []) if acknowledged else ([], ["ai_notice"]))
