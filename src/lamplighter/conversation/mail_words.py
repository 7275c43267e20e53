"""What of an email its writer wrote this time: without the subject of an answer, without what it quotes, without a
signature. Pure, and only after the guard has read all of it."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from lamplighter.conversation.understanding.lexicon import anywhere

WITH_FILES: Final = "[attached:"
"""How what came with a letter is named below its words; it is never opened."""

_ANSWERS = re.compile(
    r"^\s*(?:(?:re|rv|aw|sv|antw|fw|fwd|wg|tr|rif|res|resp)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
_TOKEN = re.compile(r"\b[0-9a-f]{32}\b")


@cache
def _begins_quote() -> re.Pattern[str]:
    from_, on, wrote = anywhere("mail_from"), anywhere("mail_on"), anywhere("mail_wrote")
    return re.compile(
        rf"^\s*(?:>|-{{2,}}\s*{anywhere('mail_original')}\b"
        rf"|_{{8,}}\s*$|{from_}\s*:\s.+@|{on}\s.{{4,120}}{wrote}\s*:\s*$)",
        re.IGNORECASE,
    )


@cache
def _split_quote() -> re.Pattern[str]:
    return re.compile(rf"^\s*{anywhere('mail_on')}\s.{{4,200}}$", re.IGNORECASE)


@cache
def _wrote() -> re.Pattern[str]:
    return re.compile(rf"{anywhere('mail_wrote')}\s*:\s*$", re.IGNORECASE)


@cache
def _signature() -> re.Pattern[str]:
    by = rf"(?:{anywhere('mail_own')}|outlook|mail|yahoo|gmail|proton)"
    sent = rf"{anywhere('mail_sent')} {anywhere('mail_sent_by')} {by}\b.*"
    return re.compile(rf"^(?:-- ?|{sent}|{anywhere('mail_get')} .*)$", re.IGNORECASE)


def own_words(text: str) -> str:
    """`text`: the subject, an empty line, the body. The subject counts where there is nothing below it."""
    subject, _, body = text.partition("\n\n")
    written = _unquoted(body)
    if written:
        return written
    return "" if _ANSWERS.match(subject) else _TOKEN.sub("", subject).strip()


def unquoted(text: str) -> tuple[str, ...]:
    """Every line that is not marked as a quote, the subject's among them: to stop may be asked below a quote too."""
    lines = (_TOKEN.sub("", line).strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith((">", WITH_FILES)))


def without_ours(text: str, ours: Iterable[str]) -> str:
    """Without what they quote of our own sentences, word for word: we name 911 and 988 in every letter, and whoever
    answers quotes that. What stands above the quote, and what anybody else wrote in it, stays for the guard."""
    lines = text.splitlines()
    begins = _quote_begins(lines)
    quoted = "\n".join(lines[begins:])
    for sentence in ours:
        words = sentence.split()
        if words:
            quoted = re.sub(r"[\s>|*_]+".join(map(re.escape, words)), " ", quoted)
    return "\n".join((*lines[:begins], quoted)) if quoted else "\n".join(lines[:begins])


def _quote_begins(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if _begins_quote().match(line) or (_split_quote().match(line) and _wrote().search(following)):
            return number
    return len(lines)


def _unquoted(body: str) -> str:
    lines = body.splitlines()
    written = lines[: _quote_begins(lines)]
    signed = next((n for n, line in enumerate(written) if _signature().match(line.strip())), len(written))
    return "\n".join(line for line in written[:signed] if not line.startswith(WITH_FILES)).strip()


def brings_files(text: str) -> bool:
    return any(line.startswith(WITH_FILES) for line in text.splitlines())
