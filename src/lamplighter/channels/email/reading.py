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
Kind = Literal["letter", "automatic", "bounce", "ours"]

MOST_WORDS: Final = 64_000
"""Characters of a letter that are read; of a longer one a person reads the rest."""
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
    of ours a bounce says was not delivered."""

    id: str
    kind: Kind
    sender: str | None
    text: str = field(repr=False)
    answers: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    has_id: bool = True


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
    sender = _address(_first(headers, "from"))
    kind = _kind(headers, name, sender, own, message.obj.get_content_type())
    refers = " ".join((*headers.get("references", ()), *headers.get("in-reply-to", ())))
    answers = tuple(dict.fromkeys(reversed(ours_in(refers))))
    failed = _undelivered(raw) if kind == "bounce" else ()
    return Mail(name, kind, sender, _words(message, cut), answers, failed, has_id)


def _first(headers: Mapping[str, tuple[str, ...]], name: str) -> str:
    return headers.get(name, ("",))[0]


def _address(header: str) -> str | None:
    address = parseaddr(one_line(header))[1].strip().lower()
    return address if _ADDRESS.fullmatch(address) else None


def _kind(
    headers: Mapping[str, tuple[str, ...]], name: str, sender: str | None, own: str, content: str
) -> Kind:
    if sender == own.lower() or ours_in(name):
        return "ours"
    if content == "multipart/report" and "delivery-status" in _first(headers, "content-type"):
        return "bounce"
    submitted = _first(headers, "auto-submitted").strip().lower()
    machine = submitted not in ("", "no") or _first(headers, "precedence").strip().lower() in _BULK
    listed = any(each in headers for each in _LISTS)
    from_nobody = _first(headers, "return-path").strip() == "<>" or bool(sender and _NOBODY.match(sender))
    return "automatic" if machine or listed or from_nobody or sender is None else "letter"


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
    subject = one_line(message.subject or "")
    plain, shown = message.text or "", _plain(message.html or "")
    body = plain if plain.strip() else shown
    if plain.strip() and not _within(shown, plain):
        body += "\n" + "\n".join(f"> {line}" for line in shown.splitlines())
    files = [one_line(each.filename or each.content_type) for each in _attached(message)]
    if len(body) > MOST_WORDS or cut:
        files.insert(0, "the rest of a very long letter")
    named = "".join(f"\n{WITH_FILES} {each[:120]}]" for each in files[:MOST_FILES])
    return f"{subject}\n\n{body[:MOST_WORDS].replace(chr(13), '')}{named}"


def _attached(message: MailMessage) -> list[MailAttachment]:
    """What was attached, but for the pictures that stand in a letter's own page."""
    return [
        each
        for each in message.attachments
        if not (each.content_disposition == "inline" and each.content_id and message.html)
    ]


def _within(shown: str, plain: str) -> bool:
    """Whether the page says nothing that the plain words don't."""
    return _bare(shown) in _bare(plain)


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


_SILENT: Final = ("script", "style", "head", "title")
_BLOCKS: Final = frozenset(
    (
        "p",
        "div",
        "br",
        "li",
        "tr",
        "td",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "table",
        "hr",
        "ul",
        "ol",
    )
)


class _Page:
    """The words of a page, a line a block, those that it hides among them."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._quoted, self._silent = 0, 0

    def begins(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        self._quoted += tag == "blockquote" or "gmail_quote" in (dict(attrs).get("class") or "")
        self._line(tag)

    def ends(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._quoted = max(0, self._quoted - (tag == "blockquote"))
        self._line(tag)

    def says(self, data: str) -> None:
        if not self._silent:
            self.parts.append(" " * data[:1].isspace() + " ".join(data.split()) + " " * data[-1:].isspace())

    def _line(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n> " if self._quoted else "\n")


def _plain(html: str) -> str:
    page, parser = _Page(), HTMLParser(convert_charrefs=True)
    parser.handle_starttag = page.begins  # type: ignore[method-assign]
    parser.handle_endtag = page.ends  # type: ignore[method-assign]
    parser.handle_data = page.says  # type: ignore[method-assign]
    parser.feed(html[: 4 * MOST_WORDS])
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(page.parts).splitlines())
    return "\n".join(line for line in lines if line and line != ">")
