"""Promise 2, guard_first: two detectors that fail differently, and either one is enough."""

import ast
from pathlib import Path

import lamplighter.conversation.guard as package
from lamplighter.conversation.guard import Guard, Verdict
from lamplighter.conversation.guard.classifier import Classifier
from lamplighter.conversation.guard.patterns import Patterns


def test_either_detector_alone_is_enough() -> None:
    guard = Guard(Patterns.read([]), Classifier.load())
    assert guard.check("it's around my neck already", "en", "voice") == Verdict("crisis", ("classifier",))
    assert Guard.load().interim("I want to kill myself", "en", "voice").verdict == "crisis"


def test_the_guard_knows_no_clock_no_chance_and_no_network() -> None:
    banned = {"time", "datetime", "random", "secrets", "os", "socket", "subprocess", "sqlite3", "httpx"}
    for module in Path(package.__file__).parent.glob("*.py"):
        tree = ast.parse(module.read_text("utf-8"))
        plain = {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
        }
        named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert {name.partition(".")[0] for name in plain | named}.isdisjoint(banned), module.name


def test_a_verdict_can_carry_nothing_but_its_kind_and_reasons() -> None:
    assert Verdict.__slots__ == ("verdict", "because")
