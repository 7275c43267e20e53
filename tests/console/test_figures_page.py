"""REM-02: the figures on the staff page and in the command, each with how it is computed."""

import csv
import io
from dataclasses import replace
from typing import get_args

from starlette.testclient import TestClient

from lamplighter.desk.figures import Figure, Which
from lamplighter.wiring.figures import as_text
from tests.channels.web.stage import Stage
from tests.console.test_staff_page import browser, sign_in, stage
from tests.desk.numbers_log import Story, logged

__all__ = ["browser", "stage"]
MISSED = Figure("missed", "Missed visits", "Of the visits of the last 30 days, those marked.", 3, 20)


def test_rem_02_the_page_shows_every_figure_and_says_how_it_is_computed(
    stage: Stage, browser: TestClient
) -> None:
    sign_in(stage, browser)
    page = browser.get("/figures").text
    assert page.count("Nothing to count yet") > 4
    assert all(f'id="{which}"' in page for which in get_args(Which))
    assert "handed to the carrier" in page and "unknown" in page


def test_rem_02_missed_visits_stand_beside_the_past_that_the_practice_states() -> None:
    assert "Missed visits: 3 of 20 (15%); before: unknown" in as_text((MISSED,))
    assert "before: 22%" in as_text((replace(MISSED, before=22),))


def test_rem_02_the_command_says_how_each_is_computed() -> None:
    assert "    Of the visits of the last 30 days" in as_text((MISSED,))
    assert "Moved: 4\n" in as_text((Figure("moves", "Moved", "How often.", 4),))


def rows_of(browser: TestClient, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"/figures.csv{query}")
    assert answer.headers["content-disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_the_file_has_every_number_with_how_it_is_computed_and_no_part_that_is_under_five(
    stage: Stage, browser: TestClient
) -> None:
    sign_in(stage, browser)
    with stage.records.transaction(stage.practice.id) as tx:
        for place in range(9):
            told = Story(language="es" if place < 3 else "en", asked="human" if place < 6 else None)
            logged(tx, f"c{place}", told, stage.practice)
    rows = rows_of(browser)
    whole = {row["figure"]: row for row in rows if not row["by"]}
    assert (whole["Contacts"]["count"], whole["Handed over"]["count"], whole["Handed over"]["of"]) == (
        "9",
        "6",
        "9",
    )
    assert all(row["how"] for row in whole.values())
    parts = [row for row in rows if row["by"] == "Language" and row["figure"] == "Contacts"]
    assert {row["count"] for row in parts} == {""}, (
        "three of nine would tell the other six, and they the three"
    )
    assert rows_of(browser, "?from=2026-11-01&to=2026-11-30")[0]["count"] == "0"


def test_days_that_are_none_are_said_and_the_last_thirty_are_shown(stage: Stage, browser: TestClient) -> None:
    sign_in(stage, browser)
    for query, said in (
        ("from=x", "That is no day"),
        ("from=2026-11-30&to=2026-11-01", "first day is after"),
    ):
        page = browser.get(f"/figures?{query}").text
        assert said in page
        assert 'value="2026-11-02"' in page
    assert "Three years are shown at most" in browser.get("/figures?from=2001-01-01&to=2026-11-01").text
