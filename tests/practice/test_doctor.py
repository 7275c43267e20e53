from datetime import date
from pathlib import Path

import pytest

from lamplighter.practice.doctor import examine
from lamplighter.practice.sample import SAMPLE_FOLDER
from tests.practice.folder import SAMPLE, line

DAY = date(2026, 11, 25)


def folder_with(tmp_path: Path, **changes: tuple[str, str]) -> Path:
    """A copy of the sample; `ladder=(old, new)` replaces in ladder.yaml, wherever it stands."""
    for name, text in SAMPLE.items():
        old, new = changes.get(name.removesuffix(".yaml"), ("", ""))
        (tmp_path / name).write_text(text.decode().replace(old, new) if old else text.decode())
    return tmp_path


def test_what_cannot_be_loaded_is_said_and_nothing_else(tmp_path: Path) -> None:
    (problem,) = examine(folder_with(tmp_path, money=("$75", "much")), DAY)

    assert (problem.file, problem.severity) == ("money.yaml", "error")


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert [problem.severity for problem in examine(tmp_path / "nowhere", DAY)] == ["error"]


def test_the_sample_may_not_go_live_because_its_numbers_are_invented_and_nobody_read_its_papers() -> None:
    found = examine(SAMPLE_FOLDER, DAY)
    papers = [p for p in found if "the papers in" in p.message]
    problems = [p for p in found if p not in papers]

    assert {p.severity for p in problems} == {"go_live"}
    assert all("invented telephone number" in p.message for p in problems)
    assert {p.file for p in problems} == {"practice.yaml", "people.yaml", "ladder.yaml"}
    assert [(p.file, p.severity) for p in papers] == [
        (f"packet.{tag}.yaml", "go_live") for tag in ("en", "es")
    ]


# file, what stands there, what is written instead, what the doctor says, how grave it is
SIGNS = [
    (
        "ladder",
        "office_manager, osei]",
        "office_manager]",
        "nobody who is licensed is rung in a crisis",
        "go_live",
    ),
    ("ladder", "crisis: [front_desk, office_manager, osei]", "crisis: [osei]", "a single step", "go_live"),
    ("ladder", "2026-01-05", "2027-01-04", "nobody is on call before 2027-01-04", "go_live"),
    ("practice", "name: Harbor Lane\n", "name: Harbor Lane Clinic\n", "holds a clinical word", "go_live"),
    (
        "people",
        "youngest: 18",
        "youngest: 18\n    credentialing: [{insurer: oxford, begins: 2027-01-04}]",
        "an insurer that the practice doesn't take",
        "go_live",
    ),
    (
        "practice",
        "telehealth_states: [NY]",
        "telehealth_states: [NY, NJ]",
        "nobody is licensed there",
        "go_live",
    ),
    (
        "practice",
        "horizon_days: 90",
        "horizon_days: 1\nclosed_dates: [2026-11-25]",
        "closed on every day",
        "go_live",
    ),
    (
        "practice",
        "hosts: [localhost, 127.0.0.1]",
        "hosts: [harbor-therapy.example]",
        "it stands in every link",
        "go_live",
    ),
    ("people", "gender:", "takes_new_patients: no\n    gender:", "nobody takes new patients", "warning"),
    ("practice", "state: NY", "state: WI", "a parent's consent may not be enough", "warning"),
    ("practice", "state: NY", "state: IL", "ask counsel before going live in Illinois", "warning"),
]


@pytest.mark.parametrize(("file", "old", "new", "message", "severity"), SIGNS, ids=[s[3] for s in SIGNS])
def test_what_would_go_wrong_on_the_day_is_said_before_it(
    tmp_path: Path, file: str, old: str, new: str, message: str, severity: str
) -> None:
    folder = folder_with(tmp_path, **{file: (old, new)})
    if "closed_dates" in new:
        path = folder / "practice.yaml"
        path.write_text(path.read_text().replace("closed_dates: []\n", ""))

    found = [p for p in examine(folder, DAY) if message in p.message]

    assert found
    assert found[0].severity == severity
    assert found[0].line > 0


def test_a_language_that_nobody_reviewed_stops_going_live() -> None:
    (problem,) = (
        p for p in examine(SAMPLE_FOLDER, DAY, {"en": "reviewed", "es": "draft"}) if "phrasebook" in p.message
    )

    assert (problem.severity, problem.line) == ("go_live", line("practice.yaml", "signed:"))


def test_a_therapist_alone_needs_somebody_behind_them_while_in_session(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    people = SAMPLE["people.yaml"].decode()
    (folder / "people.yaml").write_text(people[: people.index("  - id: luis_ortega")])
    visits = SAMPLE["visits.yaml"].decode()
    (folder / "visits.yaml").write_text(visits[: visits.index("  - id: couples")])
    ladder = SAMPLE["ladder.yaml"].decode()
    ladder = ladder.replace("[amara_osei, luis_ortega, mei_tan, samuel_roth]", "[amara_osei]")
    ladder = ladder.replace("clinician: samuel_roth", "clinician: amara_osei")
    alone = ladder.replace("crisis: [front_desk, office_manager, osei]", "crisis: [osei, lifeline]")

    (folder / "ladder.yaml").write_text(alone)
    assert any("while the only clinician is in session" in p.message for p in examine(folder, DAY))

    (folder / "ladder.yaml").write_text(
        alone.replace("[osei, lifeline]", "[osei, answering_service, lifeline]")
    )
    assert not any("while the only clinician is in session" in p.message for p in examine(folder, DAY))


@pytest.mark.parametrize(
    ("day", "severity"),
    [(date(2026, 11, 28), None), (date(2026, 11, 29), "warning"), (date(2027, 1, 28), "go_live")],
)
def test_the_age_of_the_law_data_warns_sixty_days_ahead_and_then_stops_going_live(
    day: date, severity: str | None
) -> None:
    found = [p.severity for p in examine(SAMPLE_FOLDER, day) if "the data on the law" in p.message]

    assert found == ([severity] if severity else [])


def test_a_month_before_the_law_data_is_stale_the_doctor_presses_and_says_what_will_be_held_back() -> None:
    def found(day: date) -> list[tuple[str, str]]:
        law = [p for p in examine(SAMPLE_FOLDER, day) if "the data on the law" in p.message]
        return [(p.message, p.remedy) for p in law]

    ((early, remedy),) = found(date(2026, 12, 28))
    ((late, _),) = found(date(2026, 12, 29))
    ((stale, now),) = found(date(2027, 1, 28))

    assert early.endswith("compiled 2026-07-31, goes stale in 31 days, on 2027-01-28")
    assert late.endswith("goes stale in 30 days, on 2027-01-28: newer data has to be signed by then")
    assert "Then the optional large model is asked nothing" in remedy
    assert stale.endswith("is stale")
    assert "Now the optional large model is asked nothing" in now
