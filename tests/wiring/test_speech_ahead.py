"""What a practice says first is ready before the first call."""

from pathlib import Path

from lamplighter.channels.calls.speech_desk import SpeechDesk
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.practice.sample import load_sample
from lamplighter.settings import Settings
from lamplighter.wiring.speech import fixed_sentences, opening_sentences, start_speech


def test_greetings_and_crisis_words_of_every_language_are_among_what_is_rendered_ahead() -> None:
    practice, book = load_sample(), Phrasebook.load()
    first = opening_sentences(practice, book)
    crisis = {
        (each, book.render(each, "handoff.crisis", {}, spoken=True)) for each in practice.languages_signed
    }
    assert crisis < first
    assert first <= set(fixed_sentences(practice, book, practice.languages_signed))


def test_speech_that_cannot_start_for_a_folder_that_is_none_is_absent_and_not_under_way_for_good(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_bytes(b"")
    settings = Settings(data=tmp_path, models=tmp_path / "file" / "models", models_from=tmp_path)
    desk = SpeechDesk()
    start_speech(settings, desk, load_sample(), tmp_path / "spoken").join(30)
    assert desk.status.state == "absent"
