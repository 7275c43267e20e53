"""The one-time code that shows who somebody is, as the conversation asks for it. Requests of `actions.py`."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class SendCode:
    """A one-time code to the number or address on file (for nobody none; the words are the same)."""

    person: str | None
    attempt: int = 0
    by: Literal["text", "email", "either"] = "text"  # the ways that the words tell of
    kind: Literal["send_code"] = "send_code"


@dataclass(frozen=True, slots=True)
class CheckCode:
    person: str | None
    code: str
    attempt: int = 0
    kind: Literal["check_code"] = "check_code"


@dataclass(frozen=True, slots=True)
class CodeSent:
    kind: Literal["code_sent"] = "code_sent"


@dataclass(frozen=True, slots=True)
class CodeChecked:
    right: bool
    kind: Literal["code_checked"] = "code_checked"
