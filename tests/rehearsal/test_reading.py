from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.rehearsal.reading import RehearsalProblems, read, read_files
from lamplighter.rehearsal.scenario import Interrupt
from tests.rehearsal.callers import HEAD, moment, scenario

FULL = """
- id: en-evening-first-visit
  locale: en
  channel: voice
  at: 2026-12-01T21:10:00-05:00
  practice: demo
  caller_id: "+12125550143"
  ladder: nobody
  opens: "hi um i'd like to see someone"
  existing:
    {first_name: Corinne, last_name: Vasquez, date_of_birth: "1981-02-03", phone: "+12125550171",
     appointment: "2026-12-15T14:00:00-05:00", clinician: "Amara Osei", modality: telehealth,
     proxy: {first_name: Paul, last_name: Vasquez, phone: "+12125550172"}}
  knows:
    first_name: "it's maya"
    last_name: ["okafor", "o k a f o r"]
    date_of_birth: 1990-03-04
    self_pay: yes
    second.first_name: Luis
  interrupts:
    - when_asked: insurance
      says: "wait how much is it if i pay myself"
  expect:
    outcome: booked
    handoff: none
    by_turn: 14
    details: {last_name: Okafor}
    appointment: {weekday: [mon, Tuesday], from: "17:00", before: 19:00, not_before: 2026-12-02, not_after: 2026-12-20,
                  not_dates: [2026-12-09], modality: telehealth, clinician: Luis Ortega}
    never_said: [divorce]
"""


def test_every_part_of_a_scenario_is_read() -> None:
    (one,), problems = read("f.yaml", FULL.encode())
    assert problems == []
    assert (one.id, one.channel, one.caller_id, one.ladder) == (
        "en-evening-first-visit",
        "voice",
        "+12125550143",
        "nobody",
    )
    assert one.at == moment("2026-12-01T21:10:00-05:00")
    assert one.existing is not None
    assert one.existing.proxy is not None
    assert (one.existing.date_of_birth, one.existing.modality) == (date(1981, 2, 3), "telehealth")
    assert one.interrupts == (Interrupt("insurance", "wait how much is it if i pay myself"),)
    assert one.expect.by_turn == 14


def test_what_is_typed_is_what_is_said() -> None:
    (one,), _ = read("f.yaml", FULL.encode())
    assert one.knows["date_of_birth"] == ("1990-03-04",)
    assert one.knows["self_pay"] == ("yes",)
    assert one.knows["last_name"] == ("okafor", "o k a f o r")
    assert one.knows["second.first_name"] == ("Luis",)


def test_an_appointment_is_expected_in_local_time() -> None:
    (one,), _ = read("f.yaml", FULL.encode())
    expected = one.expect.appointment
    assert expected is not None
    assert expected.weekdays == {0, 1}
    assert (expected.start, expected.before) == (time(17), time(19))
    assert expected.not_dates == {date(2026, 12, 9)}
    assert scenario("expect: {appointment: none}").expect.appointment.none
    assert scenario("expect: {appointment: {none: true}}").expect.appointment.none


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (("channel: voice", "channel: telegraph"), 4, "telegraph"),
        (("at: 2026-12-01T21:10:00-05:00", "at: 2026-12-01T21:10:00"), 5, "offset"),
        (("at: 2026-12-01T21:10:00-05:00", "at: 2026-13-01T21:10:00-05:00"), 5, "moment"),
        (("opens: ", "opnes: "), 9, "opnes"),
        (('    first_name: "it\'s maya"', "    frist_name: maya"), 15, "frist_name"),
        (("when_asked: insurance", "when_asked: insurence"), 21, "insurence"),
        (("outcome: booked", "outcome: bookd"), 24, "bookd"),
        (("details: {last_name: Okafor}", "details: {lastname: Okafor}"), 27, "lastname"),
        (("weekday: [mon, Tuesday]", "weekday: [moonday]"), 28, "moonday"),
        (('date_of_birth: "1981-02-03"', 'date_of_birth: "1981-02-30"'), 11, "calendar"),
        (("locale: en", "locale: klingonish"), 3, "language"),
        (('caller_id: "+12125550143"', "caller_id: call me"), 7, "telephone"),
        (("by_turn: 14", "by_turn: 41"), 26, "41"),
        (('    first_name: "it\'s maya"', "    last_name: maya"), 16, "twice"),
        (('first_name: "it\'s maya"', "first_name: []"), 15, "no answer"),
        (('first_name: "it\'s maya"', "first_name: {a: b}"), 15, "should be words"),
    ],
)
def test_a_mistake_is_named_with_its_line(change: tuple[str, str], line: int, message: str) -> None:
    assert change[0] in FULL
    scenarios, problems = read("f.yaml", FULL.replace(*change, 1).encode())
    assert scenarios == []
    assert any(p.line == line and message in p.message for p in problems), problems
    assert all(p.remedy for p in problems)


