"""JSON as other people send it: what is no value is none, and no shape makes anything raise."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lamplighter.connectors.clearinghouse.x12.elements import NUMBER


def first(raw: bytes) -> Mapping[str, Any]:
    """The object of an answer; an empty one where it is none."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def entries(told: object) -> Iterator[Mapping[str, Any]]:
    for one in told if isinstance(told, list) else ():
        if isinstance(one, Mapping):
            yield one


def text_of(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def texts_of(entry: Mapping[str, Any], name: str) -> tuple[str, ...]:
    told = entry.get(name)
    return tuple(one for one in told if isinstance(one, str)) if isinstance(told, list) else ()


def number_of(entry: Mapping[str, Any], name: str) -> Decimal | None:
    """A number in as many digits as X12 has for one: the rows are a 271's."""
    text = text_of(entry, name)
    return Decimal(text) if NUMBER.fullmatch(text) else None


def day_of(text: str) -> date | None:
    for form in ("%Y%m%d", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
