"""The papers that everybody who comes reads first: packet.yaml and packet.<language>.yaml, part of what is signed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.practice import packet, packet_doctor
from lamplighter.practice.files.packet import NOTICE, WORDS
from lamplighter.practice.files.practice import CLINICAL
from lamplighter.practice.load import load_files
from lamplighter.practice.model import Modality
from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.protocol import snapshot
from lamplighter.practice.sample import load_sample
from lamplighter.practice.values import Unreadable
from tests.practice.folder import SAMPLE, line, spoilt

EN = "packet.en.yaml"
ONE = b"pieces:\n  - {id: ai_notice, asks: read}\n"


def wrong(files: dict[str, bytes]) -> PracticeProblems:
    with pytest.raises(PracticeProblems) as found:
        load_files(files)
    return found.value


def test_rule_32_the_sample_has_the_papers_of_a_first_visit_in_both_of_its_languages() -> None:
    practice = load_sample()
    assert [piece.id for piece in practice.packet.pieces] == [
        "ai_notice", "policies", "fees", "telehealth", "releases", "messages",
    ]  # fmt: skip
    for piece in practice.packet.pieces:
        for locale in practice.languages_signed:
            paper = packet.paper(practice, piece, locale)
            assert paper is not None and paper.title and len(paper.words) > 200
            assert "{" not in paper.words and CLINICAL.search(paper.title) is None


def test_the_consent_to_video_is_for_visits_by_video_only() -> None:
    practice = load_sample()
    by_video, here = (
        [each.id for each in packet.for_visit(practice, "first_visit", modality)]
        for modality in (Modality.TELEHEALTH, Modality.IN_PERSON)
    )
    assert "telehealth" in by_video and "telehealth" not in here
    assert set(here) < set(by_video)


def test_what_is_in_braces_is_as_the_other_files_say() -> None:
    policies = next(each for each in load_sample().packet.pieces if each.id == "policies")
    for written, said in (("late_fee: $75", "$75"), ("late_fee: $82.50", "$82.50")):
        practice = load_files(
            {**SAMPLE, "money.yaml": SAMPLE["money.yaml"].replace(b"late_fee: $75", written.encode())}
        )
        paper = packet.paper(practice, policies, "en")
        assert paper is not None and f"a charge of {said}." in paper.words and "24 hours" in paper.words


def test_the_notice_is_found_in_the_language_that_is_asked_for_or_in_the_practices_first() -> None:
    practice = load_sample()
    found = [packet.notice(practice, locale) for locale in ("es", "en", "ko")]
    assert [each.locale for each in found if each] == ["es", "en", "en"]
    assert packet.notice(replace(practice, packet=replace(practice.packet, pieces=())), "en") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("asks: read\n", "asks: perhaps\n", "is not one of the choices here"),
        ("asks: read\n", "asks: optional\n", "is not for everybody"),
        ("modality: telehealth ", "modality: by_letter ", "is not one of the choices here"),
        ("id: policies", "id: fees", 'the id "fees" is taken'),
        ("    asks: agree\n", "    asks: agree\n    visit_kinds: [nap]\n", '"nap" is not a kind of visit'),
        (
            "    asks: agree\n",
            "    asks: agree\n    link: http://portal.example/p\n",
            "not the address of a page",
        ),
        (
            "    asks: agree\n",
            "    asks: agree\n    link: https://me@portal.example\n",
            "not the address of a page",
        ),
        ("    asks: agree\n", "    asks: agree\n    remind: 3\n", '"remind" is not known'),
        ("id: releases", "id: releeses", "the paper releeses has no words in en"),
    ],
)
def test_a_mistake_in_the_packet_is_named_with_its_line_and_remedy(old: str, new: str, said: str) -> None:
    problems = wrong(spoilt("packet.yaml", old, new)).problems
    found = [each for each in problems if said in each.message]
    assert found and all(each.remedy for each in found)
    assert any(each.line for each in problems if each.file == "packet.yaml") or "has no words" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("of {late_fee}.", "of {late_fees}.", '"{late_fees}" is filled in by nothing'),
        ("of {late_fee}.", "of {0.__class__}.", "is filled in by nothing"),
        ("of {late_fee}.", "of }.", "is filled in by nothing"),
        ("status: draft", "status: reviewed", "nobody is named who reviewed these words"),
        ("status: draft", "status: done", "is not one of the choices here"),
        ("  fees:\n", "  fares:\n", "fares is no paper of packet.yaml"),
        ("    title: What it costs\n", "", "title is missing"),
    ],
)
def test_a_mistake_in_the_words_is_named_with_its_line(old: str, new: str, said: str) -> None:
    [found, *_] = [each for each in wrong(spoilt(EN, old, new)).problems if said in each.message]
    assert found.file == EN and found.line and found.remedy
    if "late_fee" in old:
        assert found.line == line(EN, "words: |\n      - You can change")


def test_a_paper_may_stand_on_the_practices_own_portal_and_then_needs_a_title_only() -> None:
    files = spoilt(
        "packet.yaml", "    asks: agree\n", "    asks: agree\n    link: https://portal.example/policies\n"
    )
    text = files[EN].decode()
    start, end = text.index("    words: |", text.index("Office policies")), text.index("  fees:")
    practice = load_files({**files, EN: (text[:start] + text[end:]).encode()})
    paper = packet.paper(practice, practice.packet.pieces[1], "en")
    assert paper is not None and (paper.link, paper.blocks) == ("https://portal.example/policies", ())


def test_any_change_of_a_word_is_another_version_of_that_paper_and_needs_a_new_signature() -> None:
    before, files = load_sample(), spoilt(EN, "You can ask for the price", "You may ask for the price")
    after = load_files(files)
    changed = [
        one.id
        for one, other in zip(before.packet.pieces, after.packet.pieces, strict=True)
        if packet.digests(before, one) != packet.digests(after, other)
    ]
    assert changed == ["fees"]
    assert packet.version(before) != packet.version(after)
    assert snapshot(SAMPLE).hash != snapshot(files).hash


def test_a_practice_without_a_packet_is_read_and_may_not_go_live() -> None:
    files = {name: raw for name, raw in SAMPLE.items() if not name.startswith("packet.")}
    practice = load_files(files)
    assert practice.packet.pieces == () and packet.notice(practice, "en") is None
    [problem] = packet_doctor.examine(practice, files)
    assert (problem.file, problem.severity) == (
        "packet.yaml",
        "go_live",
    ) and "written notice" in problem.message


def test_aid_05_a_packet_without_the_notice_may_not_go_live() -> None:
    files = spoilt("packet.yaml", f"id: {NOTICE}", "id: assistant")
    for tag in ("en", "es"):
        files[f"packet.{tag}.yaml"] = files[f"packet.{tag}.yaml"].replace(b"  ai_notice:", b"  assistant:")
    said = [each.message for each in packet_doctor.examine(load_files(files), files)]
    assert any("no paper is called ai_notice" in each for each in said)


def test_a_reviewed_packet_is_no_draft_and_a_clinical_title_may_not_go_live() -> None:
    files = spoilt(EN, "status: draft", "status: reviewed\nreviewer: Rosa Ferro")
    files[EN] = files[EN].replace(b"title: What it costs", b"title: What therapy costs")
    said = [(each.file, each.message) for each in packet_doctor.examine(load_files(files), files)]
    assert said == [
        ("packet.es.yaml", "the papers in es are a draft that nobody here has read over"),
        (EN, 'the title of fees holds a clinical word ("therap")'),
    ]


def test_a_draft_that_the_practice_itself_has_approved_may_go_live_in_that_language() -> None:
    practice = load_sample()
    for approved, left in (((), ["en", "es"]), (("es",), ["en"]), (("en", "es"), [])):
        found = packet_doctor.examine(practice, SAMPLE, approved)
        assert [each.file for each in found] == [f"packet.{tag}.yaml" for tag in left]
        assert {each.severity for each in found} <= {"go_live"}


def test_prv_03_an_address_of_a_paper_that_tells_of_the_office_may_not_go_live() -> None:
    files = spoilt(
        "packet.yaml", "    asks: agree\n", "    asks: agree\n    link: https://harbor-therapy.example/p\n"
    )
    [found] = [
        each
        for each in packet_doctor.examine(load_files(files), files, ("en", "es"))
        if "the address of" in each.message
    ]
    assert (found.file, found.severity) == ("packet.yaml", "go_live") and found.line > 0


@given(st.text(max_size=300))
def test_whatever_is_written_is_shown_word_for_word_in_paragraphs_and_lists_or_refused(written: str) -> None:
    try:
        text = WORDS.read(written)
    except Unreadable:
        return
    paper = packet.Paper("x", "read", "en", "X", text, None, "")
    shown = " ".join(" ".join((block.text, *block.items)) for block in paper.blocks)
    assert shown.replace("-", "").split() == text.replace("-", "").split()
