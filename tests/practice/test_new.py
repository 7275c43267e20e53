from pathlib import Path

import pytest

from lamplighter.practice.doctor import examine
from lamplighter.practice.filling import ask_all, fill, gaps_in
from lamplighter.practice.load import check, load, read_folder
from lamplighter.practice.new import KINDS, CannotCreate, create, overlaid, template
from tests.practice.templates import DAY, answering, made

OPEN = "is still to be filled in"
FIELDS = {"solo": 12, "group": 18, "psychiatry": 15, "community": 16, "university": 14}


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_practice_has_nothing_wrong_but_what_is_left_to_fill_in(tmp_path: Path, kind: str) -> None:
    create(tmp_path / "linden", "Linden Therapy", kind, DAY)

    problems = check(tmp_path / "linden")

    assert {problem.message.partition(" ")[2] for problem in problems} == {OPEN}
    assert sorted((p.file, p.line) for p in problems) == sorted(
        (gap.file, gap.line) for gap in gaps_in(tmp_path / "linden")
    )


@pytest.mark.parametrize(("kind", "fields"), FIELDS.items())
def test_no_more_is_asked_than_the_page_on_going_live_says(tmp_path: Path, kind: str, fields: int) -> None:
    create(tmp_path, "Linden Therapy", kind, DAY)
    page = (Path(__file__).parents[2] / "docs" / "going-live.md").read_text("utf-8")

    assert len(gaps_in(tmp_path)) == fields
    assert f"| {kind} | {fields} |" in page


@pytest.mark.parametrize("kind", KINDS)
def test_once_what_is_asked_is_answered_only_a_review_a_proof_and_real_numbers_are_missing(
    tmp_path: Path, kind: str
) -> None:
    folder = made(tmp_path / "linden", kind)

    stopping = [
        p.message for p in examine(folder, DAY, {"en": "draft", "es": "draft"}) if p.severity != "warning"
    ]

    assert gaps_in(folder) == ()
    left = (
        "invented telephone number",
        "has not been reviewed by a person",
        "are a draft",
        "nobody has proven that anybody answers your telephone",
    )
    assert all(any(words in said for words in left) for said in stopping)
    assert sum(left[-1] in said for said in stopping) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_answered_is_what_the_practice_is(tmp_path: Path, kind: str) -> None:
    practice = load(made(tmp_path / "linden", kind))

    assert (practice.id, practice.name, practice.sender_name) == (
        "linden_therapy",
        "Linden Therapy",
        "LT Office",
    )
    assert (practice.state, practice.phone, practice.timezone_name) == (
        "NY",
        "+12125550140",
        "America/New_York",
    )
    assert all(clinician.states == ("NY",) for clinician in practice.clinicians)


def test_a_therapist_alone_has_somebody_behind_them_while_in_session(tmp_path: Path) -> None:
    practice = load(made(tmp_path, "solo"))

    assert [rung.kind for rung in practice.ladder.by_day["crisis"]] == [
        "clinician",
        "answering_service",
        "line",
    ]
    assert practice.clinicians[0].interrupt_session == "crisis_only"


def test_a_clinic_that_prescribes_lets_refills_labs_and_forms_wait_and_nothing_else(tmp_path: Path) -> None:
    practice = load(made(tmp_path, "psychiatry"))

    assert practice.ladder.may_wait == ("refill", "lab", "form")
    assert all(clinician.prescribes for clinician in practice.clinicians)


def test_a_community_centre_charges_nobody_for_a_missed_visit_and_answers_in_two_languages(
    tmp_path: Path,
) -> None:
    practice = load(made(tmp_path, "community"))

    assert practice.cancel_policy.fee.amount == 0
    assert practice.sliding_scale
    assert practice.insurer("medicaid").payer_class == "medicaid"
    assert practice.languages_signed == ("en", "es")


def test_a_university_is_closed_in_the_winter_break_and_its_line_answers_after_hours(tmp_path: Path) -> None:
    practice = load(made(tmp_path, "university"))

    assert [day.isoformat() for day in practice.closed_dates][:1] == ["2026-12-24"]
    assert practice.ladder.after_hours["crisis"][0].name == "The after-hours counseling line"
    assert (practice.minors_first_visit, min(c.min_age for c in practice.clinicians)) == ("hold", 17)


