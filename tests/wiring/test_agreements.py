"""SEC-12: nothing that people say goes to a model elsewhere without an agreement on record that forbids reuse."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from lamplighter.connectors.models.openai_compatible import NoAgreement
from lamplighter.conversation.understanding.context import Context
from lamplighter.practice.doctor import examine
from lamplighter.practice.model import Party, Practice
from lamplighter.practice.sample import load_sample
from lamplighter.settings import Settings
from lamplighter.wiring.reading import only_with_agreement, reader_of, unread
from tests.practice.test_parties import CARRIER, folder_with

DAY = date(2026, 11, 25)
VENDOR = "Linden Models"
ELSEWHERE = "https://models.example/v1"
AGREED = Party(VENDOR, "understanding", ("what is said",), date(2026, 1, 5), may_reuse=False)
NOT_AGREED = [
    (),
    (replace(AGREED, name="Elm Models"),),
    (replace(AGREED, agreed_on=None),),
    (replace(AGREED, agreed_on=date(2026, 11, 26)),),
    (replace(AGREED, may_reuse=True),),
    (replace(AGREED, may_reuse=None),),
]


def with_parties(*parties: Party) -> Practice:
    return replace(load_sample(), parties=parties)


def sent(in_force: Practice, began_with: Practice | None = None) -> list[str]:
    """What leaves of a contact in which something is asked."""
    left: list[str] = []

    def read(text: str, _: Context) -> str | None:
        left.append(text)
        return None

    now = datetime(2026, 11, 25, 12, tzinfo=in_force.timezone)
    context = Context(locale="en", channel="sms", now=now, practice=began_with or in_force)
    only_with_agreement(read, VENDOR, {in_force.id: in_force})("I'd like a visit", context)
    return left


def test_sec_12_a_model_elsewhere_cannot_be_wired_without_the_name_of_whoever_runs_it() -> None:
    with pytest.raises(NoAgreement, match="reader_party"):
        reader_of(Settings(reader_url=ELSEWHERE), {})
    assert reader_of(Settings(reader_url=ELSEWHERE, reader_party=VENDOR), {}) is not None
    assert reader_of(Settings(reader_url="http://localhost:9/v1"), {}) is not None
    assert reader_of(Settings(), {}) is None


@pytest.mark.parametrize("parties", NOT_AGREED)
def test_sec_12_nothing_is_sent_without_an_agreement_on_file_that_forbids_reuse(parties: Any) -> None:
    assert sent(with_parties(*parties)) == []
    assert sent(with_parties(*parties), began_with=with_parties(AGREED)) == []
    told = unread([with_parties(*parties)], Settings(reader_url=ELSEWHERE, reader_party=VENDOR), DAY)
    assert told == ["demo"]


def test_sec_12_with_one_the_words_are_sent_and_nobody_is_told_otherwise() -> None:
    practice = with_parties(replace(AGREED, name=VENDOR.upper()))
    assert sent(practice) == ["I'd like a visit"]
    assert unread([practice], Settings(reader_url=ELSEWHERE, reader_party=VENDOR), DAY) == []
    assert unread([with_parties()], Settings(reader_url="http://127.0.0.1:9/v1"), DAY) == []


@pytest.mark.parametrize(
    ("written", "message"), [("may_reuse: yes", "may train on"), ("", "nobody has said whether")]
)
def test_sec_12_a_party_that_may_reuse_what_it_gets_or_of_which_nobody_said_stops_going_live(
    tmp_path: Path, written: str, message: str
) -> None:
    parties = CARRIER.format(since="2026-02-03").replace("may_reuse: no", written, 1)
    found = [each for each in examine(folder_with(tmp_path, parties), DAY) if each.file == "parties.yaml"]
    assert [(each.severity, message in each.message, each.line > 0) for each in found] == [
        ("go_live", True, True)
    ]
