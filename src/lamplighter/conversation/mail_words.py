"""What of an email its writer wrote this time: without the subject of an answer, without what it quotes, without a
signature. Pure, and only after the guard has read all of it."""

import re
from collections.abc import Iterable
from typing import Final

WITH_FILES: Final = "[attached:"
"""How what came with a letter is named below its words; it is never opened."""

_ANSWERS = re.compile(
    r"^\s*(?:(?:re|rv|aw|sv|antw|fw|fwd|wg|tr|rif|res|resp)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
_QUOTE_BEGINS = re.compile(
    r"^\s*(?:>|-{2,}\s*(?:original message|mensaje original|forwarded message|mensaje reenviado)\b"
    r"|_{8,}\s*$|(?:from|de)\s*:\s.+@|(?:on|el)\s.{4,120}(?:wrote|escribi[oó])\s*:\s*$)",
    re.IGNORECASE,
)
_SPLIT_QUOTE = re.compile(r"^\s*(?:on|el)\s.{4,200}$", re.IGNORECASE)
_WROTE = re.compile(r"(?:wrote|escribi[oó])\s*:\s*$", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"^(?:-- ?|(?:sent|enviado) (?:from|desde|con) (?:my|mi|un|una|outlook|mail|yahoo|gmail|proton)\b.*"
    r"|get outlook for .*|obtener outlook para .*)$",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\b[0-9a-f]{32}\b")


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
        if _QUOTE_BEGINS.match(line) or (_SPLIT_QUOTE.match(line) and _WROTE.search(following)):
            return number
    return len(lines)


def _unquoted(body: str) -> str:
    lines = body.splitlines()
    written = lines[: _quote_begins(lines)]
    signed = next((n for n, line in enumerate(written) if _SIGNATURE.match(line.strip())), len(written))
    return "\n".join(line for line in written[:signed] if not line.startswith(WITH_FILES)).strip()


def brings_files(text: str) -> bool:
    return any(line.startswith(WITH_FILES) for line in text.splitlines())
