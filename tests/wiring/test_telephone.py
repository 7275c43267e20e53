"""Whether the telephone's line is set up well, said before anybody calls in vain."""

import sys
from pathlib import Path

import pytest

from lamplighter.channels.phone.held import HeldPhrases
from lamplighter.practice.sample import SAMPLE_FOLDER
from lamplighter.settings import Settings, TelephoneLine
from lamplighter.wiring.telephone import can_be_kept, telephone_today, tell_of_telephone
from lamplighter.wiring.telephone_process import TelephoneProblem, run_engine, setup_of

GOOD = {"server": "10.0.0.5", "peers": ("10.0.0.5",), "rtp_ports": (16000, 16200)}


def found(**line: object) -> list[str]:
    settings = Settings(telephone=TelephoneLine.model_validate({**GOOD, **line}))
    return [problem.message for problem in telephone_today(SAMPLE_FOLDER, settings)[1]]


def test_a_line_that_is_set_up_well_is_told_in_one_sentence() -> None:
    told, problems = telephone_today(SAMPLE_FOLDER, Settings(telephone=TelephoneLine.model_validate(GOOD)))
    assert told == ["Calls by a trunk at 10.0.0.5 over udp, from 10.0.0.5"]
    assert [problem for problem in problems if "speech models" not in problem.message] == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"peers": ()}, "no peers are listed"),
        ({"peers": ("pbx.example",)}, "telephone.peers"),
        ({"peers": ("0.0.0.0/0",)}, "everybody is a peer"),
        ({"kind": "extension"}, "the extension has no password"),
        ({"kind": "extension"}, "may not say which number was dialled"),
        ({"certificate": Path("nowhere.pem")}, "nowhere.pem is not there"),
        ({"rtp_ports": (16000, 16010)}, "too few ports"),
        ({"peers": ("8.8.8.0/28",)}, "travels readable"),
        ({"number": "+12125550199"}, "doesn't say what was dialled"),
    ],
)
def test_what_would_keep_calls_from_coming_or_let_others_listen_is_named(
    line: dict[str, object], said: str
) -> None:
    assert any(said in message for message in found(**line))


def test_a_machine_that_cannot_speak_is_told_to_whoever_sets_the_line_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    line = TelephoneLine.model_validate(GOOD)
    settings, told = Settings(telephone=line, models=tmp_path), list[str]()
    tell_of_telephone(settings, told.append)
    assert [each.split(":")[0] for each in told] == ["NO VOICE", "NO VOICE", "  Telephone"]
    remedies = [problem.remedy for problem in telephone_today(SAMPLE_FOLDER, settings)[1]]
    assert remedies == ["Type: sudo apt-get install espeak-ng", "Type: lamplighter models install"]


def test_a_peer_is_an_address_of_the_network_that_is_listed_and_nothing_else() -> None:
    line = TelephoneLine.model_validate({**GOOD, "peers": ("10.0.0.0/28", "2001:db8::5")})
    setup = setup_of(Settings(telephone=line))
    assert [setup.lists(each) for each in ("10.0.0.5", "::ffff:10.0.0.5", "2001:db8::5")] == [True] * 3
    assert [setup.lists(each) for each in ("10.0.0.16", "127.0.0.1", "pbx.example", "")] == [False] * 4


def test_the_secret_of_the_environment_counts_and_none_is_shown() -> None:
    settings = Settings(telephone=TelephoneLine.model_validate(GOOD), telephone_password="open sesame")  # type: ignore[arg-type]
    setup = setup_of(settings)
    assert setup.password == "open sesame"
    assert "sesame" not in repr(setup)


def test_without_a_line_the_telephone_says_where_to_read_of_it() -> None:
    with pytest.raises(TelephoneProblem, match=r"docs/telephone\.md"):
        setup_of(Settings())


def test_without_the_library_doctor_and_the_telephone_say_what_to_type_and_the_desk_goes_on_without_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "soxr", None)
    settings = Settings(data=tmp_path, telephone=TelephoneLine.model_validate(GOOD))
    problem = telephone_today(SAMPLE_FOLDER, settings)[1][0]
    assert (problem.severity, "lamplighter[telephone]" in problem.remedy) == ("error", True)
    assert not can_be_kept(settings)
    with pytest.raises(TelephoneProblem, match=r"pip install 'lamplighter\[telephone\]'"):
        run_engine(settings)


def test_folders_that_the_telephone_makes_are_its_owners_alone(tmp_path: Path) -> None:
    HeldPhrases(tmp_path / "data" / "telephone" / "held").keep([])
    made = [tmp_path / "data", tmp_path / "data" / "telephone", tmp_path / "data" / "telephone" / "held"]
    assert [each.stat().st_mode & 0o777 for each in made] == [0o700] * 3
