"""Written words made sayable: times, money, telephone numbers, years and spelled letters, and where to breathe.

A language has rules of its own in `spoken/<language>.yaml`; without them only what is the same everywhere is touched.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from lamplighter.channels.speech.spoken_words import of_every_language, spoken_words

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]
CLAUSE = re.compile(r".+?(?:[.!?;:…,—]+[\"')\]»”]*(?=\s|$)|$)\s*")
SENTENCE_END = re.compile(r"[.!?…]\W*$")
SHORTEST_CLAUSE = 24


def aloud(text: str, locale: str) -> str:
    """The text as a voice should read it."""
    language = locale.partition("-")[0]
    said = " ".join(text.split())
    for pattern, put in (*_EVERYWHERE, *_rules(language)):
        said = pattern.sub(put, said)
    return " ".join(said.split())


def clauses(text: str) -> list[str]:
    """The text in pieces that can be spoken one after another: sentences, and long ones cut at their commas."""
    pieces: list[str] = []
    for found in CLAUSE.finditer(" ".join(text.split())):
        piece = found.group().strip()
        if not piece:
            continue
        if pieces and _belongs(piece, pieces[-1]):
            pieces[-1] = f"{pieces[-1]} {piece}"
        else:
            pieces.append(piece)
    return pieces


def _belongs(piece: str, before: str) -> bool:
    """Whether a piece is no clause of its own: it follows "Dr.", or either is very short within a sentence."""
    if _abbreviated().search(before):
        return True
    short = len(before) < SHORTEST_CLAUSE or len(piece) < SHORTEST_CLAUSE // 2
    return short and not SENTENCE_END.search(before)


@cache
def _abbreviated() -> re.Pattern[str]:
    short = "|".join((*of_every_language("abbreviated"), r"[^\W\d_]"))
    return re.compile(rf"(?:^|[\s(¿¡])(?:{short})\.$", re.IGNORECASE)


def _spaced(digits: str) -> str:
    return " ".join(c for c in digits if c.isdigit())


def _phone(found: re.Match[str]) -> str:
    digits = [c for c in found.group() if c.isdigit()][-10:]
    return ", ".join(" ".join(digits[a:b]) for a, b in ((0, 3), (3, 6), (6, 10)))


def _spelled(found: re.Match[str]) -> str:
    return ", ".join(c for c in found.group() if c.isalnum())


def _email(at: str, dot: str) -> Callable[[re.Match[str]], str]:
    def said(found: re.Match[str]) -> str:
        return found.group().replace("@", f" {at} ").replace(".", f" {dot} ")

    return said


def _time(words: Mapping[str, Any]) -> Callable[[re.Match[str]], str]:
    """Hours of the clock as the language says them: see `aloud.time` of the English file."""

    def said(found: re.Match[str]) -> str:
        hour, minute, half = int(found["hour"]), int(found["minute"]), (found["half"] or "")[:1].lower()
        day = hour if not half else hour % 12 + (12 if half == "p" else 0)
        told = bool(half) or hour > 12
        on_clock = (day - 1) % 12 + 1 if told else hour
        shown = words.get("hours", {}).get(on_clock, on_clock)
        if not minute and not told:
            return str(words.get("on_the_hour", "{hour}")).format(hour=shown)
        part = next((said for until, said in words["parts"].items() if day < until), "")
        return f"{shown}{_minutes(minute, words)}{part if told else ''}"

    return said


def _minutes(minute: int, words: Mapping[str, Any]) -> str:
    usual = words.get("under_ten", words["other"]) if minute < 10 else words["other"]
    return str(words.get("minutes", {}).get(minute, usual)).format(minute=minute)


def _year(zero: str) -> Callable[[re.Match[str]], str]:
    def said(found: re.Match[str]) -> str:
        first, last = found.group()[:2], found.group()[2:]
        if found.group().startswith("200") or last == "00":
            return found.group()
        return f"{first} {zero} {last[1]}" if last[0] == "0" else f"{first} {last}"

    return said


def _ordinal_day(words: Mapping[str, Any]) -> Callable[[re.Match[str]], str]:
    def said(found: re.Match[str]) -> str:
        day = int(found["day"])
        return f"{found['month']} {day}{words['endings'].get(day, words['other'])}"

    return said


def _money(one: str, many: str, joint: str, cent: str, cents: str) -> Callable[[re.Match[str]], str]:
    def said(found: re.Match[str]) -> str:
        whole, part = found["whole"].replace(",", ""), int(found["part"] or 0)
        amount = f"{whole} {one if whole == '1' else many}"
        return amount if not part else f"{amount} {joint} {part} {cent if part == 1 else cents}"

    return said


def _rule(pattern: str, put: str | Callable[[re.Match[str]], str], flags: int = 0) -> Rule:
    return re.compile(pattern, flags), put


_TIME = r"\b(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?:\s*(?P<half>[ap]\.?\s?m)\b\.?)?"
_MONEY = r"\$\s?(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d\d))?"
_EMAIL = r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"
_EVERYWHERE: tuple[Rule, ...] = (
    _rule(r"https?://(?:www\.)?", ""),
    _rule(r"[*_#`~|<>{}\[\]\\^]", " "),
    _rule(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F]", " "),
    _rule(r"(?<!\w)(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?!\w)", _phone),
    _rule(r"(?<![\w'])(?:[^\W\d_]-){2,}[^\W\d_](?!\w)", _spelled),
    _rule(r"(?<![\w'.])(?:[A-ZÑÁÉÍÓÚ] ){2,}[A-ZÑÁÉÍÓÚ](?!\w)", _spelled),
    _rule(r"(?<![\w'.])(?:[^\W\d_] ){3,}[^\W\d_](?!\w)", _spelled),
    _rule(r"(?<![\w$,.])(?:988|911|711|411|\d{5,})(?![\w])", lambda m: _spaced(m.group())),
)


@cache
def _rules(language: str) -> tuple[Rule, ...]:
    """Those of the language's file, in their order: each may use what the one before it left."""
    words = spoken_words(language).get("aloud", {})
    rules: list[Rule] = []
    if "email" in words:
        rules.append(_rule(_EMAIL, _email(**words["email"])))
    if "money" in words:
        rules.append(_rule(_MONEY, _money(**words["money"])))
    if "time" in words:
        rules.append(_rule(_TIME, _time(words["time"]), re.IGNORECASE))
    if "ordinals" in words:
        after = rf"\b(?P<month>{words['ordinals']['after']}) (?P<day>[0-3]?\d)\b(?!:)"
        rules.append(_rule(after, _ordinal_day(words["ordinals"])))
    if "years" in words:
        rules.append(_rule(r"\b(?:19|20)\d\d\b", _year(words["years"]["zero"])))
    return (*rules, *(_rule(pattern, put) for pattern, put in words.get("replace", ())))
