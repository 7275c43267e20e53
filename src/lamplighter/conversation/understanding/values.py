"""Values with a shape of their own: phones, email addresses, member ids, codes, amounts, states."""

import re
from itertools import islice

import phonenumbers

from lamplighter.conversation.understanding.context import Found
from lamplighter.conversation.understanding.digits import Run, runs
from lamplighter.conversation.understanding.lexicon import Lexicon, anywhere
from lamplighter.conversation.understanding.names import strip_lead
from lamplighter.conversation.understanding.spelling import spelled
from lamplighter.conversation.understanding.text import Said

_EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_BIG = ("gmail", "yahoo", "hotmail", "outlook", "icloud", "aol")
_PROVIDERS = {"g mail": "gmail", "hot mail": "hotmail", "out look": "outlook", "i cloud": "icloud", "jmail": "gmail",
              "gmeil": "gmail", "jotmail": "hotmail", "a o l": "aol", "ya hoo": "yahoo"}  # fmt: skip


def find_phone(said: Said, lex: Lexicon, caller_id: str | None) -> Found[str] | None:
    """A number that can be dialled, as E.164. Seven digits are not one: the area code is missing."""
    candidates = runs(said, lex)
    corrected = _corrected_phone(said, candidates, lex)
    if corrected:
        return corrected
    for run in candidates:
        number = _dialled(run)
        if number:
            return Found(number, run.start, run.end)
    match = lex.pattern("this_number").search(said.low)
    if match and caller_id and not any(len(run.digits) > 4 for run in candidates):
        return Found(caller_id, match.start(), match.end())
    return None


def _corrected_phone(said: Said, candidates: tuple[Run, ...], lex: Lexicon) -> Found[str] | None:
    """ "347 555 0166, no wait, 0168" ends in 0168."""
    cut = max((match.end() for match in lex.pattern("takes_back").finditer(said.low)), default=0)
    before = [n for run in candidates if run.end <= cut and (n := _dialled(run))]
    after = [run for run in candidates if run.start >= cut]
    if not before or not after:
        return None
    last = after[0]
    whole = _dialled(last)
    number = whole or (before[-1][: -len(last.digits)] + last.digits if len(last.digits) in (4, 7) else None)
    return Found(number, 0, last.end) if number else None


def _dialled(run: Run) -> str | None:
    digits = run.digits
    if run.plus or digits.startswith("011"):
        return _parsed("+" + digits.removeprefix("011"), None)
    if len(digits) == 11 and digits[0] == "1":
        return _parsed(digits[1:], "US")
    if len(digits) > 11 and (whole := _whole_groups(run)):
        return _parsed(whole, "US")
    if 10 <= len(digits) <= 14 and _american(digits[:10]):
        return _parsed(digits[:10], "US")
    return None


def _american(digits: str) -> bool:
    return len(digits) == 10 and digits[0] in "23456789" and digits[3] in "23456789"


def _whole_groups(run: Run) -> str:
    """ "91, 347 555 0191": the ten digits that are whole groups, the last of them where more are."""
    edges = (0, *run.cuts)
    ten = [run.digits[start : start + 10] for start in edges if start + 10 in run.cuts]
    return next((digits for digits in reversed(ten) if _american(digits)), "")


