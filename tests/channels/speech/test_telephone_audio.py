import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.channels.speech.mulaw import mulaw_decode, mulaw_encode
from lamplighter.channels.speech.sound import ToHearingRate, cut, resampled, samples, seconds, sound
from lamplighter.channels.speech.telephone_audio import telephone
from lamplighter.desk.ports import Sound
from tests.channels.speech.conftest import buzz, silence


def tone(pitch: float, length: float = 1.0, rate: int = 16000) -> Sound:
    return sound(0.3 * np.sin(2 * np.pi * pitch * np.arange(round(length * rate)) / rate), rate)


def test_the_same_seed_gives_the_same_bytes_and_another_others() -> None:
    assert telephone(buzz(0.5), seed=3) == telephone(buzz(0.5), seed=3)
    assert telephone(buzz(0.5), seed=3) != telephone(buzz(0.5), seed=4)


def test_a_telephone_is_8_khz_and_as_long_as_what_was_said() -> None:
    heard = telephone(buzz(1.5, rate=24000))
    assert heard.rate == 8000
    assert seconds(heard) == pytest.approx(1.5, abs=0.01)


@pytest.mark.parametrize("snr", [5.0, 15.0, 25.0])
def test_the_noise_is_as_far_below_the_voice_as_asked(snr: float) -> None:
    heard, clean = (samples(telephone(tone(1000), snr_db=s, seed=1)) for s in (snr, 90.0))
    noise = heard - clean
    measured = 20 * np.log10(np.std(clean) / np.std(noise))
    assert measured == pytest.approx(snr, abs=1.0)


def test_what_is_below_or_above_a_telephones_band_is_gone() -> None:
    kept = np.std(samples(telephone(tone(1000), snr_db=90)))
    for pitch in (100, 3900):
        assert np.std(samples(telephone(tone(pitch), snr_db=90))) < 0.05 * kept


@pytest.mark.parametrize("nothing", [Sound(b"", 16000), silence(0.5), Sound(b"\1\0", 8000)])
def test_nothing_becomes_nothing_worse(nothing: Sound) -> None:
    assert seconds(telephone(nothing)) == pytest.approx(seconds(nothing), abs=0.001)


def test_mu_law_gives_the_values_of_g711() -> None:
    given_values = np.array([0, 8, -8, 1000, -1000, 32767, -32768], dtype="<i2")
    assert mulaw_encode(given_values.tobytes()) == bytes([0xFF, 0xFE, 0x7E, 0xCE, 0x4E, 0x80, 0x00])
    assert list(np.frombuffer(mulaw_decode(bytes([0xFF, 0x80, 0x00])), "<i2")) == [0, 32124, -32124]


@given(st.lists(st.integers(-32768, 32767), min_size=1, max_size=200))
def test_mu_law_keeps_every_sample_within_its_step(values: list[int]) -> None:
    back = np.frombuffer(mulaw_decode(mulaw_encode(np.array(values, "<i2").tobytes())), "<i2").astype(int)
    assert all(
        abs(b - v) <= max(4, abs(v) / 16 + 4, abs(v) - 32124) for b, v in zip(back, values, strict=True)
    )


@given(st.binary(min_size=1, max_size=300))
def test_mu_law_bytes_survive_there_and_back(code: bytes) -> None:
    again = mulaw_encode(mulaw_decode(code))
    assert mulaw_decode(again) == mulaw_decode(code)


def test_changing_the_rate_keeps_length_and_level() -> None:
    heard = resampled(tone(440, rate=24000), 16000)
    assert seconds(heard) == pytest.approx(1, abs=0.01)
    assert np.std(samples(heard)) == pytest.approx(np.std(samples(tone(440))), rel=0.02)


@pytest.mark.parametrize("rate", [8000, 48000])
def test_a_tone_that_comes_in_pieces_has_no_seams(rate: int) -> None:
    to_rate = ToHearingRate()
    heard = np.concatenate([to_rate(piece) for piece in cut(tone(440, rate=rate), 0.02)])
    assert len(heard) == pytest.approx(16000, abs=800)
    spectrum = np.abs(np.fft.rfft(heard[2000:12000] * np.hanning(10000)))
    strongest = int(np.argmax(spectrum))
    assert strongest * 16000 / 10000 == pytest.approx(440, abs=2)
    elsewhere = np.delete(spectrum, range(strongest - 5, strongest + 6))
    assert elsewhere.max() < spectrum.max() / 1000


@given(st.lists(st.integers(-32768, 32767), max_size=100))
def test_samples_and_sound_are_the_same_thing_to_the_bit(values: list[int]) -> None:
    given_sound = Sound(np.array(values, "<i2").tobytes(), 16000)
    assert sound(samples(given_sound), 16000) == given_sound
