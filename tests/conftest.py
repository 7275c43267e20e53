"""What holds for every test: what a test needs must be there, and in CI nothing is left out.

A test that needs a program of this machine says so with its marker (`browser`, `speech`); elsewhere than in CI it is
skipped with the line that brings the program. In CI every skip is a failure: what was not run has not been shown. The
one exception are other people's sample files, which lie beside the project where they lie at all: they are not ours to
bring. Properties are tried on the same examples everywhere, so that what passed here passes elsewhere; `make test-all`
draws new ones (`EXAMPLES=new`).
"""

import os
import shutil
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

OTHER_PEOPLES = "not beside the project"
PROGRAMS = {"browser": ("chromium",), "speech": ("espeak-ng", "sox")}

ON_ANY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("the same", ON_ANY_MACHINE, derandomize=True, print_blob=True)
settings.register_profile("new", ON_ANY_MACHINE)
settings.load_profile("new" if os.environ.get("EXAMPLES") == "new" else "the same")


def in_ci() -> bool:
    return os.environ.get("CI") == "true"


def missing_programs(item: pytest.Item) -> list[str]:
    wanted = [
        program
        for marker, programs in PROGRAMS.items()
        if item.get_closest_marker(marker)
        for program in programs
    ]
    return [program for program in wanted if shutil.which(program) is None]


def pytest_runtest_setup(item: pytest.Item) -> None:
    if missing := missing_programs(item):
        pytest.skip(
            f"missing {', '.join(missing)}: apt-get install -y --no-install-recommends {' '.join(missing)}"
        )


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """A skip becomes a failure that carries the skip's reason; an expected failure stays what it is."""
    if report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    where = report.longrepr
    reason = where[2] if isinstance(where, tuple) else str(where)
    if reason.endswith(OTHER_PEOPLES):
        return
    report.outcome = "failed"
    report.longrepr = f"Nothing may be skipped in CI. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if in_ci():
        fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if in_ci():
        fail_if_skipped(report)
    return report
