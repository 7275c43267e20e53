import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.channels.speech.listening import LevelVad, SileroModel, SileroVad, SmartTurn
from lamplighter.channels.speech.sound import BadSound, cut, joined, seconds
from lamplighter.channels.speech.telephone_audio import telephone
from lamplighter.channels.speech.turns import (
    DETAIL,
    FREE_SPEECH,
    Event,
    InterimDue,
    Patience,
    Paused,
    Resumed,
    SpeechEnded,
    SpeechStarted,
    TurnTaker,
)
from lamplighter.desk.ports import Sound
from tests.channels.speech.conftest import buzz, silence


def events(turns: TurnTaker, *pieces: Sound) -> list[Event]:
    return [e for piece in pieces for e in turns.feed(piece)]


def kinds(found: list[Event]) -> list[str]:
    return [type(e).__name__ for e in found]


def test_a_voice_begins_is_heard_meanwhile_pauses_and_ends() -> None:
    turns = TurnTaker(LevelVad())
    found = events(turns, silence(1), buzz(1), silence(2))
    assert kinds(found) == ["SpeechStarted", "InterimDue", "Paused", "SpeechEnded"]
    assert not turns.speaking


def test_silence_is_no_turn() -> None:
    assert events(TurnTaker(LevelVad()), silence(5)) == []


def test_a_click_is_no_turn() -> None:
    assert events(TurnTaker(LevelVad()), silence(1), buzz(0.03), silence(2)) == []


def test_a_turn_keeps_the_moment_before_it_was_noticed() -> None:
    found = events(TurnTaker(LevelVad()), silence(2), buzz(1), silence(2))
    (ended,) = [e for e in found if isinstance(e, SpeechEnded)]
    assert seconds(ended.heard) == pytest.approx(0.3 + 1 + 0.725, abs=0.15)
    assert ended.speech_seconds == pytest.approx(1, abs=0.07)


def silence_until_end(turns: TurnTaker, *, hint: float | None) -> float:
    events(turns, silence(1), buzz(1))
    quiet = 0.0
    for piece in cut(silence(5), 0.02):
        quiet += 0.02
        for event in turns.feed(piece):
            if isinstance(event, Paused) and hint is not None:
                turns.finished(hint)
            if isinstance(event, SpeechEnded):
                return quiet
    raise AssertionError("the turn never ended")


@pytest.mark.parametrize(
    ("patience", "hint", "expected"),
    [
        (FREE_SPEECH, 0.9, FREE_SPEECH.settled),
        (FREE_SPEECH, 0.1, FREE_SPEECH.longest),
        (FREE_SPEECH, None, (FREE_SPEECH.settled + FREE_SPEECH.longest) / 2),
        (DETAIL, 0.9, DETAIL.longest),
    ],
)
def test_the_silence_that_ends_a_turn_depends_on_what_is_expected_and_on_whether_it_sounds_finished(
    patience: Patience, hint: float | None, expected: float
) -> None:
    assert silence_until_end(TurnTaker(LevelVad(), patience=patience), hint=hint) == pytest.approx(
        expected, abs=0.08
    )


def test_a_speaker_who_goes_on_after_a_pause_is_one_turn() -> None:
    found = events(TurnTaker(LevelVad()), buzz(0.5), silence(0.3), buzz(0.5), silence(2))
    assert kinds(found) == ["SpeechStarted", "Paused", "Resumed", "InterimDue", "Paused", "SpeechEnded"]
    assert isinstance(found[2], Resumed)
    assert isinstance(found[-1], SpeechEnded)
    assert found[-1].same_as_paused


def test_a_turn_that_never_pauses_is_cut_after_a_minute() -> None:
    found = events(TurnTaker(LevelVad()), buzz(65))
    assert [seconds(e.heard) for e in found if isinstance(e, SpeechEnded)] == [pytest.approx(60, abs=0.1)]


def test_a_turn_can_be_ended_from_outside_once() -> None:
    turns = TurnTaker(LevelVad())
    events(turns, buzz(1))
    assert kinds(turns.end_now()) == ["SpeechEnded"]
    assert turns.end_now() == []


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(BadSound, match="twos"):
        TurnTaker(LevelVad()).feed(Sound(b"\0\0\0", 16000))


@given(st.lists(st.integers(1, 4000), min_size=1, max_size=40))
def test_how_the_sound_is_cut_into_pieces_changes_nothing(sizes: list[int]) -> None:
    whole = joined([silence(0.5), buzz(0.6), silence(0.25), buzz(0.3), silence(1.5)])
    pieces, at = [], 0
    for size in sizes * (len(whole.pcm) // sum(sizes) + 1):
        pieces.append(Sound(whole.pcm[at : at + 2 * size], whole.rate))
        at += 2 * size
    assert events(TurnTaker(LevelVad()), *pieces) == events(TurnTaker(LevelVad()), whole)


@given(st.binary(max_size=4000), st.sampled_from([8000, 16000, 24000, 44100, 48000]))
def test_no_sound_whatever_its_bytes_breaks_the_listener(noise: bytes, rate: int) -> None:
    found = events(TurnTaker(LevelVad()), Sound(noise[: len(noise) // 2 * 2], rate))
    assert all(isinstance(e, SpeechStarted | InterimDue | Paused | Resumed | SpeechEnded) for e in found)


@pytest.mark.speech
async def test_a_spoken_sentence_with_telephone_noise_is_one_turn_and_the_noise_before_it_none(
    models, kokoro
) -> None:
    said = await kokoro.speak("I need an appointment, please.", locale="en")
    call = telephone(joined([silence(2, said.rate), said, silence(2, said.rate)]), seed=4)
    found = events(TurnTaker(SileroVad(SileroModel(models))), *cut(call, 0.02))
    assert [k for k in kinds(found) if k in {"SpeechStarted", "SpeechEnded"}] == [
        "SpeechStarted",
        "SpeechEnded",
    ]


@pytest.mark.speech
async def test_a_whole_sentence_sounds_more_finished_than_its_first_half(models, kokoro) -> None:
    finished = SmartTurn(models)
    said = await kokoro.speak("I need an appointment for my daughter.", locale="en")
    half = Sound(said.pcm[: len(said.pcm) // 4 * 2], said.rate)
    assert finished(said) > 0.5
    assert finished(said) > finished(half)
