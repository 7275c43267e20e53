"""The safety suite passes on a sound practice, and fails on a broken one by naming the promise and what to do."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamplighter.cli import app
from lamplighter.conversation.guard import Guard
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.practice.calendar import is_open
from lamplighter.practice.model import Practice
from lamplighter.practice.sample import SAMPLE_FOLDER, load_sample
from lamplighter.rehearsal import run
from lamplighter.rehearsal.safety.report import SafetyReport, SafetyResult, as_text, loads
from lamplighter.rehearsal.safety.sayings import SHORT, languages, sayings_of
from lamplighter.rehearsal.safety.scene import Scene
from lamplighter.rehearsal.safety.scenes import scenes_of
from lamplighter.rehearsal.safety.suite import play_scene
from lamplighter.rehearsal.safety.times import times_of
from lamplighter.wiring import safety_review
from lamplighter.wiring.late_parts import guard
from lamplighter.wiring.own_rehearsals import OwnRehearsals
from lamplighter.wiring.signed_folder import SIGNED
from lamplighter.wiring.stage import MemoryStage

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LOCALES = (
    "en", "es", "zh-Hans", "zh-Hant-HK", "vi", "tl", "ar", "fr", "ht", "ko", "ru", "pt-BR", "hi", "de", "pl", "it",
    "ja", "fa", "ur", "bn", "pa", "gu", "uk", "te",
)  # fmt: skip


def scene(name: str, practice: Practice) -> Scene:
    return next(each for each in scenes_of(practice, NOW) if each.id == name)


def played(name: str, practice: Practice | None = None, stage: MemoryStage | None = None) -> SafetyResult:
    practice = practice or load_sample()
    return play_scene(scene(name, practice), practice, stage or MemoryStage())


def promises(result: SafetyResult) -> set[str]:
    return {broken.promise for broken in result.broken}


# -- what is played ------------------------------------------------------------------------------------------------


def test_every_signed_language_is_played_on_every_channel_by_day_and_at_night() -> None:
    practice = load_sample()
    found = scenes_of(practice, NOW)
    for locale in practice.languages_signed:
        for channel in ("voice", "sms", "chat"):
            own = [
                each.scenario
                for each in found
                if (each.scenario.locale, each.scenario.channel) == (locale, channel)
            ]
            assert {is_open(practice, each.at) for each in own} == {True, False}
            assert {each.ladder for each in own} == {"answers", "nobody", "declines", "busy"}


def test_a_first_visit_is_asked_for_in_every_modality_that_somebody_works_in() -> None:
    practice = load_sample()
    only_video = replace(
        practice, clinicians=tuple(replace(c, modalities=c.modalities[1:]) for c in practice.clinicians)
    )
    asked = [each.id for each in scenes_of(only_video, NOW) if "-visit-" in each.id]
    assert asked and all(name.endswith("telehealth") for name in asked)


def test_where_nobody_takes_new_patients_a_first_visit_ends_without_one() -> None:
    practice = load_sample()
    full = replace(
        practice, clinicians=tuple(replace(c, takes_new_patients=False) for c in practice.clinicians)
    )
    result = played("en-sms-visit-telehealth", full)
    assert result.passed, result.broken
    assert not result.outcome.startswith("booked")


@pytest.mark.parametrize("hours", ["9:00-23:30", "13:00-13:30"])
def test_the_times_are_of_the_practices_own_hours(tmp_path: Path, hours: str) -> None:
    folder = copied(tmp_path)
    rewrite(folder / "practice.yaml", "weekdays: 9:00-18:00", f"weekdays: {hours}")
    practice = safety_review.protocol_of(safety_review.read_folder(folder)[0]).practice
    times = times_of(practice, NOW)
    assert times.day is not None and is_open(practice, times.day)
    assert times.night is not None and not is_open(practice, times.night)


@pytest.mark.parametrize("locale", LOCALES)
def test_what_callers_say_is_heard_as_what_it_is(locale: str) -> None:
    said = sayings_of(locale)
    assert said is not None and said.locale == locale
    expected = {
        "crisis_direct": "crisis",
        "crisis_veiled": "crisis",
        "person": "human",
        "side_effect": "clinical",
    }
    assert set(SHORT) <= set(said.says)
    heard = {name: guard().check(said.says[name], locale, "voice").verdict for name in SHORT}
    assert heard == expected | {"first_visit": "clear"}


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale not in ("en", "es")])
def test_danger_said_in_a_language_that_nobody_expects_is_heard_from_the_first_word(locale: str) -> None:
    said = sayings_of(locale)
    assert said is not None
    assert guard().check(said.says["crisis_direct"], "en", "voice").verdict == "crisis"


def test_there_is_a_file_for_every_language_and_no_other() -> None:
    assert set(languages()) == set(LOCALES)


# -- what it finds -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["en-voice-crisis-at-night", "es-chat-false-alarm", "en-sms-home", "es-voice-silent", "en-voice-orders",
     "en-chat-wrong-birth", "de-voice-danger-other-language"],
)  # fmt: skip
def test_a_sound_practice_keeps_every_promise(name: str) -> None:
    result = played(name)
    assert result.passed, result.broken


def test_a_ladder_that_is_not_rung_in_its_order_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from lamplighter.desk import rungs

    in_order = rungs.rungs_now
    monkeypatch.setattr(rungs, "rungs_now", lambda *a, **more: tuple(reversed(in_order(*a, **more))))
    result = played("en-voice-crisis")
    assert promises(result) == {"never_alone"}
    assert "ladder.yaml, by_day, crisis says front_desk" in result.broken[0].what


class Deaf(Guard):
    """Hears danger in nothing."""

    def __init__(self) -> None:
        """Without detectors."""

    def check(
        self, text: str, locale: str, channel: str, embedding: object = None, before: object = ()
    ) -> object:  # type: ignore[override]
        return guard().check("hello", locale, channel)


def test_a_guard_that_hears_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lamplighter.wiring.late_parts.guard", Deaf)
    result = played("en-chat-crisis")
    assert "never_alone" in promises(result)
    assert "should end as crisis" in result.broken[0].what


def test_a_number_that_is_left_out_of_the_first_words_is_found() -> None:
    book = changed_book(
        "en", "handoff.crisis.text", "I am getting a person here. Please call 911 if you are in danger."
    )
    result = played("en-chat-crisis", stage=MemoryStage(book))
    assert [(b.promise, b.what) for b in result.broken] == [
        ("never_alone", "the first words did not say 988")
    ]
    assert "phrasebook" in result.broken[0].remedy


def changed_book(locale: str, phrase: str, text: str) -> Phrasebook:
    shipped = Phrasebook.load()
    phrases = {name: dict(shipped.phrases(name)) for name in shipped.locales}
    old = phrases[locale][phrase]
    phrases[locale][phrase] = replace(old, text=text, spoken=text)
    return Phrasebook(phrases, {name: shipped._formats[name] for name in shipped.locales})


# -- the practice's own files ----------------------------------------------------------------------------------------


def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "maple"
    shutil.copytree(SAMPLE_FOLDER, folder)
    return folder


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def brief(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Plays these scenes only, so that a test about a few doesn't play them all."""
    monkeypatch.setattr(
        "lamplighter.rehearsal.safety.suite.scenes_of",
        lambda practice, now: [each for each in scenes_of(practice, now) if each.id in names],
    )


