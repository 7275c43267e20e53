"""A line with a carrier: what is missing is said before anybody calls in vain, and whose calls may be carried."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamplighter.channels.phone.carriers.our_lines import OurLine
from lamplighter.cli import app
from lamplighter.practice.model import Party, Practice
from lamplighter.practice.sample import SAMPLE_FOLDER, load_sample
from lamplighter.settings import CarrierLine, Settings
from lamplighter.wiring.carrier_lines import lines_now, practice_problems
from lamplighter.wiring.telephone import telephone_today, tell_of_telephone
from lamplighter.wiring.telephone_process import TelephoneProblem, carrier_setup_of, our_lines, run_engine

OWN, NUMBER = "+12125550177", "+12125550100"
GOOD = {"kind": "twilio", "account": "AC" + "0" * 32, "number": NUMBER, "own_lines": {"demo": OWN}}
DAY = date(2026, 12, 1)


def settings(**line: object) -> Settings:
    secret = {"telephone_password": line.pop("secret", "open sesame")}
    public = line.pop("public", "https://desk.example")
    given = CarrierLine.model_validate({**GOOD, **line})
    return Settings(telephone=given, public_address=public, **secret)  # type: ignore[arg-type]


def found(**line: object) -> list[str]:
    return [problem.message for problem in telephone_today(SAMPLE_FOLDER, settings(**line))[1]]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"secret": None}, "secret is missing"),
        ({"account": ""}, "account SID is missing"),
        ({"number": None}, "shown no number"),
        ({"public": None}, "nowhere to bring calls to"),
        ({"public": "http://desk.example"}, "travel readable"),
        ({"kind": "plivo", "account": ""}, "auth id is missing"),
        ({"kind": "telnyx"}, "call control application is missing"),
        ({"kind": "telnyx", "public_key": "aGk="}, "public key is missing or is none"),
        ({"api": "https://api.example"}, "stand-in on this machine"),
        ({"own_lines": {}}, "no line of its own"),
        ({"own_lines": {"demo": "+19110000"}}, "never dialled"),
        ({"own_lines": {"demo": NUMBER}}, "leads here"),
        ({"party": "Somebody"}, "no agreement with Somebody"),
    ],
)
def test_what_would_keep_calls_from_being_answered_is_named(line: dict[str, object], said: str) -> None:
    assert any(said in message for message in found(**line))


def test_where_calls_are_brought_to_is_told_and_the_secret_is_not() -> None:
    whole, told = settings(), list[str]()
    tell_of_telephone(whole, told.append)
    about, _ = telephone_today(SAMPLE_FOLDER, whole)
    assert "https://desk.example/telephone/voice" in about[0]
    assert isinstance(whole.telephone, CarrierLine)
    assert "sesame" not in repr((about, told, whole, carrier_setup_of(whole, whole.telephone)))
    assert "sesame" not in "".join(found(secret=None))


def test_a_line_that_lacks_its_secret_is_not_begun(tmp_path: Path) -> None:
    with pytest.raises(TelephoneProblem, match="LAMPLIGHTER_TELEPHONE_PASSWORD"):
        run_engine(settings(secret=None).model_copy(update={"data": tmp_path}))


def demo(**party: object) -> Practice:
    twilio = Party("Twilio", "calls", ("what is said",), date(2026, 1, 1), may_reuse=False)
    return replace(load_sample(), parties=(replace(twilio, **party),))


def test_calls_are_carried_on_an_agreement_that_is_on_file_that_day_and_on_no_other() -> None:
    line = CarrierLine.model_validate(GOOD)

    def carried(practice: Practice, over: CarrierLine = line) -> set[bool]:
        now = lines_now(over, {practice.id: practice}, {practice.id: (("en", "Call 911."),)}, DAY)
        assert set(now) == set(practice.numbers)
        assert {(each.words, each.own_line) for each in now.values()} == {((("en", "Call 911."),), OWN)}
        return {each.may_carry for each in now.values()}

    assert carried(demo()) == {True}
    assert carried(demo(agreed_on=date(2026, 12, 2))) == {False}
    assert carried(demo(may_reuse=True)) == {False}
    standin = line.model_copy(update={"api": "http://127.0.0.1:8770"})
    assert carried(demo(may_reuse=True), standin) == {True}
    assert not list(practice_problems(line, demo(), DAY))


def test_what_a_fall_back_at_the_carrier_answers_is_printed_for_each_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lamplighter.toml").write_text(
        f'[telephone]\nkind = "twilio"\naccount = "AC1"\nnumber = "{NUMBER}"\n', encoding="utf-8"
    )
    nothing = CliRunner().invoke(app, ["telephone", "--fallback"])
    assert (nothing.exit_code, "run `serve` once" in nothing.output) == (2, True)
    line = CarrierLine.model_validate(GOOD)
    words = (("es", "Marque 911 & espere."), ("pt-BR", "Ligue 911."))
    our_lines(Settings(), line).keep({NUMBER: OurLine(may_carry=True, words=words, own_line=OWN)})
    printed = CliRunner().invoke(app, ["telephone", "--fallback"]).output
    assert f"{NUMBER}:" in printed
    assert '<Say language="es-MX">Marque 911 &amp; espere.</Say><Say language="pt-BR">' in printed
    assert f"<Dial>{OWN}</Dial>" in printed
