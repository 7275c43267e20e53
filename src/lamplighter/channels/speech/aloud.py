"""Written words made sayable: times, money, telephone numbers, years and spelled letters, and where to breathe.

English and Spanish have rules of their own; in other languages only what is the same everywhere is touched.
"""

import re
from collections.abc import Callable

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]
CLAUSE = re.compile(r".+?(?:[.!?;:…,—]+[\"')\]»”]*(?=\s|$)|$)\s*")
SENTENCE_END = re.compile(r"[.!?…]\W*$")
ABBREVIATED = re.compile(r"(?:^|[\s(¿¡])(?:Dra?|Sra?|Mrs?|Ms|St|Ave|[^\W\d_])\.$", re.IGNORECASE)
SHORTEST_CLAUSE = 24


def aloud(text: str, locale: str) -> str:
    """The text as a voice should read it."""
    language = locale.partition("-")[0]
    said = " ".join(text.split())
    for pattern, put in (*_EVERYWHERE, *_RULES.get(language, ())):
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
    if ABBREVIATED.search(before):
        return True
    short = len(before) < SHORTEST_CLAUSE or len(piece) < SHORTEST_CLAUSE // 2
    return short and not SENTENCE_END.search(before)


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


def _english_time(found: re.Match[str]) -> str:
    hour, minute, half = int(found["hour"]), int(found["minute"]), (found["half"] or "")[:1].upper()
    if not half and hour > 12:
        hour, half = hour - 12, "P"
    if not minute and not half:
        return f"{hour} o'clock"
    minutes = "" if not minute else f" oh {minute}" if minute < 10 else f" {minute}"
    return f"{hour}{minutes}{f' {half}M' if half else ''}"


def _spanish_time(found: re.Match[str]) -> str:
    hour, minute, half = int(found["hour"]), int(found["minute"]), (found["half"] or "")[:1].lower()
    day = hour if not half else hour % 12 + (12 if half == "p" else 0)
    minutes = {0: "", 15: " y cuarto", 30: " y media"}.get(minute, f" y {minute}")
    part = "de la mañana" if day < 12 else "de la tarde" if day < 20 else "de la noche"
    shown = (day - 1) % 12 + 1
    return f"{'una' if shown == 1 else shown}{minutes}{f' {part}' if half or hour > 12 else ''}"


def _year(found: re.Match[str]) -> str:
    first, last = found.group()[:2], found.group()[2:]
    if found.group().startswith("200") or last == "00":
        return found.group()
    return f"{first} oh {last[1]}" if last[0] == "0" else f"{first} {last}"


def _ordinal_day(found: re.Match[str]) -> str:
    day = int(found["day"])
    ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{found['month']} {day}{ending}"


def _money(one: str, many: str, joint: str, cent: str, cents: str) -> Callable[[re.Match[str]], str]:
    def said(found: re.Match[str]) -> str:
        whole, part = found["whole"].replace(",", ""), int(found["part"] or 0)
        amount = f"{whole} {one if whole == '1' else many}"
        return amount if not part else f"{amount} {joint} {part} {cent if part == 1 else cents}"

    return said


def _rule(pattern: str, put: str | Callable[[re.Match[str]], str], flags: int = 0) -> Rule:
    return re.compile(pattern, flags), put


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
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
_RULES: dict[str, tuple[Rule, ...]] = {
    "en": (
        _rule(_EMAIL, _email("at", "dot")),
        _rule(_MONEY, _money("dollar", "dollars", "and", "cent", "cents")),
        _rule(_TIME, _english_time, re.IGNORECASE),
        _rule(rf"\b(?P<month>{_MONTHS}) (?P<day>[0-3]?\d)\b(?!:)", _ordinal_day),
        _rule(r"\b(?:19|20)\d\d\b", _year),
        _rule(r"\bDr\.", "Doctor"),
        _rule(r"\bAve\.", "Avenue"),
        _rule(r"\bSt\.(?=,|$| (?:Suite|Floor|in|at)\b)", "Street"),
        _rule(r"\s&\s", " and "),
    ),
    "es": (
        _rule(_EMAIL, _email("arroba", "punto")),
        _rule(_MONEY, _money("dólar", "dólares", "con", "centavo", "centavos")),
        _rule(_TIME, _spanish_time, re.IGNORECASE),
        _rule(r"\b1 de (?=\w)", "primero de "),
        _rule(r"\bDra\.", "Doctora"),
        _rule(r"\bDr\.", "Doctor"),
        _rule(r"\bSra\.", "Señora"),
        _rule(r"\bSr\.", "Señor"),
        _rule(r"\s&\s", " y "),
    ),
}