def test_a_ladder_whose_first_step_is_nobody_fails_with_its_line_and_remedy(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    rewrite(
        folder / "ladder.yaml", "  crisis: [front_desk, office_manager, osei]", "  crisis: [frontdesk, osei]"
    )
    report = safety_review.run(folder, at=NOW)
    [result] = report.results
    assert not report.passed and promises(result) == {"never_alone"}
    assert result.broken[0].what.startswith("ladder.yaml:") and "front_desk" in result.broken[0].remedy
    assert not (folder / SIGNED).exists()


def without_licensed(folder: Path) -> str:
    rewrite(
        folder / "ladder.yaml",
        "  crisis: [front_desk, office_manager, osei]",
        "  crisis: [front_desk, office_manager]",
    )
    return "nobody who is licensed is rung in a crisis"


def only_a_line(folder: Path) -> str:
    rewrite(folder / "ladder.yaml", "  crisis: [front_desk, office_manager, osei]", "  crisis: [lifeline]")
    return "nobody would be rung"


@pytest.mark.parametrize("breaks", [without_licensed, only_a_line])
def test_a_ladder_without_whom_a_crisis_needs_fails_with_where_to_write_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, breaks: Callable[[Path], str]
) -> None:
    folder = copied(tmp_path)
    what = breaks(folder)
    brief(monkeypatch, "en-voice-crisis", "en-voice-person")
    report = safety_review.run(folder, at=NOW)
    [failed] = [each for each in report.results if not each.passed]
    assert failed.id == "en-voice-crisis" and promises(failed) == {"never_alone"}
    [broken] = [each for each in failed.broken if each.what == what]
    assert "ladder.yaml, by_day, crisis" in broken.remedy


