"""What callers hear while no desk is there is in the words that their practice has signed."""

from dataclasses import replace
from pathlib import Path

import pytest

from lamplighter.channels.phone.held import TONE, HeldPhrases
from lamplighter.desk.lines import Lines
from lamplighter.desk.ports import Sound, Voice
from lamplighter.practice.protocol import snapshot
from lamplighter.settings import Settings, TelephoneLine
from lamplighter.wiring.held_ahead import held_ahead, held_words
from lamplighter.wiring.lines import signed_line, unsigned_line
from lamplighter.wiring.practices import Practices, Signed, practices_in
from lamplighter.wiring.told_lines import LastWords
from tests.wiring.test_practices import made

OAK, ASH = "+12125550180", "+12125550181"


@pytest.fixture
def found(tmp_path: Path) -> Practices:
    made(tmp_path, "oak", "555-0180", sign=True)
    made(tmp_path, "ash", "555-0181")
    return practices_in(tmp_path)


class Spelling(Voice):
    """Says the bytes of the words."""

    async def speak(self, text: str, *, locale: str, slow: bool = False) -> Sound:
        return Sound(f"{locale}: {text}".encode() + b" " * (len(text.encode()) % 2), 8000)


def under(signed: Signed, files: dict[str, bytes]) -> Signed:
    return replace(signed, protocol=snapshot(files))


def test_each_practice_is_held_in_its_own_words_and_one_that_is_not_signed_in_the_one_sentence_it_has(
    found: Practices, tmp_path: Path
) -> None:
    line = TelephoneLine.model_validate({"server": "10.0.0.5", "rtp_ports": (16000, 16200)})
    ahead = held_ahead(Settings(data=tmp_path / "data", telephone=line), found)
    assert ahead is not None
    ahead(Spelling())
    held = HeldPhrases(tmp_path / "data" / "telephone" / "held")
    assert [held.whose(each) for each in (f"sip:{OAK}@line", ASH, "201", "")] == ["oak", "ash", "oak", "oak"]
    assert b"en: If you are in danger right now, call 911" in held.of("oak", "", 2)
    assert b"es: Un momento" in held.of("oak", "es", 0)
    assert b"en: This is " in held.of("ash", "", 0)
    assert held.of("ash", "en", 1) == held.of("ash", "en", 0) != TONE


def test_what_a_practice_signed_in_other_words_is_held_in_those_and_what_it_has_not_signed_is_not_said(
    found: Practices,
) -> None:
    (oak,) = found.signed
    files = dict(oak.protocol.files)
    lines = files["phrasebook/en.yaml"].decode().splitlines()
    own = [line.replace("I'm still here", "We are still here") for line in lines]
    own = [line for line in own if not line.startswith(("  held.2", "  held.3"))]
    files["phrasebook/en.yaml"] = "\n".join(own).encode()
    assert held_words(under(oak, files))["en"] == ["One moment, please. We are still here."]
    files["phrasebook/en.yaml"] = "\n".join(line for line in lines if "held." not in line[:7]).encode()
    assert "en" not in held_words(under(oak, files))


def test_a_carrier_says_what_was_signed_last_also_when_that_is_newer_than_the_server(
    found: Practices,
) -> None:
    (oak,) = found.signed
    lines = Lines([signed_line(oak.protocol), unsigned_line(found.unsigned[0].practice)])
    words = LastWords(lines)
    assert "call 911" in dict(words.now()["oak"])["en"]
    book = oak.protocol.files["phrasebook/en.yaml"].decode()
    newer = book.replace("If you are in danger right now, call 911", "In danger, call 911 now")
    lines.take_up(signed_line(snapshot({**oak.protocol.files, "phrasebook/en.yaml": newer.encode()})))
    assert words.now().keys() == {"oak"}
    assert dict(words.now()["oak"])["en"].startswith("In danger, call 911 now")
