from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lamplighter.wiring.clocks import DemoClock

DAY = timedelta(days=1)


def test_tomorrow_is_still_tomorrow_after_a_restart(tmp_path: Path) -> None:
    DemoClock(tmp_path / "ahead.txt").forward(DAY)
    DemoClock(tmp_path / "ahead.txt").forward(DAY)
    assert DemoClock(tmp_path / "ahead.txt").now() - datetime.now(UTC) > 2 * DAY - timedelta(minutes=1)


@pytest.mark.parametrize("written", ["", "soon", "nan", "-90000", "inf", "1e30"])
def test_a_file_that_is_no_time_ahead_leaves_the_clock_on_time(tmp_path: Path, written: str) -> None:
    (tmp_path / "ahead.txt").write_text(written)
    assert abs(DemoClock(tmp_path / "ahead.txt").now() - datetime.now(UTC)) < timedelta(minutes=1)