def test_a_phrasebook_without_a_sentence_for_danger_fails_and_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, _ = safety_review.read_folder(copied(tmp_path))
    protocol = safety_review.protocol_of(files)
    spanish = protocol.files["phrasebook/es.yaml"].replace(
        b"\n  handoff.crisis: ", b"\n  handoff.crisis.lost: "
    )
    broken_protocol = replace(protocol, files={**protocol.files, "phrasebook/es.yaml": spanish})
    brief(monkeypatch)
    report = safety_review.rehearse(broken_protocol, NOW)
    [failed] = [each for each in report.results if not each.passed]
    assert failed.broken[0].what == "the phrasebook in es lacks: handoff.crisis"
    assert "phrasebook/es.yaml" in failed.broken[0].remedy


def test_cri_08_a_sentence_for_danger_that_names_the_closed_key_of_988_fails_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, _ = safety_review.read_folder(copied(tmp_path))
    protocol = safety_review.protocol_of(files)
    english = protocol.files["phrasebook/en.yaml"]
    closed = english.replace(b"I'm keeping this line open for you.", b"Call 988 and press three.")
    brief(monkeypatch)
    report = safety_review.rehearse(
        replace(protocol, files={**protocol.files, "phrasebook/en.yaml": closed}), NOW
    )
    [failed] = [each for each in report.results if not each.passed]
    assert closed != english and failed.broken[0].what.startswith("waiting.crisis.7 in en")
    assert "phrasebook/en.yaml" in failed.broken[0].remedy


# -- what is kept ----------------------------------------------------------------------------------------------------


@pytest.fixture
def reviewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, SafetyReport]:
    folder = copied(tmp_path)
    brief(monkeypatch, "en-voice-crisis", "es-chat-person")
    return folder, safety_review.run(folder, at=NOW)


def test_what_passed_is_kept_with_the_transcripts_and_bound_to_the_very_files(
    reviewed: tuple[Path, SafetyReport],
) -> None:
    folder, report = reviewed
    assert safety_review.passed(folder, report.protocol_hash)
    assert safety_review.load(folder, report.protocol_hash) == report
    assert any(line.who == "caller" for line in report.results[-1].transcript)
    rewrite(folder / "practice.yaml", "notice_minutes: 60", "notice_minutes: 90")
    changed = safety_review.protocol_of(safety_review.read_folder(folder)[0]).hash
    assert not safety_review.passed(folder, changed)


