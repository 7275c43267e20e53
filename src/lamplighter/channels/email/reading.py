"""An email that came in, as far as we look at it: from whom, its words, what it answers, whether a machine wrote it.

Rules of this room: whatever arrives is read without a fault; nothing that came with it is opened; its words are kept
whole for the guard, those that a mail program shows and those that it may hide.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from html.parser import HTMLParser
from typing import Final, Literal

from imap_tools import MailAttachment, MailMessage

from lamplighter import logs
from lamplighter.channels.email.writing import one_line, ours_in
from lamplighter.conversation.mail_words import WITH_FILES

log = logs.get(__name__)
Kind = Literal["letter", "automatic", "bounce"]

MOST_WORDS: Final = 64_000
"""Characters of a letter that are read; of a longer one a person reads the rest."""
MOST_OF_A_PAGE: Final = 4 * MOST_WORDS
"""Characters of a letter's page, tags and all."""
MOST_FILES: Final = 20
_NOBODY = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|notifications?)(?:[+.-].*)?@",
    re.IGNORECASE,
)
_BULK = ("bulk", "list", "junk", "auto_reply")
_LISTS = ("list-id", "list-post", "list-unsubscribe", "x-autoreply", "x-autorespond", "feedback-id")
_FAILED = re.compile(r"^action:\s*failed\s*$", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[^@\s<>\"(),:;]{1,128}@[^@\s<>\"(),:;]{1,255}")


@dataclass(frozen=True, slots=True)
class Mail:
    """`id` is its Message-ID, or made from its bytes; `text` its subject, an empty line and its words, of which what
    was attached is named below. `answers`: messages of ours that it is in answer to, the latest first. `failed`: what
    of ours a bounce says was not delivered. `named`: the message of ours that it says it is; whoever writes may say so.
    """

    id: str
    kind: Kind
    sender: str | None
    text: str = field(repr=False)
    answers: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    has_id: bool = True
    named: str | None = None


def read(raw: bytes, own: str, *, cut: bool = False) -> Mail:
    """`own` is the mailbox's address; `cut`: there was more of it than was fetched."""
    try:
        return _read(raw, own, cut)
    except Exception:
        log.exception("mail_not_readable")
        return Mail(
            _by_bytes(raw), "letter", None, f"\n\n{WITH_FILES} a letter that can't be read]", has_id=False
        )


def name_of(headers: Mapping[str, Iterable[str]], raw: bytes) -> tuple[str, bool]:
    """Its Message-ID, and whether it has one."""
    given = one_line(" ".join(headers.get("message-id", ())))[:998]
    return (given, True) if given else (_by_bytes(raw), False)


def _by_bytes(raw: bytes) -> str:
    return f"<{hashlib.sha256(raw).hexdigest()}@no-id>"


def _read(raw: bytes, own: str, cut: bool) -> Mail:
    message = MailMessage.from_bytes(raw)
    headers = {name.lower(): tuple(values) for name, values in message.headers.items()}
    name, has_id = name_of(headers, raw)
    sender = _sender(headers, own)
    kind = _kind(headers, sender, own, message.obj.get_content_type())
    refers = " ".join((*headers.get("references", ()), *headers.get("in-reply-to", ())))
    answers = tuple(dict.fromkeys(reversed(ours_in(refers))))
    failed = _undelivered(raw) if kind == "bounce" else ()
    named = next(iter(ours_in(name)), None)
    return Mail(name, kind, sender, _words(message, cut), answers, failed, has_id, named)


def _first(headers: Mapping[str, tuple[str, ...]], name: str) -> str:
    return headers.get(name, ("",))[0]


def _address(header: str) -> str | None:
    address = parseaddr(one_line(header))[1].strip().lower()
    return address if _ADDRESS.fullmatch(address) else None


def _sender(headers: Mapping[str, tuple[str, ...]], own: str) -> str | None:
    """A form on the practice's own pages sends under its address, and names who filled it in for the answer."""
    sender = _address(_first(headers, "from"))
    return (_address(_first(headers, "reply-to")) or sender) if sender == own.lower() else sender


def _kind(headers: Mapping[str, tuple[str, ...]], sender: str | None, own: str, content: str) -> Kind:
    if content == "multipart/report" and "delivery-status" in _first(headers, "content-type"):
        return "bounce"
    submitted = _first(headers, "auto-submitted").strip().lower()
    machine = submitted not in ("", "no") or _first(headers, "precedence").strip().lower() in _BULK
    listed = any(each in headers for each in _LISTS)
    from_nobody = _first(headers, "return-path").strip() == "<>" or bool(sender and _NOBODY.match(sender))
    nobody_else = sender is None or sender == own.lower()
    return "automatic" if machine or listed or from_nobody or nobody_else else "letter"


def _undelivered(raw: bytes) -> tuple[str, ...]:
    """Of a report that says that something failed for good: the messages of ours that it names."""
    text = raw.decode("ascii", "replace").replace("\r\n", "\n")
    if not _FAILED.search(text):
        return ()
    named = re.findall(
        r"^(?:message-id|original-message-id|x-original-message-id):\s*(\S+)", text, re.I | re.M
    )
    return tuple(dict.fromkeys(each for header in named for each in ours_in(header)))


# -- its words ---------------------------------------------------------------------------------------------------------


def _words(message: MailMessage, cut: bool) -> str:
    subject, html = one_line(message.subject or ""), message.html or ""
    plain, (shown, whole) = message.text or "", _plain(html)
    body = plain if plain.strip() else shown
    more = _lacking(whole, body, all_of_it=bool(plain.strip()))
    cut = cut or len(html) > MOST_OF_A_PAGE or len(body) + len(more) > MOST_WORDS
    more = more[: max(MOST_WORDS - len(body), MOST_WORDS // 4)]
    body = body[: MOST_WORDS - len(more)]
    files = [one_line(each.filename or each.content_type) for each in _attached(message)]
    if cut:
        files.insert(0, "the rest of a very long letter")
    named = "".join(f"\n{WITH_FILES} {each[:120]}]" for each in files[:MOST_FILES])
    return f"{subject}\n\n{(body + more).replace(chr(13), '')}{named}"


def _lacking(whole: str, body: str, *, all_of_it: bool) -> str:
    """What the page says beyond the body, as a quote: the guard reads it, and it is not what they wrote this time.
    `all_of_it` where the two are told apart by more than single lines."""
    if f" {_bare(whole)} " in f" {_bare(body)} ":
        return ""
    known = frozenset() if all_of_it else frozenset(body.splitlines())
    return "".join(f"\n> {line}" for line in whole.splitlines() if line not in known)


def _attached(message: MailMessage) -> list[MailAttachment]:
    """What was attached, but for the pictures that stand in a letter's own page."""
    return [
        each
        for each in message.attachments
        if not (each.content_disposition == "inline" and each.content_id and message.html)
    ]


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


_SILENT: Final = ("script", "style")
_BLOCK_TAGS = """
address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr legend li main nav ol option p pre section summary table td th tr ul
"""
_BLOCKS: Final = frozenset(_BLOCK_TAGS.split())
_TITLE: Final = "x-title"
_UNREAD_INSIDE = re.compile(
    r"<(/?)(title|textarea|iframe|noembed|noframes|noscript|plaintext|xmp)\b", re.IGNORECASE | re.ASCII
)
"""Tags inside which a parser may read no other tag, to the very end where they do not end."""
_NEVER_ENDING: Final = (
    ("<!--", "-->", " "),
    *((rf"<{tag}\b", rf"</{tag}\b", "<span") for tag in _SILENT),
)


class _Page:
    """The words of a page, a line a block, those that it hides among them. Each part with whether it stands aside: a
    title, the words for a picture."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, bool]] = []
        self._quoted, self._silent, self._title = 0, False, False

    def begins(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._silent = self._silent or tag in _SILENT
        self._title = tag == _TITLE or (self._title and tag not in _BLOCKS)
        self._quoted += tag == "blockquote" or "gmail_quote" in (given.get("class") or "")
        self._line(tag)
        if given.get("alt"):
            self.parts.append((f" {given['alt']} ", True))

    def ends(self, tag: str) -> None:
        self._silent = self._silent and tag not in _SILENT
        if tag == _TITLE:
            self.parts.append(("\n", True))
        self._title = self._title and tag not in (_TITLE, "head")
        self._quoted = max(0, self._quoted - (tag == "blockquote"))
        self._line(tag)

    def says(self, data: str) -> None:
        if not self._silent:
            said = " " * data[:1].isspace() + " ".join(data.split()) + " " * data[-1:].isspace()
            self.parts.append((said, self._title))

    def _line(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append(("\n> " if self._quoted else "\n", False))

    def lines(self, *, aside: bool) -> str:
        said = "".join(part for part, apart in self.parts if aside or not apart)
        lines = (" ".join(line.split()) for line in said.splitlines())
        return "\n".join(line for line in lines if line and line != ">")


def _plain(html: str) -> tuple[str, str]:
    """What the page shows, and the same with what stands aside."""
    page, parser = _Page(), HTMLParser(convert_charrefs=True)
    parser.handle_starttag = page.begins  # type: ignore[method-assign]
    parser.handle_endtag = page.ends  # type: ignore[method-assign]
    parser.handle_data = page.says  # type: ignore[method-assign]
    parser.feed(_that_ends(html[:MOST_OF_A_PAGE]))
    parser.close()
    return page.lines(aside=False), page.lines(aside=True)


def _that_ends(html: str) -> str:
    """Without what would silence the rest of the page because it is never ended."""
    html = _UNREAD_INSIDE.sub(lambda tag: f"<{tag[1]}{_TITLE if tag[2].lower() == 'title' else 'span'}", html)
    for begins, ends, instead in _NEVER_ENDING:
        last = [each.end() for each in re.finditer(ends, html, re.IGNORECASE | re.ASCII)]
        at = last[-1] if last else 0
        html = html[:at] + re.sub(begins, instead, html[at:], flags=re.IGNORECASE | re.ASCII)
    return html
