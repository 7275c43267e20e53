"""An email as it goes out: plain words, the same words as simple HTML, and the headers that machines read.

Its Message-ID is made from the id under which we have stored it, so that it is known before it is sent, is the same
however often it is tried, and is how an answer is told from a letter out of the blue.
"""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from html import escape
from typing import Final
from urllib.parse import quote

OURS: Final = ".lamplighter"
_OURS = re.compile(rf"<?([0-9A-Za-z_-]{{8,128}}){re.escape(OURS)}@[^\s<>]+>?")
LONGEST_SUBJECT: Final = 200
UNSUBSCRIBE: Final = "unsubscribe"


def message_id(name: str, address: str) -> str:
    return f"<{name}{OURS}@{address.rpartition('@')[2]}>"


def ours_in(header: str) -> tuple[str, ...]:
    """The ids of messages of ours that a header names, in its order."""
    return tuple(_OURS.findall(header[:8000]))


def written(
    name: str,
    to: str,
    sender: str,
    text: str,
    at: datetime,
    *,
    answers: str | None = None,
    asked: bool = False,
    leave: str | None = None,
) -> EmailMessage:
    """`sender` is "Name <address>"; `text` has the subject as its first line, and paragraphs parted by empty lines.
    `answers` is the Message-ID of what it answers; `asked`: they wrote to us, so that there is no list to leave;
    `leave`: where one click leaves it."""
    shown, address = parseaddr(sender)
    subject, _, body = text.partition("\n\n")
    paragraphs = [" ".join(each.split()) for each in body.split("\n\n") if each.strip()]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(one_line(shown), addr_spec=address)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = one_line(subject)[:LONGEST_SUBJECT]
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id(name, address)
    mail["Auto-Submitted"] = "auto-replied" if answers else "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if answers:
        mail["In-Reply-To"] = mail["References"] = one_line(answers)
    if not asked:
        by_mail = f"<mailto:{address}?subject={quote(f'{UNSUBSCRIBE} {name}')}>"
        mail["List-Unsubscribe"] = f"<{leave}>, {by_mail}" if leave else by_mail
        if leave:
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content("\n\n".join(paragraphs) + "\n", cte="quoted-printable")
    mail.add_alternative(_html(paragraphs), subtype="html", cte="quoted-printable")
    return mail


def one_line(text: str) -> str:
    """Nothing that could end a header and begin another."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _html(paragraphs: list[str]) -> str:
    inside = "\n".join(f'<p dir="auto">{escape(each)}</p>' for each in paragraphs)
    return f'<!doctype html>\n<html><head><meta charset="utf-8"></head>\n<body>\n{inside}\n</body></html>\n'
