"""`lamplighter guard`: a verdict a line, and a bad line stops nothing."""

import json

from lamplighter.conversation.guard.stream import run


def answers(*lines: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in run(lines)]


def test_each_line_is_answered_with_its_id_verdict_and_reasons() -> None:
    line = json.dumps({"id": "a1", "locale": "en", "channel": "voice", "text": "I want to kill myself"})
    (answer,) = answers(line)
    assert (answer["id"], answer["verdict"]) == ("a1", "crisis")
    assert isinstance(answer["because"], list)


def test_a_bad_line_is_answered_with_an_error_and_the_next_is_read() -> None:
    good = json.dumps({"id": 7, "locale": "xx", "channel": "sms", "text": "hello"})
    fax = '{"id": 6, "locale": "en", "channel": "fax", "text": ""}'
    found = answers("{", "[]", json.dumps({"id": 5, "locale": "en"}), "", fax, good)
    assert [answer.get("id") for answer in found] == [None, None, 5, 6, 7]
    assert ["error" in answer for answer in found] == [True, True, True, True, False]
    assert found[-1]["verdict"] == "clear"


def test_a_line_of_brackets_without_end_is_an_error() -> None:
    assert "error" in answers("[" * 100_000)[0]
