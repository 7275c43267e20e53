"""The optional large model: what it is asked, and how little of its answer is believed.

The desk sends the utterance with `schema_for(context)` to the `Reader` port and gives the output to `validate`, which
takes a value only where the schema allows it and the person's own words hold it.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from lamplighter.conversation.acts import (
    Act,
    Affirm,
    Aside,
    AskAbout,
    Decline,
    Deny,
    Give,
    Intend,
    Interject,
    Topic,
)
from lamplighter.conversation.details import Detail, Errand, Key
from lamplighter.conversation.understanding import preferences as prefer
from lamplighter.conversation.understanding.context import Context
from lamplighter.conversation.understanding.details import read_detail
from lamplighter.conversation.understanding.lexicon import lexicon, spoken_in
from lamplighter.conversation.understanding.names import titled
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.text import Said, fold

Json = Mapping[str, Any]
LONGEST_VALUE = 120
_NEVER_FROM_A_MODEL = frozenset(
    {Detail.MESSAGE, Detail.CONFIRM, Detail.CONFIRM_DETAIL, Detail.CHOICE, Detail.ERRAND}
)
_AS_SAID = frozenset({Detail.FIRST_NAME, Detail.LAST_NAME, Detail.CALLER_NAME, Detail.PREFERRED_NAME,
                      Detail.ORGANISATION, Detail.INSURANCE})  # fmt: skip


def schema_for(context: Context) -> dict[str, Any]:
    """A JSON schema (draft 2020-12) for what an utterance can be, given what was asked and read back."""
    details = [
        str(key) for key in (*context.asked, *context.confirmed) if key.detail not in _NEVER_FROM_A_MODEL
    ]
    value = {"type": "string", "minLength": 1, "maxLength": LONGEST_VALUE}
    given = {"type": "object", "additionalProperties": False, "properties": dict.fromkeys(details, value)}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "answer": {"enum": ["yes", "no", "none"]},
            "said": {
                **given,
                "description": "For each detail, the person's own words that give it, copied exactly.",
            },
            "declined": {"type": "array", "items": {"enum": details or [""]}, "uniqueItems": True},
            "errand": {"enum": [*(errand.value for errand in Errand), "none"]},
            "question": {"enum": [*(topic.value for topic in Topic), "none"]},
            "aside": {"enum": [*(aside.value for aside in _ASIDES), "none"]},
        },
    }


_ASIDES = (Aside.REPEAT, Aside.SLOWER, Aside.ROBOT, Aside.WRONG_NUMBER, Aside.SOMEBODY_ELSE, Aside.BACKGROUND,
           Aside.CANNOT_HEAR, Aside.WHY_ASK, Aside.HOLD_ON)  # fmt: skip


def validate(output: str | Json, text: str, context: Context) -> tuple[Act, ...]:
    """The acts in a model's output that the schema allows and `text` bears out; () for anything malformed."""
    answer = _parsed(output)
    if answer is None or not _fits(answer, schema_for(context)):
        return ()
    said = Said.of(text)
    listening = Listening(context, spoken_in(said.words, context.locale))
    acts: list[Act] = []
    for name, words in answer.get("said", {}).items():
        acts += _given(Key.parse(name), str(words), said, listening)
    acts += [Decline(key.detail, key.subject) for key in map(Key.parse, answer.get("declined", ()))]
    acts += _plain(answer, context)
    return tuple(acts)


def _plain(answer: Json, context: Context) -> list[Act]:
    acts: list[Act] = []
    makers: tuple[tuple[str, Callable[[str], Act]], ...] = (
        ("answer", lambda value: Affirm() if value == "yes" else Deny()),
        ("errand", lambda value: Intend(Errand(value), sure=context.errand is None)),
        ("question", lambda value: AskAbout(Topic(value))),
        ("aside", lambda value: Interject(Aside(value))),
    )
    for name, make in makers:
        value = answer.get(name, "none")
        if value != "none":
            acts.append(make(value))
    return acts


def _given(key: Key, words: str, said: Said, listening: Listening) -> list[Act]:
    """The detail as our own readers read it out of the words quoted, which must stand in what was said."""
    quoted = Said.of(words)
    if not quoted.words or not _stands_in(quoted, said):
        return []
    reading = read_detail(quoted, key, listening)
    if reading and reading.acts:
        return [act for act in reading.acts if not isinstance(act, Give) or act.key == key]
    if key.detail in _AS_SAID:
        start, end = 0, len(quoted.text)
        value = quoted.text[start:end].strip(" .,!?")
        return [Give(key.detail, " ".join(map(titled, value.split())), key.subject)]
    if key.detail is Detail.CLINICIAN:
        found = prefer.find_clinician(
            quoted, listening.context.practice, lexicon(listening.locale), asked=True
        )
        return [Give(key.detail, found.value, key.subject)] if found else []
    return []


def _stands_in(quoted: Said, said: Said) -> bool:
    return _letters(quoted.low) in _letters(said.low)


def _letters(low: str) -> str:
    return re.sub(r"[\W_]+", "", fold(low))


def _parsed(output: str | Json) -> Json | None:
    if not isinstance(output, str):
        return output
    try:
        parsed = json.loads(output)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def _fits(value: Any, schema: Json) -> bool:
    """The parts of JSON Schema that `schema_for` uses."""
    if "enum" in schema:
        return value in schema["enum"]
    kind = schema["type"]
    if kind == "object":
        known = schema["properties"]
        return isinstance(value, Mapping) and all(
            name in known and _fits(part, known[name]) for name, part in value.items()
        )
    if kind == "array":
        return isinstance(value, list) and all(_fits(part, schema["items"]) for part in value)
    return isinstance(value, str) and schema["minLength"] <= len(value) <= schema["maxLength"]