def test_a_wrong_answer_is_told_why_and_asked_again(tmp_path: Path) -> None:
    create(tmp_path, "Linden Therapy", "solo", DAY)
    told: list[str] = []
    answers = iter(["Nowhere", "Main", "MN"])

    ask_all(tmp_path, lambda question, suggested: next(answers, None), told.append)

    assert told[0] == 'State: "Nowhere" is not a state of the US. Write its two letters: NY.'
    assert told[1] == 'State: "Main" is not a state of the US. Did you mean "Maine"?'
    assert 'state: "MN"' in (tmp_path / "practice.yaml").read_text()


def test_a_line_that_nobody_answers_stays_open_and_asking_ends_with_the_answers(tmp_path: Path) -> None:
    create(tmp_path, "Linden Therapy", "solo", DAY)
    answers = iter(["MN", "", "America/Chicago"])

    ask_all(tmp_path, lambda question, suggested: next(answers, None), lambda wrong: None)

    assert [gap.key for gap in gaps_in(tmp_path)][:2] == ["phone", "address"]


@pytest.mark.parametrize("answer", ["911", "555-0101", "FILL IN later", "#1", "a\nb"])
def test_what_cannot_be_rung_is_not_written_on_the_ladder(tmp_path: Path, answer: str) -> None:
    create(tmp_path, "Linden Therapy", "solo", DAY)
    before = read_folder(tmp_path)[0]
    gap = next(gap for gap in gaps_in(tmp_path) if gap.file == "ladder.yaml")

    assert fill(tmp_path, gap, answer) is not None
    assert read_folder(tmp_path)[0] == before


@pytest.mark.parametrize("name", ['Ann "Bo" O\'Hara', "Null", "yes", "Zoë # Ng: PhD", "{x}", "FILL, IN"])
def test_an_answer_is_kept_as_it_is_written(tmp_path: Path, name: str) -> None:
    create(tmp_path, "Linden Therapy", "solo", DAY)
    gap = next(gap for gap in gaps_in(tmp_path) if gap.key == "name")

    assert fill(tmp_path, gap, name) is None
    ask_all(tmp_path, answering(), lambda wrong: None)
    assert load(tmp_path).clinicians[0].name == name


def test_a_part_of_a_file_is_replaced_with_its_comment_and_the_rest_stays() -> None:
    under = "# head\n\n# of a\na: 1\n\n# of b\nb:\n  - x\n# below b\n"

    assert (
        overlaid(under, "# new\na: 2\n\nc: 3\n")
        == "# head\n\n# new\na: 2\n\n# of b\nb:\n  - x\n# below b\nc: 3\n"
    )


def test_the_kinds_share_what_is_the_same_and_differ_where_they_must() -> None:
    files = {kind: template(kind) for kind in KINDS}

    assert len({texts["parties.yaml"] for texts in files.values()}) == 1
    assert len({texts["people.yaml"] for texts in files.values()}) == len(KINDS)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "practice.yaml").write_text("mine")

    with pytest.raises(CannotCreate, match="not empty"):
        create(tmp_path, "Linden Therapy", "solo", DAY)

    assert [path.name for path in tmp_path.iterdir()] == ["practice.yaml"]
    assert (tmp_path / "practice.yaml").read_text() == "mine"


def test_a_kind_that_there_is_not_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(CannotCreate, match="solo, group, psychiatry, community, university"):
        create(tmp_path / "new", "Linden Therapy", "hospital", DAY)

    assert not (tmp_path / "new").exists()


def test_a_file_in_the_way_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")

    for folder in (tmp_path / "taken", tmp_path / "taken" / "within"):
        with pytest.raises(CannotCreate):
            create(folder, "Linden Therapy", "solo", DAY)


@pytest.mark.parametrize(
    "name",
    ["Río: “Luz” #1", 'He said "yes"', "@id@ - {x}", "北京咨询", "42 Main", "It's \\n", "Crisis Is Sorrow"],
)
def test_any_name_is_kept_as_it_is_written(tmp_path: Path, name: str) -> None:
    create(tmp_path / "new", name, "solo", DAY)

    problems = check(tmp_path / "new")

    assert all(problem.message.endswith(OPEN) for problem in problems)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\0b", "a\x1bb"])
def test_a_name_that_cannot_be_said_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotCreate):
        create(tmp_path / "new", name, "solo", DAY)

    assert not (tmp_path / "new").exists()