def test_one_bad_scenario_does_not_hide_the_good_one_or_another_mistake() -> None:
    bad = HEAD.replace("id: one", "id: two").replace("voice", "radio") + "  surprise: x\n  expect: {}\n"
    scenarios, problems = read("f.yaml", (FULL + bad).encode())
    assert [one.id for one in scenarios] == ["en-evening-first-visit"]
    assert len(problems) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"id: x", "list"),
        (b"- just words", "names in it"),
        (b"- id: [", "not YAML"),
        (b"- id: a\0b", "NUL"),
        (b"- id: \xff\xfe", "UTF-8"),
        (b"- id: &x [*x]\n", "deep"),
        (
            b"".join(
                b"- &a%d [%s]\n" % (n, b",".join([b"*a%d" % (n - 1)] * 30)) for n in range(1, 6)
            ).replace(b"*a0", b"x"),
            "stand for",
        ),
        (b"- " * 60 + b"x", "deep"),
        (b"- &a " + b"[" * 5000, "never close"),
    ],
)
def test_what_is_no_rehearsal_gets_a_clear_error(content: bytes, message: str) -> None:
    scenarios, problems = read("f.yaml", content)
    assert scenarios == []
    assert any(message in problem.message for problem in problems), problems


def test_a_megabyte_an_emoji_and_a_nul_in_an_utterance_reach_the_caller_whole() -> None:
    long = "a" * 1_000_000
    text = FULL.replace("it's maya", long).replace('"o k a f o r"', '"\\0 🙂 שלום"')
    (one,), problems = read("f.yaml", text.encode())
    assert problems == []
    assert one.knows["first_name"] == (long,)
    assert one.knows["last_name"][1] == "\0 🙂 שלום"


@given(st.binary(max_size=300))
def test_whatever_a_file_holds_it_is_read_or_refused(content: bytes) -> None:
    scenarios, problems = read("f.yaml", content)
    assert problems or scenarios or not content.strip() or content.strip() == b"[]"


def test_an_id_taken_in_another_file_is_told_and_every_problem_comes_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FULL)
    (tmp_path / "b.yaml").write_text(FULL)
    with pytest.raises(RehearsalProblems) as told:
        read_files([tmp_path, tmp_path / "missing.yaml"])
    assert "is taken in" in str(told.value)
    assert "cannot be read" in str(told.value)


def test_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FULL)
    (tmp_path / "notes.txt").write_text("no rehearsal")
    assert [one.id for one in read_files([tmp_path])] == ["en-evening-first-visit"]


def test_what_an_alias_stands_for_is_read_in_its_place() -> None:
    scenarios, problems = read(
        "f.yaml",
        b"""- id: a
  locale: en
  channel: voice
  at: 2026-12-01T21:10:00-05:00
  opens: "do you take aetna"
  knows: &maya {first_name: maya, last_name: okafor}
  expect: &answered {outcome: answered}
- id: b
  locale: en
  channel: chat
  at: 2026-12-01T21:10:00-05:00
  opens: "where are you"
  knows: {<<: *maya, last_name: vasquez}
  expect: *answered
""",
    )
    assert problems == []
    assert [scenario.expect for scenario in scenarios] == [scenarios[0].expect] * 2
    assert scenarios[1].knows != scenarios[0].knows
    assert {str(name) for name in scenarios[1].knows} == {"first_name", "last_name"}
