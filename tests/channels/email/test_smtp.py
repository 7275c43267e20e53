"""Letters that go out through a real mail server on loopback."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import pytest

from lamplighter.channels.email.accounts import Account, NotSealed, Server
from lamplighter.channels.email.smtp import SmtpMessenger
from lamplighter.channels.email.writing import ours_in
from lamplighter.desk.ports import MessageRefused, MessageUnknown
from lamplighter.records.memory import MemoryRecords
from lamplighter.rehearsal.clock import SimulatedClock
from tests.channels.email.servers import HOST, PASSWORD, USER, PostOffice, certificate, post_office
from tests.promises.desks import NOON

OFFICE = "office@hlc.example"
SENDER = f"HLC Office <{OFFICE}>"
TO = "rosalind@post.example"
TEXT = "Tuesday, December 1\n\nSee you Tuesday at 3 PM.\n\nTo reach a person, call <us> & ask."


@dataclass
class Post:
    office: PostOffice
    messenger: SmtpMessenger

    def send(self, name: str = "m0000001", to: str = TO, text: str = TEXT, sender: str = SENDER) -> None:
        self.messenger.send(name, "email", to, sender, text)


def over(office: PostOffice, **server: object) -> Post:
    clock = SimulatedClock(NOON)
    sends = Server(HOST, office.port, **{"security": "none", **server})  # type: ignore[arg-type]
    return Post(office, SmtpMessenger([Account("demo", OFFICE, sends)], MemoryRecords(clock), clock))


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as office:
        yield over(office)


def test_a_letter_arrives_in_plain_words_and_as_simple_html(post: Post) -> None:
    post.send()
    [mail] = post.office.mails
    assert (mail["From"], mail["To"], mail["Subject"]) == (SENDER, TO, "Tuesday, December 1")
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None and html is not None
    assert plain.get_content().split("\r\n\r\n") == [
        "See you Tuesday at 3 PM.", "To reach a person, call <us> & ask.\r\n",
    ]  # fmt: skip
    assert "call &lt;us&gt; &amp; ask.</p>" in html.get_content() and "<script" not in html.get_content()


def test_its_id_is_known_before_it_goes_and_it_says_that_a_machine_wrote_it(post: Post) -> None:
    post.send("m0000042")
    [mail] = post.office.mails
    assert mail["Message-ID"] == "<m0000042.lamplighter@hlc.example>"
    assert ours_in(f"<x@y> {mail['Message-ID']}") == ("m0000042",)
    assert mail["Auto-Submitted"] == "auto-generated" and mail["X-Auto-Response-Suppress"] == "All"
    assert mail["List-Unsubscribe"] == f"<mailto:{OFFICE}?subject=unsubscribe%20m0000042>"
    assert parsedate_to_datetime(mail["Date"]) == NOON


def test_where_there_is_a_sealed_way_one_click_leaves() -> None:
    with post_office() as office:
        clock = SimulatedClock(NOON)
        account = Account("demo", OFFICE, Server(HOST, office.port, "none"))
        messenger = SmtpMessenger([account], MemoryRecords(clock), clock, "https://desk.example")
        messenger.send("m0000042", "email", TO, SENDER, TEXT)
        [mail] = office.mails
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<https://desk.example/mail/leave/demo/m0000042>, <mailto:")


def test_a_letter_sent_again_under_its_id_arrives_once(post: Post) -> None:
    for _ in range(3):
        post.send()
    assert len(post.office.mails) == 1


def test_where_the_line_dies_after_the_words_nothing_goes_a_second_time(post: Post) -> None:
    post.office.dies = True
    with pytest.raises(MessageUnknown):
        post.send()
    post.office.dies = False
    with pytest.raises(MessageUnknown):
        post.send()
    assert len(post.office.mails) == 1


@pytest.mark.parametrize(("rcpt", "data"), [("451 Busy", "250 OK"), ("250 OK", "451 Greylisted")])
def test_what_a_server_does_not_take_now_is_tried_again_and_arrives(post: Post, rcpt: str, data: str) -> None:
    post.office.rcpt, post.office.data = rcpt, data
    with pytest.raises(ConnectionError):
        post.send()
    post.office.rcpt = post.office.data = "250 OK"
    post.send()
    assert len(post.office.mails) == 1


@pytest.mark.parametrize(("rcpt", "data"), [("550 Nobody", "250 OK"), ("250 OK", "554 No")])
def test_what_a_server_refuses_is_refused_for_good(post: Post, rcpt: str, data: str) -> None:
    post.office.rcpt, post.office.data = rcpt, data
    with pytest.raises(MessageRefused):
        post.send()
    assert post.office.mails == []


@pytest.mark.parametrize("to", ["", "nobody", "a@b.example\r\nBcc: c@d.example", "a b@c.example"])
def test_an_address_that_is_none_is_refused_and_no_header_is_smuggled_in(post: Post, to: str) -> None:
    with pytest.raises(MessageRefused):
        post.send(to=to)
    assert post.office.mails == []


def test_a_line_break_in_a_subject_begins_no_header(post: Post) -> None:
    post.send(text="Hello\r\nBcc: x@y.example\n\nWords.")
    [mail] = post.office.mails
    assert mail["Bcc"] is None and mail["Subject"] == "Hello Bcc: x@y.example"


def test_a_sender_without_a_mailbox_is_refused(post: Post) -> None:
    with pytest.raises(MessageRefused):
        post.send(sender="Other <other@else.example>")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_words_go_sealed_to_a_server_that_shows_who_it_is(security: str) -> None:
    with post_office(security) as office:
        login = {"user": USER, "password": PASSWORD} if security == "starttls" else {}
        over(office, security=security, ca=certificate(), **login).send()
        assert len(office.mails) == 1
        assert office.logins == ([USER] if security == "starttls" else [])


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_nothing_is_sent_to_a_server_whose_certificate_nobody_vouches_for(security: str) -> None:
    with post_office(security) as office:
        with pytest.raises(ConnectionError):
            over(office, security=security, user=USER, password=PASSWORD).send()
        assert office.mails == [] and office.logins == []


def test_nothing_is_sent_to_a_server_with_the_certificate_of_another() -> None:
    other = certificate("127.0.0.9")
    with post_office("tls", cert=other) as office:
        with pytest.raises(ConnectionError):
            over(office, security="tls", ca=other).send()
        assert office.mails == []


def test_a_wrong_password_may_be_mended_and_is_in_no_message(post: Post) -> None:
    with post_office("starttls") as office:
        with pytest.raises(ConnectionError) as wrong:
            over(office, security="starttls", ca=certificate(), user=USER, password="secret").send()
        assert "secret" not in str(wrong.value)


def test_a_server_that_is_not_there_may_be_there_later() -> None:
    gone = PostOffice(port=1)
    with pytest.raises(ConnectionError):
        over(gone).send()


def test_without_tls_only_this_machine_is_spoken_to_and_no_password_is_shown() -> None:
    with pytest.raises(NotSealed):
        Server("mail.hlc.example", 25, "none")
    assert "hunter2" not in repr(Server("mail.hlc.example", 465, "tls", "desk", "hunter2"))
