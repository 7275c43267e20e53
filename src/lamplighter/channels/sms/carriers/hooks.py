"""What a carrier brings to our door, once its signature was found good."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from urllib.parse import parse_qsl

from lamplighter.desk.ports import CarrierStatus

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


Keyword = Literal["stop", "start"]


class Forged(Exception):
    """Not signed by the carrier, or signed long ago."""


class Malformed(ValueError):
    """Signed, and still nothing that the carrier would send."""


@dataclass(frozen=True, slots=True)
class Came:
    """A request as it arrived, with the address that the carrier was given for it."""

    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class TextIn:
    """Numbers are E.164. `keyword`: the carrier says that it has acted on this word and answered it by itself."""

    id: str
    sender: str
    dialled: str
    text: str = field(repr=False)
    keyword: Keyword | None = None


@dataclass(frozen=True, slots=True)
class ReceiptIn:
    """`status` None: nothing that matters to us."""

    carrier_id: str
    status: CarrierStatus | None
    opted_out: bool = False


class Hooks(Protocol):
    """Each raises Malformed."""

    @property
    def content_type(self) -> str: ...

    def verified(self, came: Came) -> Mapping[str, Any]:
        """What it says. Raises Forged."""
        ...

    def text(self, said: Mapping[str, Any]) -> TextIn | None:
        """None where it is no text."""
        ...

    def receipt(self, said: Mapping[str, Any]) -> ReceiptIn: ...

    def thanks(self) -> tuple[bytes, str]:
        """The body of our answer and its type; it asks the carrier for nothing."""
        ...


def form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=200))
    except ValueError:
        raise Malformed("this is no form") from None


def e164(number: object) -> str:
    digits = str(number).removeprefix("+")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
        raise Malformed("this is no number")
    return f"+{digits}"


def named(value: object) -> str:
    """An id of the carrier's."""
    if (
        not isinstance(value, str)
        or not value.isascii()
        or not value.isprintable()
        or not 0 < len(value) <= 100
    ):
        raise Malformed("this is no id")
    return value


def keyword(said: object, names: Mapping[str, Keyword]) -> Keyword | None:
    """What the carrier calls it; a name that is not known, HELP among them, is none: help is answered here, with 911
    and 988."""
    return names.get(said.strip().upper()) if isinstance(said, str) else None


def words(text: object, pictures: int) -> str:
    from lamplighter.conversation.guard.guard import A_PICTURE  # the guard takes a moment to load

    if not isinstance(text, str):
        raise Malformed("there are no words")
    return f"{text} {A_PICTURE}".strip() if pictures else text
