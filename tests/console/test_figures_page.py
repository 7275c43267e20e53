"""REM-02: the figures on the staff page and in the command, each with how it is computed."""

from dataclasses import replace
from typing import get_args

from starlette.testclient import TestClient

from lamplighter.desk.figures import Figure, Which
from lamplighter.wiring.figures import as_text
from tests.channels.web.stage import Stage
from tests.console.test_staff_page import browser, sign_in, stage

__all__ = ["browser", "stage"]
MISSED = Figure("missed", "Missed visits", "Of the visits of the last 30 days, those marked.", 3, 20)


def test_rem_02_the_page_shows_every_figure_and_says_how_it_is_computed(
    stage: Stage, browser: TestClient
) -> None:
    sign_in(stage, browser)
    page = browser.get("/figures").text
    assert page.count("Nothing to count yet") == 4
    assert all(f'id="{which}"' in page for which in get_args(Which))
    assert "handed to the carrier" in page and "unknown" in page


def test_rem_02_missed_visits_stand_beside_the_past_that_the_practice_states() -> None:
    assert "Missed visits: 3 of 20 (15%); before: unknown" in as_text((MISSED,))
    assert "before: 22%" in as_text((replace(MISSED, before=22),))


def test_rem_02_the_command_says_how_each_is_computed() -> None:
    assert "    Of the visits of the last 30 days" in as_text((MISSED,))
    assert "Moved: 4\n" in as_text((Figure("moves", "Moved", "How often.", 4),))
