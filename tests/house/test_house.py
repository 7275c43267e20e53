"""The rules of the house hold in this tree. What is let pass is named here, with the reason."""

import subprocess
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

from tests.house import lints
from tests.house.lints import Finding, Lint, Module

ROOT = Path(__file__).parents[2]

Passes = dict[str, str]
"""Path patterns that a rule lets pass, each with its reason."""

MAY_READ_THE_WALL_CLOCK: Passes = {
    "src/lamplighter/wiring/clocks.py": "the clock port over the wall clock",
}
MAY_REACH_OUTSIDE: Passes = {
    "src/lamplighter/conversation/understanding/vectors.py": "a lock round its own table",
}
MAY_LOG: Passes = {
    "src/lamplighter/channels/phone/seen.py": "takes the trace of the telephone's engine; none of it goes into a log",
    "src/lamplighter/channels/speech/standins.py": "says in a fixed sentence that it is a stand-in; no value goes in",
    "src/lamplighter/cli*.py": "the commands print",
    "src/lamplighter/conversation/guard/report.py": "a command for whoever trains the guard; it prints its table",
    "src/lamplighter/conversation/guard/train.py": "a command for whoever trains the guard; it prints its margins",
    "src/lamplighter/conversation/guard/train_others.py": "the same, for its other languages",
    "src/lamplighter/logs.py": "the wrapper itself",
}
MAY_TOUCH_A_DATABASE: Passes = {
    "src/lamplighter/records/*": "records is the room of the database",
}
MAY_BE_LONG: Passes = {}
MAY_HAVE_LONG_FUNCTIONS: Passes = {}
PUBLIC_LINES = frozenset({"8007997233", "8002221222", "8009112000", "8664887386", "8006564673"})
"""Lines that answer anybody in a crisis: domestic violence, poison control, Trevor, sexual assault (US), Línea de la
Vida (Mexico)."""


@cache
def committed() -> tuple[str, ...]:
    """Every file that is, or is about to be, committed."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(name for name in names if (ROOT / name).is_file())


@cache
def every_module() -> tuple[Module, ...]:
    return tuple(Module.read(ROOT, name) for name in committed() if name.endswith(".py"))


def modules(folder: str) -> Iterator[Module]:
    return (module for module in every_module() if module.path.startswith(folder))


def texts() -> Iterator[tuple[str, str]]:
    for name in committed():
        if name == "uv.lock":
            continue
        content = (ROOT / name).read_bytes()
        if b"\0" not in content[:4096]:
            yield name, content.decode("utf-8", errors="replace")


def breaches(lint: Lint, folder: str, passes: Passes) -> list[str]:
    found = (finding for module in modules(folder) for finding in lint(module))
    return [str(finding) for finding in found if not passed(finding, passes)]


def passed(finding: Finding, passes: Passes) -> bool:
    return any(fnmatch(finding.path, pattern) for pattern in passes)


def told(findings: Iterable[Finding]) -> list[str]:
    return [str(finding) for finding in findings]


def test_time_comes_from_the_clock_port() -> None:
    assert breaches(lints.reads_wall_clock, "src/", MAY_READ_THE_WALL_CLOCK) == []


def test_the_conversation_and_what_lies_under_it_do_no_io() -> None:
    for folder in ("conversation", "practice", "law"):
        assert breaches(lints.reaches_outside, f"src/lamplighter/{folder}/", MAY_REACH_OUTSIDE) == []


def test_log_lines_are_written_through_the_wrapper_alone() -> None:
    assert breaches(lints.logs_past_the_wrapper, "src/", MAY_LOG) == []


def test_only_records_speaks_to_a_database() -> None:
    assert breaches(lints.touches_a_database, "src/", MAY_TOUCH_A_DATABASE) == []


def test_a_file_is_one_room() -> None:
    assert breaches(lints.longer_than(450), "src/", MAY_BE_LONG) == []
    assert breaches(lints.longer_than(900), "tests/", MAY_BE_LONG) == []


def test_a_function_fits_a_screen() -> None:
    assert breaches(lints.functions_longer_than(60), "", MAY_HAVE_LONG_FUNCTIONS) == []


def test_no_work_is_left_half_done() -> None:
    assert breaches(lints.looks_unfinished, "src/", {}) == []


def test_what_needs_a_browser_lies_where_the_runs_of_the_suite_look_for_it() -> None:
    marked = {name for name, text in texts() if "mark.browser" in text and name.startswith("tests/")}
    assert {name for name in marked if not name.startswith(("tests/browser/", "tests/house/"))} == set()


def test_every_test_can_fail() -> None:
    assert breaches(lints.asserts_nothing, "tests/", {}) == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert told(finding for name, text in texts() for finding in lints.names_a_machine(name, text)) == []


def test_sample_numbers_are_nobodys() -> None:
    found = (
        finding for name, text in texts() for finding in lints.phones_of_nobody(name, text, PUBLIC_LINES)
    )
    passes = {"tests/house/*": "the lint's own examples"}
    assert told(finding for finding in found if not passed(finding, passes)) == []


def test_nothing_is_let_pass_that_no_longer_needs_it() -> None:
    rules = [
        (lints.reads_wall_clock, MAY_READ_THE_WALL_CLOCK),
        (lints.reaches_outside, MAY_REACH_OUTSIDE),
        (lints.logs_past_the_wrapper, MAY_LOG),
        (lints.longer_than(450), MAY_BE_LONG),
        (lints.functions_longer_than(60), MAY_HAVE_LONG_FUNCTIONS),
    ]
    for lint, passes in rules:
        for pattern in passes:
            found = [
                finding
                for module in modules("")
                for finding in lint(module)
                if fnmatch(finding.path, pattern)
            ]
            assert found, f"{pattern} needs no pass any more"
