"""Practices made of the templates and filled in with invented answers, as somebody at a terminal would."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from lamplighter.practice.filling import ask_all
from lamplighter.practice.new import create

DAY = date(2026, 11, 25)

ANSWERS = {
    "The state": "New York",
    "The number that people call": "(212) 555-0140",
    "The time zone": "",  # what is suggested is right
    "The address": "3 Linden Street, Albany, New York",
    "Your name": "Ada Reyes",
    "Your credential": "LCSW",
    "The fee for cancelling late": "$50",
    "The number of the desk, not the one people call": "(212) 555-0141",
}


def answer_to(question: str, names: list[str]) -> str:
    """An invented answer to what is asked; `names` are used up."""
    asked = question.partition(" (such as")[0]
    if asked in ANSWERS:
        return ANSWERS[asked]
    if asked.startswith("The name of"):
        return names.pop()
    if "license" in asked:
        return ""
    if asked.startswith("The fee for"):
        return "$140"
    if "credential" in asked:
        return "LMFT"
    return f"(212) 555-01{50 + len(asked) % 40}"


def made(folder: Path, kind: str, name: str = "Linden Therapy") -> Path:
    """A folder of that kind with everything filled in."""
    create(folder, name, kind, DAY)
    ask_all(folder, answering(), lambda wrong: None)
    return folder


def answering() -> Callable[[str, str], str | None]:
    names = ["Noor Halim", "Ben Castellan"]
    return lambda question, suggested: answer_to(question, names)
