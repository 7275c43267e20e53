"""Scenarios and phrases that tests write by hand."""

from datetime import datetime
from textwrap import indent

from lamplighter.practice.sample import load_sample
from lamplighter.rehearsal.caller import Caller, Words
from lamplighter.rehearsal.reading import read
from lamplighter.rehearsal.scenario import Scenario

HEAD = """
- id: one
  locale: en
  channel: voice
  at: 2026-12-01T21:10:00-05:00
  opens: "hello"
"""


def scenario(body: str = "expect: {outcome: booked}", head: str = HEAD) -> Scenario:
    if "expect:" not in body:
        body += "\nexpect: {outcome: booked}"
    scenarios, problems = read("test.yaml", (head + indent(body.strip("\n"), "  ")).encode())
    assert problems == []
    return scenarios[0]


def caller(body: str = "", head: str = HEAD, code: str | None = None, *, on_a_line: bool = False) -> Caller:
    return Caller(scenario(body, head), load_sample(), lambda: code, on_a_line=on_a_line)


def asking(*details: str, phrase: str = "ask", confirms: dict[str, str] | None = None) -> list[Words]:
    return [Words(phrase, "...", details, tuple(confirms or ()), confirms or {})]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
