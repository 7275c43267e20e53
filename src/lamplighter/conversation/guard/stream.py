"""`lamplighter guard`: JSON lines in, a verdict a line out."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from .guard import Guard

_CHANNELS = ("voice", "sms", "chat")


def run(lines: Iterable[str]) -> Iterator[str]:
    """Answers {"id", "verdict", "because"} for each {"id", "locale", "channel", "text"}.

    A line that cannot be read is answered with {"id", "error"}, and the next one is read. An empty
    line is passed over.
    """
    guard = Guard.load()
    for line in lines:
        if line.strip():
            yield json.dumps(_answer(guard, line))


def _answer(guard: Guard, line: str) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"not JSON: {error}"}
    if not isinstance(request, dict):
        return {"id": None, "error": "not an object with id, locale, channel and text"}
    given = request.get("id")
    for name in ("locale", "channel", "text"):
        if not isinstance(request.get(name), str):
            return {"id": given, "error": f"{name} must be a string"}
    if request["channel"] not in _CHANNELS:
        return {"id": given, "error": f"channel must be one of {', '.join(_CHANNELS)}"}
    verdict = guard.check(request["text"], request["locale"], request["channel"])
    return {"id": given, "verdict": verdict.verdict, "because": list(verdict.because)}
