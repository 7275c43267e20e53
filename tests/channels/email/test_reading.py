"""Whatever arrives in a mailbox is read without a fault, and all of it reaches the guard."""

import random
from email.message import EmailMessage

import pytest

from lamplighter.channels.email.reading import MOST_WORDS, read
from lamplighter.conversation.mail_words import own_words
from tests.channels.email.mails import ADDRESS, OFFICE, letter


def html(page: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = ADDRESS, "Hello", "<h@x.example>"
    mail.set_content(page, subtype="html")
    return mail.as_bytes()


def test_a_page_without_plain_words_is_read_a_line_a_block_and_its_quote_is_a_quote() -> None:
    mail = read(
        html(
            "<style>p{}</style><p>I'll&nbsp;be there</p><div>See <b>you</b></div><blockquote>old</blockquote>"
        ),
        OFFICE,
    )
    assert mail.text == "Hello\n\nI'll be there\nSee you\n> old"
    assert own_words(mail.text) == "I'll be there\nSee you"


@pytest.mark.parametrize("body", ["=C1=D3=D4 t=FCr", "=E4=BD=A0"])
@pytest.mark.parametrize("charset", ["koi8-r", "utf-7", "iso-8859-1", "x-no-such", "utf-16", ""])
def test_odd_and_wrong_charsets_are_read_as_well_as_can_be(charset: str, body: str) -> None:
    raw = (
        f"From: {ADDRESS}\r\nMessage-ID: <c@x>\r\nSubject: =?{charset}?Q?{body}?=\r\n"
        f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{body} yes"
    ).encode()
    assert read(raw, OFFICE).sender == ADDRESS


@pytest.mark.parametrize(
    ("reply", "own"),
    [
        ("Yes\n\nOn Tue, Dec 8, 2026 at 2 PM HLC Office <office@hlc.example> wrote:\n> See you", "Yes"),
        ("Yes\n\nOn Tue, Dec 8, 2026 at 2 PM HLC Office\n<office@hlc.example> wrote:\n\n> See you", "Yes"),
        (
            "Sí\n\nEl mar, 8 dic 2026 a las 14:00, HLC Office (<office@hlc.example>) escribió:\n> Nos vemos",
            "Sí",
        ),
        ("Yes\n\n-----Original Message-----\nFrom: HLC Office\nSee you", "Yes"),
        ("Yes\n________________________________\nFrom: HLC Office <office@hlc.example>\nSee you", "Yes"),
        ("Yes\n\nSent from my iPhone", "Yes"),
        ("Yes\n-- \nRosalind Thimblewick", "Yes"),
        ("> See you\nYes", ""),
        ("", ""),
    ],
)
def test_what_they_wrote_this_time_is_told_from_what_they_quote(reply: str, own: str) -> None:
    assert own_words(f"Re: See you\n\n{reply}") == own


@pytest.mark.parametrize(
    ("subject", "own"), [("unsubscribe " + "0" * 32, "unsubscribe"), ("Re: See you", ""), ("Stop", "Stop")]
)
def test_a_subject_counts_where_nothing_stands_below_it(subject: str, own: str) -> None:
    assert own_words(f"{subject}\n\n\n") == own


def test_what_is_too_long_to_be_read_is_cut_and_goes_to_a_person() -> None:
    text = read(letter("word " * 60_000), OFFICE).text
    assert len(text) < MOST_WORDS + 1000 and text.endswith("[attached: the rest of a very long letter]")


@pytest.mark.parametrize(
    "page",
    [
        "<head><meta charset=utf-8><p>the words</p>",
        "<head><title>Hi<body>the words",
        "<title>Hi the <b>words</b>",
        "<title>the <i>words</i></title><p>Hi</p>",
        "<style>p{}</style><style>p {} <p>the <b>words</b></p>",
        "<script>x()<p>the <b>words</b></p>",
        "<!-- a --><p>Hi</p><!-- <p>the <b>words</b></p>",
        "<noscript>the <b>words</b>",
        '<p>Hi</p><img src="cid:1" alt="the words">',
    ],
)
def test_nothing_that_a_page_leaves_open_or_puts_aside_hides_words_from_the_guard(page: str) -> None:
    assert "the words" in read(html(page), OFFICE).text


def test_what_stands_aside_on_a_page_is_not_what_they_wrote() -> None:
    page = "<head><title>Mail</title></head><body><p>I'll be there</p><style>p{}</style><img alt=Logo></body>"
    text = read(html(page), OFFICE).text
    assert own_words(text) == "I'll be there" and "> Mail\n> Logo" in text and "p{}" not in text


@pytest.mark.parametrize("plain", ["This needs a reader of pages.", "w" * 70_000, "thewords"])
def test_what_a_plain_part_leaves_out_of_the_page_beside_it_is_read_too(plain: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = ADDRESS, "<s@x.example>"
    mail.set_content(plain)
    mail.add_alternative("<p>the <b>words</b></p>", subtype="html")
    text = read(mail.as_bytes(), OFFICE).text
    assert "\n> the words" in text and len(text) < MOST_WORDS + 1000


def test_of_a_page_that_is_too_long_a_person_reads_the_rest() -> None:
    text = read(html("<p>Hi</p>" + "<i></i>\n" * 40_000 + "<p>more</p>"), OFFICE).text
    assert text == "Hello\n\nHi\n[attached: the rest of a very long letter]"


def test_picture_in_a_signature_is_nothing_that_was_attached_and_a_named_file_is() -> None:
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = ADDRESS, "<p@x.example>"
    mail.set_content("Yes")
    mail.add_alternative('<p>Yes</p><img src="cid:logo">', subtype="html")
    page = mail.get_payload()[1]  # type: ignore[index]
    page.add_related(b"\x89PNG", "image", "png", cid="<logo>", disposition="inline")  # type: ignore[union-attr]
    assert "[attached:" not in read(mail.as_bytes(), OFFICE).text
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="my\tform.pdf")
    assert read(mail.as_bytes(), OFFICE).text.endswith("[attached: my form.pdf]")


@pytest.mark.parametrize(
    "header", ["From: a@b.example, c@d.example", "From: =?x?", "From: <>", 'From: "a" <b@c>\r\n evil', ""]
)
def test_a_sender_that_is_none_is_nobody_who_could_be_answered(header: str) -> None:
    mail = read(f"{header}\r\nSubject: Hi\r\n\r\nHello".encode(), OFFICE)
    assert mail.sender is None or "@" in mail.sender


def test_no_bytes_whatever_are_a_fault() -> None:
    chance = random.Random(7)
    whole = html("<p>words</p>") + letter("words")
    for _ in range(400):
        raw = bytearray(whole)
        for _ in range(chance.randrange(1, 60)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        mail = read(bytes(raw[: chance.randrange(len(raw))]), OFFICE)
        assert mail.id and "\n\n" in mail.text
