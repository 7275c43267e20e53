"""The bench can be trusted: it says when a figure is over its limit, whichever way the limit goes."""

import pytest

from bench import Budget, Stopwatch


@pytest.mark.parametrize(
    ("budget", "holds"),
    [
        (Budget("turn", 12.0, 12.0, "ms", ""), True),
        (Budget("turn", 12.0, 12.1, "ms", ""), False),
        (Budget("verify", 100_000, 100_000, "entries/s", "", bound="at least"), True),
        (Budget("verify", 100_000, 99_999, "entries/s", "", bound="at least"), False),
    ],
)
def test_a_figure_is_held_against_its_limit(budget: Budget, holds: bool) -> None:
    assert budget.holds is holds


def test_a_percentile_is_a_sample_that_so_many_do_not_exceed() -> None:
    watch = Stopwatch(samples=[float(sample) for sample in range(100, 0, -1)])
    assert (watch.percentile(0.5), watch.percentile(0.99), watch.percentile(1.0)) == (50.0, 99.0, 100.0)