def _parsed(digits: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def find_email(said: Said, lex: Lexicon) -> Found[str] | None:
    """An address written or said aloud, in small letters."""
    if match := _EMAIL.search(said.text):
        return Found(match.group().rstrip(".").lower(), match.start(), match.end())
    for match in islice(lex.pattern("email_at").finditer(said.low), 3):
        domain = _domain(said, match.end(), lex)
        local = _local(said, match.start(), lex)
        if domain and local and _is_address(said, match, domain, lex):
            return Found(f"{local[0]}@{domain[0]}", local[1], domain[1])
    return None


_DOMAINS = re.compile(
    r"com|org|net|edu|gov|mil|io|co|us|uk|ca|me|info|biz|mx|es|dev|app|mail|ar|fr|de|ai|tv|pr|do|cl|pe|ec|ve|gt|sv|hn|cr"
    r"|uy|bo|ni|cu|it|jp|kr|cn|in|br|pl|ru|ph|vn|nyc|live|email|health|care|school|church|pro|name|online|cloud|tech"
    r"|example|test|invalid"
)


def _is_address(said: Said, at: re.Match[str], domain: tuple[str, int], lex: Lexicon) -> bool:
    """Whether the "at" is one of an address: "something came up at work. No need" says no dot and ends a sentence."""
    host = said.low[at.end() : domain[1]]
    if "@" in at.group():
        return True
    if lex.pattern("email_dot").search(re.sub(r"\.", " ", host)):
        return bool(_DOMAINS.fullmatch(domain[0].rpartition(".")[2]))  # not "at some point this week"
    if domain[0].split(".")[0] in _BIG:
        return True
    return bool(_DOMAINS.fullmatch(domain[0].rpartition(".")[2])) and not re.search(r"\.\s", host.strip())


def _domain(said: Said, start: int, lex: Lexicon) -> tuple[str, int] | None:
    dot = lex.pattern("email_dot").pattern
    no_dot, dot = rf"(?!{dot})", rf" ?(?:\.|{dot}) ?"
    label = rf"(?:{no_dot}[a-z0-9] )+[a-z0-9](?!\w)|{no_dot}[\w-]{{2,}}(?: {no_dot}[\w-]{{2,}})?"
    host = rf"{label}|(?:[\w-]+ ?){{1,3}}?"
    end = rf"{no_dot}[a-z]{{2,6}}(?! [a-z](?!\w))|(?:[a-z] ){{1,3}}[a-z]"
    shape = rf"[ ,]*({host})((?:{dot}(?:{label}))*?){dot}({end})(?!\w)(?!{dot}\w)"
    match = re.match(shape, said.low[start:])
    if not match:
        known = re.match(
            rf"[ ,]*({'|'.join([*_PROVIDERS, *_BIG])})(?=[.,!]?(?: {anywhere('manners')})?$)",
            said.low[start:],
        )
        name = _PROVIDERS.get(known.group(1), known.group(1)) if known else ""
        return (f"{name}.com", start + known.end()) if known else None
    name = match.group(1).strip()
    inner = [part for part in re.split(dot, match.group(2)) if part.strip()]
    parts = [_PROVIDERS.get(name, name), *inner, match.group(3)]
    return ".".join(part.replace(" ", "") for part in parts), start + match.end()


def _local(said: Said, upto: int, lex: Lexicon) -> tuple[str, int] | None:
    piece = Said(said.text[:upto])
    cut = max((m.end() for m in re.finditer(r"[?!;\n]|[.,] ", piece.low)), default=0)
    lead = list(lex.pattern("email_lead").finditer(piece.low, cut))
    start = lead[-1].end() if lead else cut
    body, offset = Said(piece.text[start:]), start
    rows, numbers = spelled(body, lex), runs(body, lex)
    chars, at = "", 0
    marks = sorted((mark for mark in lex.table("email_marks") if " " in mark), key=len, reverse=True)
    for token in re.finditer("|".join([*marks, r"[^\W_]+|[._+-]"]), body.low):
        if token.start() < at:
            continue
        row = next((r for r in rows if r.start == token.start()), None)
        if row:
            chars, at = chars + row.letters.lower(), row.end
            continue
        word = token.group()
        number = next((run for run in numbers if run.start == token.start() and len(word) > 1), None)
        if number and not word.isdigit():
            chars, at = chars + number.digits, number.end
            continue
        chars += lex.table("email_marks").get(word) or word
    chars = chars.strip(".-_")
    return (chars, offset) if chars else None


def find_member_id(said: Said, lex: Lexicon, *, asked: bool) -> Found[str] | None:
    """Letters and digits of a card, in capitals, at least five with a digit among them."""
    start = 0
    if cue := lex.pattern("member_cue").search(said.low):
        start = cue.end()
    elif not asked:
        return None
    chars, first, last = "", -1, -1
    body = Said(said.text[start:])
    rows = {run.start: (run.digits, run.end) for run in runs(body, lex)}
    at = 0
    for token in re.finditer(r"[^\W_]+(?:'[^\W_]+)?", body.low):
        if token.start() < at:
            continue
        word = token.group()
        if token.start() in rows and not body.low.startswith(tuple(lex.table("letter_pairs")), token.start()):
            piece, end = rows[token.start()]
        elif re.search(r"\d", word):
            piece, end = word, token.end()
        else:
            piece, end = _letters(word, body, token.end(), lex)
            pair = next((p for p in lex.table("letter_pairs") if body.low.startswith(p, token.start())), None)
            if pair:
                piece, end = lex.table("letter_pairs")[pair], token.start() + len(pair)
        if not piece:
            if sum(c.isdigit() for c in chars) >= 3:
                break
            chars = ""
            continue
        chars, at = chars + piece, end
        first = start + token.start() if len(chars) == len(piece) else first
        last = start + end
    if len(chars) >= 5 and any(char.isdigit() for char in chars):
        return Found(chars.upper(), first, last)
    return None


def _letters(word: str, body: Said, end: int, lex: Lexicon) -> tuple[str, int]:
    if len(word) == 1:
        like = re.match(rf"[ ,]*{lex.pattern('like').pattern} ?(\w+)", body.low[end:])
        return word, end + like.end() if like and like.group(1).startswith(word) else end
    if 2 <= len(word) <= 4 and re.match(r"[ -]?\d", body.low[end:]) and word not in lex.words("common"):
        return word, end
    return lex.table("letters").get(word, "") or lex.table("alphabet").get(word, ""), end


def find_code(said: Said, lex: Lexicon) -> Found[str] | None:
    """A code of four to eight digits."""
    for run in runs(said, lex):
        if 4 <= len(run.digits) <= 8:
            return Found(run.digits, run.start, run.end)
    return None


_AMOUNT = re.compile(r"\$? ?(\d{1,5}(?:,\d{3})?(?:\.\d{2})?)")


def find_amount(said: Said, lex: Lexicon) -> Found[str] | None:
    """Money as a decimal string, e.g. "75.00" as said "75"."""
    if match := _AMOUNT.search(said.low):
        return Found(match.group(1).replace(",", ""), match.start(), match.end())
    for run in runs(said, lex):
        return Found(run.digits, run.start, run.end)
    return None


def find_state(said: Said, lex: Lexicon, *, asked: bool) -> Found[str] | None:
    """A US state as its two letters. Where it was not asked, only one said as a place somebody is in."""
    if not asked:
        cue = lex.pattern("place_cue").search(said.low)
        if not cue:
            return None
        found = find_state(Said(said.text[cue.end() :]), lex, asked=True)
        near = found and found.start <= 12
        return Found(found.value, cue.start(), cue.end() + found.end) if found and near else None
    said_places = [*lex.places.finditer(said.low)]
    if said_places:
        here = [m for m in said_places if lex.pattern("place_cue").search(said.low[: m.start()][-16:])]
        states = [m for m in said_places if m.group() in lex.table("states")]
        match = (here or states or said_places)[-1 if here else 0]
        code = lex.table("states").get(match.group()) or lex.table("cities")[match.group()]
        return Found(code, match.start(), match.end())
    start, end = strip_lead(said, lex)
    codes = set(lex.table("states").values())
    for match in re.finditer(r"\b([A-Za-z])\.? ?([A-Za-z])\b\.?", said.text):
        code = (match.group(1) + match.group(2)).upper()
        whole = match.start() <= start and match.end() >= end
        if code in codes and (match.group().replace(".", "").replace(" ", "").isupper() or whole):
            return Found(code, match.start(), match.end())
    return None