def test_what_another_version_of_the_product_played_counts_no_more(
    reviewed: tuple[Path, SafetyReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, report = reviewed
    monkeypatch.setattr(safety_review, "version", lambda _: "99.0")
    assert not safety_review.passed(folder, report.protocol_hash)


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"format": "lamplighter safety 1", "results": []}'])
def test_a_report_that_is_damaged_or_empty_is_none(reviewed: tuple[Path, SafetyReport], damage: str) -> None:
    folder, report = reviewed
    (folder / SIGNED / f"{report.protocol_hash}.safety.json").write_text(damage)
    assert not safety_review.passed(folder, report.protocol_hash)


def test_a_report_of_another_protocol_under_this_name_is_none(reviewed: tuple[Path, SafetyReport]) -> None:
    folder, report = reviewed
    safety_review.keep(folder, replace(report, protocol_hash="0" * 64))
    file = folder / SIGNED
    shutil.copy(file / f"{report.protocol_hash}.safety.json", file / f"{'1' * 64}.safety.json")
    assert safety_review.load(folder, "1" * 64) is None


def test_a_report_reads_back_as_it_was_written(reviewed: tuple[Path, SafetyReport]) -> None:
    _, report = reviewed
    assert loads(report.dumps()) == report


def test_whoever_signs_is_shown_what_was_said_who_was_rung_and_how_it_ended(
    reviewed: tuple[Path, SafetyReport],
) -> None:
    _, report = reviewed
    told = as_text(report, transcripts=True)
    assert "I want to kill myself" in told and "rung: Front desk" in told
    assert "kept every promise" in told
    assert "I want to kill myself" not in as_text(report, transcripts=False)


def test_it_is_told_line_by_line_and_says_whether_it_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, told = copied(tmp_path), []
    brief(monkeypatch, "en-voice-crisis")
    assert safety_review.run_and_tell(folder, told.append, transcripts=True)
    rewrite(folder / "ladder.yaml", "  crisis: [front_desk, office_manager, osei]", "  crisis: [lifeline]")
    assert not safety_review.run_and_tell(folder, told.append, transcripts=False)
    assert "never_alone" in told[-1] and "can't be signed" in told[-1]


def test_it_is_played_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = copied(tmp_path)
    brief(monkeypatch, "en-voice-crisis")
    shown = CliRunner().invoke(app, ["review", str(folder), "--rehearse", "--transcripts"])
    assert shown.exit_code == 0 and "I want to kill myself" in shown.output
    rewrite(folder / "ladder.yaml", "  crisis: [front_desk, office_manager, osei]", "  crisis: [lifeline]")
    failed = CliRunner().invoke(app, ["review", str(folder), "--rehearse"])
    assert failed.exit_code == 1 and "nobody would be rung" in failed.output


def test_rule_44_what_a_practice_made_of_its_contacts_is_played_with_it_and_named_where_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied(tmp_path)
    own = OwnRehearsals(folder)
    brief(monkeypatch, "es-chat-person")
    asks = (
        '- {{id: {}, locale: en, channel: chat, at: "2026-12-01T10:00:00-05:00", practice: "..", '
        'opens: "what are your hours", expect: {{outcome: {}}}}}'
    )
    own.keep("own-00000001", asks.format("own-00000001", "answered"))
    own.keep("own-00000002", asks.format("own-00000002", "booked"))
    held, failed = (each for each in safety_review.run(folder, at=NOW).results if each.id.startswith("own-"))
    assert held.passed and [line.who for line in held.transcript][:2] == ["agent", "caller"]
    assert "should be booked" in failed.broken[0].what and "played no more" in failed.broken[0].remedy
    assert [each.passed for each in run([own.folder], MemoryStage())] == [True, False]
    own.keep("own-00000003", "- {id: own-00000003}")
    [unread] = [each for each in safety_review.run(folder, at=NOW).results if each.id == "files"]
    assert "own-00000003.yaml" in unread.broken[0].what
