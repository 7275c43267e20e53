"""`lamplighter x12`: a JSON line a transaction set."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from lamplighter.desk.benefits import Figure, Wanted, benefits
from lamplighter.desk.ports.coverage import BenefitRow
from lamplighter.practice.model import Money

from .eligibility import Eligibility, Member
from .errors import X12Error
from .reading import Document, documents_before_the_fault


def lines(path: Path) -> Iterator[tuple[bool, str]]:
    """Whether it could be read, with a JSON line a transaction set, or with what is wrong and where.

    What stands before the fault is printed; of a file that is no X12 at all only the fault is.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        yield False, f"{path}: {error.strerror or 'cannot be read'}"
        return
    try:
        for document in documents_before_the_fault(raw):
            yield True, json.dumps({"file": str(path), **as_data(document)}, ensure_ascii=False)
    except X12Error as error:
        yield False, f"{path}: {error}"


def as_data(document: Document) -> dict[str, Any]:
    """A document as plain data: amounts are strings, dates ISO 8601, what was not said is left out."""
    header = document.header
    return {
        "transaction_set": document.type,
        "kind": document.kind,
        "version": document.version,
        "control_number": document.control_number,
        "sender": header.sender,
        "receiver": header.receiver,
        "interchange_control_number": header.control_number,
        "segments": document.segments,
        "remarks": [str(remark) for remark in document.remarks],
        "content": _content(document),
    }


def _content(document: Document) -> Any:
    """What a document says; beside a member's benefits stand the figures of a visit at the office, in network, on
    the day of the answer."""
    content = document.content
    plain = _plain(content)
    if isinstance(content, Eligibility):
        for member, told in zip(content.members, plain.get("members", ()), strict=True):
            if member.benefits:
                told["figures"] = _figures(member, content.created)
    return plain


def _figures(member: Member, day: date | None) -> dict[str, Any]:
    found = benefits(member.benefits, Wanted(day=day))
    named = {one.name: getattr(found, one.name) for one in fields(found)}
    return {
        name: _figure(value) if isinstance(value, Figure) else _plain(value) for name, value in named.items()
    }


def _figure(figure: Figure) -> dict[str, Any]:
    """A figure with the number of the segment it comes from, and of those it beat."""
    told: dict[str, Any] = {"state": figure.state.value}
    if figure.value is not None:
        told["value"] = _plain(figure.value)
    if figure.row is not None:
        told["row"] = figure.row.number
    if figure.beaten:
        told["beaten"] = [row.number for row in figure.beaten]
    return told


def _plain(value: object) -> Any:
    match value:
        case Money():
            return {"amount": format(value.amount, "f"), "currency": value.currency}
        case Decimal():
            return format(value, "f")
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case BenefitRow():
            return _said(value._asdict())
        case tuple() | list():
            return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _said({one.name: getattr(value, one.name) for one in fields(value)})
    return value


def _said(named: Mapping[str, object]) -> dict[str, Any]:
    """What was said; "" and nothing are left out, zero and no are not."""
    return {name: plain for name, item in named.items() if (plain := _plain(item)) not in (None, "", [])}
