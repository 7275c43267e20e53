"""Each lint finds what breaks its rule, however it is written, and lets the rest pass."""

import pytest

from tests.house import lints
from tests.house.lints import Lint, Module


def findings(lint: Lint, text: str) -> list[str]:
    return [finding.what for finding in lint(Module("some.py", text))]


@pytest.mark.parametrize(
    ("lint", "text"),
    [
        (lints.reads_wall_clock, "from datetime import datetime as dt\nnow = dt.now()"),
        (lints.reads_wall_clock, "import datetime\nday = datetime.date.today()"),
        (lints.reads_wall_clock, "import time\nwait = time.sleep"),
        (lints.reads_wall_clock, "from time import time as clock\nclock()"),
        (lints.reaches_outside, "import random"),
        (lints.reaches_outside, "def later():\n    from urllib.request import urlopen"),
        (lints.logs_past_the_wrapper, "import logging.handlers"),
        (lints.logs_past_the_wrapper, "print('a name')"),
        (lints.touches_a_database, "from sqlalchemy.engine import Engine"),
        (lints.touches_a_database, "query = 'SELECT name\\n FROM people'"),
        (lints.touches_a_database, "query = 'insert or ignore into people values (1)'"),
        (lints.longer_than(2), "a = 1\nb = 2\nc = 3\n"),
        (lints.functions_longer_than(2), "async def f():\n    a = 1\n    return a\n"),
        (lints.looks_unfinished, "a = 1  # for now, this"),
        (lints.looks_unfinished, "raise NotImplementedError"),
        (lints.asserts_nothing, "def test_it_runs():\n    1 + 1"),
    ],
)
def test_a_breach_is_found_once(lint: Lint, text: str) -> None:
    assert len(findings(lint, text)) == 1


@pytest.mark.parametrize(
    ("lint", "text"),
    [
        (lints.reads_wall_clock, "def soon(clock):\n    return clock.now()"),
        (lints.reads_wall_clock, "from datetime import datetime\nmoment = datetime.fromisoformat"),
        (lints.reaches_outside, "import re\nfrom lamplighter.conversation.time import tomorrow"),
        (lints.logs_past_the_wrapper, "self.print(page)"),
        (lints.touches_a_database, "said = 'Please select a time from these: nine or ten.'"),
        (lints.touches_a_database, "said = 'Update set'"),
        (lints.longer_than(3), "a = 1\nb = 2\nc = 3\n"),
        (lints.functions_longer_than(3), "async def f():\n    a = 1\n    return a\n"),
        (lints.looks_unfinished, "todos = tasks_of(practice)"),
        (lints.asserts_nothing, "def test_it_holds():\n    assert 1 + 1 == 2"),
        (lints.asserts_nothing, "def test_no_text_makes_it_raise():\n    ask('')"),
        (lints.asserts_nothing, "def test_it_is_refused():\n    with pytest.raises(Refused):\n        ask()"),
    ],
)
def test_what_keeps_the_rule_passes(lint: Lint, text: str) -> None:
    assert findings(lint, text) == []


@pytest.mark.parametrize(
    "parts", [("work", "main", "a.py"), ("root", ".cache"), ("home", "ana", "lamplighter")]
)
def test_a_path_of_somebodys_machine_is_found(parts: tuple[str, ...]) -> None:
    text = "first\nsee " + "/".join(["", *parts])
    assert [finding.line for finding in lints.names_a_machine("a.md", text)] == [2]


@pytest.mark.parametrize(
    "path", ["https://example.org/work-hours", "data/practice/home.html", "src/lamplighter"]
)
def test_other_paths_pass(path: str) -> None:
    assert list(lints.names_a_machine("a.md", path)) == []


@pytest.mark.parametrize("phone", ["+12125551234", "(212) 867-0143", "212-555-0243"])
def test_a_number_that_may_be_somebodys_is_found(phone: str) -> None:
    assert len(list(lints.phones_of_nobody("a.yaml", f'phone: "{phone}"', frozenset()))) == 1


@pytest.mark.parametrize(
    "text", ["+12125550143", "(212) 555-0143", "2026-12-01T21:10:00", "988", "sha 1234567890123"]
)
def test_numbers_of_nobody_and_other_figures_pass(text: str) -> None:
    assert list(lints.phones_of_nobody("a.yaml", text, frozenset())) == []


def test_a_named_public_line_passes() -> None:
    assert list(lints.phones_of_nobody("a.md", "call 800-273-8255", frozenset({"8002738255"}))) == []
