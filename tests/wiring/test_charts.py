"""Charts as an operator sets them up: what is missing is named, no key is told to anybody, nothing goes in the open."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from typer.testing import CliRunner

from lamplighter.cli import app
from lamplighter.desk.ports.chart import NotWritten, WhyNot
from lamplighter.practice.model import Eligibility, Party, Practice
from lamplighter.practice.sample import load_sample
from lamplighter.settings import Settings
from lamplighter.wiring.charts import SetUpCharts, chart_problems, tell_of_charts
from tests.connectors.chart.test_contract import NOTE
from tests.fhir.authorities import P384
from tests.promises.desks import NOON, SimulatedClock

DAY = date(2026, 12, 1)
AGREED = Party("Lantern Records", "keeps charts", ("plans",), date(2026, 1, 1), may_reuse=False)
URLS = {"url": "https://fhir.records.example/r4", "token_url": "https://fhir.records.example/token"}


def practice(*parties: Party) -> Practice:
    return replace(load_sample(), parties=parties)


def settings(**account: Any) -> Settings:
    whole = {**URLS, "client": "desk", "party": "Lantern Records", "key": P384, **account}
    return Settings.model_validate({"charts": {"demo": whole}})


def made(given: Settings) -> Any:
    return SetUpCharts(given, {"demo": practice()}, SimulatedClock(NOON)).of("demo")


def test_what_is_set_up_whole_has_nothing_missing_and_shows_no_key() -> None:
    given = settings()
    assert chart_problems(practice(AGREED), given, DAY) == []
    assert made(given).party == "Lantern Records"
    assert "PRIVATE" not in repr(made(given)) + repr(given)
    assert made(settings(url="http://127.0.0.1:9", token_url="http://127.0.0.1:9/t")).party == ""


@pytest.mark.parametrize(
    ("of", "given", "said", "there"),
    [
        (practice(), settings(), "names no agreement with Lantern Records", True),
        (practice(AGREED), settings(key=None), "there is no key", False),
        (practice(AGREED), settings(key="hunter2"), "this is no private key", False),
        (practice(AGREED), settings(key=None, key_file="/nowhere/key.pem"), "can't be read", False),
        (practice(AGREED), settings(token_url=""), "an address is missing", False),
        (practice(AGREED), settings(url="http://fhir.records.example"), "does not begin with https", False),
        (practice(AGREED), settings(client=""), "has no client", False),
        (replace(practice(AGREED), eligibility=Eligibility()), settings(), "name no payers", True),
    ],
)
def test_what_is_missing_is_named_at_the_start_and_nothing_goes_then(
    of: Practice, given: Settings, said: str, there: bool
) -> None:
    told: list[str] = []
    tell_of_charts([of], given, DAY, told.append)
    [line] = told
    assert said in line and line.startswith("NO CHART IS WRITTEN") and "hunter2" not in line
    assert (made(given) is not None) is there


def test_a_chart_on_paper_needs_nothing_and_takes_nothing() -> None:
    given = Settings.model_validate({"charts": {"demo": {"kind": "paper"}}})
    assert chart_problems(practice(), given, DAY) == []
    assert made(given).write(NOTE, 1) == NotWritten(WhyNot.TAKES_NOTHING)
    assert made(given).look(NOTE, 1) is None


def test_the_public_half_of_the_key_is_printed_for_whoever_registers_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LAMPLIGHTER_CHARTS", '{"demo": {"client": "desk"}}')
    assert CliRunner().invoke(app, ["jwks", "demo"]).exit_code == 1
    monkeypatch.setenv("LAMPLIGHTER_CHART_KEYS", f'{{"demo": {P384!r}}}'.replace("'", '"'))
    printed = CliRunner().invoke(app, ["jwks", "demo"])
    assert printed.exit_code == 0 and '"ES384"' in printed.output and '"d"' not in printed.output
