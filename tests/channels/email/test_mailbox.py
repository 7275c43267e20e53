"""A mailbox on a real IMAP server, and answers through a real mail server."""

import contextlib
import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import parseaddr
from typing import Any

import pytest
from imap_tools import MailBoxUnencrypted

from lamplighter.channels.email.accounts import Account, Server
from lamplighter.channels.email.inbound import Inbound
from lamplighter.channels.email.mailbox import Mailbox, Pause, reached
from lamplighter.channels.email.reading import Mail
from lamplighter.channels.email.smtp import SmtpMessenger
from lamplighter.channels.email.writing import message_id
from lamplighter.desk import reminders
from lamplighter.practice.model import Practice
from tests.channels.email.mails import ADDRESS, OFFICE, Writer, letter, with_mailbox, writer
from tests.channels.email.servers import HOST, PASSWORD, PATIENCE, USER, PostOffice, mailboxes, post_office
from tests.desk.gate.threads import VISIT_AT, WHO, reminded
from tests.promises.desks import House

_folders = itertools.count(1)


@pytest.fixture(scope="module")
def imap() -> Iterator[int]:
    with mailboxes() as port:
        yield port


def account(port: int, folder: str = "INBOX", smtp: int = 1, **server: Any) -> Account:
    reads = Server(HOST, port, **{"security": "none", "user": USER, "password": PASSWORD, **server})
    return Account("demo", OFFICE, Server(HOST, smtp, "none"), reads, folder)


@dataclass
class Postbox:
    """The practice's own mailbox, a folder for each test."""

    port: int
    folder: str
    them: Writer
    office: PostOffice

    def arrives(self, raw: bytes) -> None:
        with MailBoxUnencrypted(HOST, self.port).login(USER, PASSWORD, None) as box:
            if not box.folder.exists(self.folder):
                box.folder.create(self.folder)
            box.append(raw, self.folder, dt=self.them.house.clock.now())

    def looked_into(self, times: int = 1) -> int:
        """As after a start: nothing is remembered that is not stored."""
        house = self.them.house
        box = Mailbox(account(self.port, self.folder), self.them.inbound, house.store, house.clock)
        taken = sum(box.look(house.practice) for _ in range(times))
        house.pass_time(5)
        return taken

    def seen(self) -> list[tuple[str, ...]]:
        with MailBoxUnencrypted(HOST, self.port).login(USER, PASSWORD, self.folder) as box:
            return [tuple(f for f in each.flags if f != "\\Recent") for each in box.fetch(mark_seen=False)]


@pytest.fixture
def box(imap: int) -> Iterator[Postbox]:
    with post_office() as office:
        house = reminded(
            practice=with_mailbox(), sent=False, phone=None, email=ADDRESS, contact_channel="email"
        ).house
        sends = Account("demo", OFFICE, Server(HOST, office.port, "none"))
        house.messenger = SmtpMessenger([sends], house.store, house.clock)  # type: ignore[assignment]
        house.reopen()
        found = Postbox(imap, f"t{next(_folders)}", Writer(house), office)
        found.arrives(letter("From before we were here: please call me"))
        assert found.looked_into() == 0
        yield found


def test_what_lay_there_before_us_is_answered_by_nobody(box: Postbox) -> None:
    assert box.looked_into(2) == 0 and box.office.mails == []


def test_what_arrives_is_answered_once_in_its_thread_however_often_we_are_stopped(box: Postbox) -> None:
    raw = letter("Where can I park?")
    box.arrives(raw)
    assert box.looked_into(3) == 1 and box.looked_into() == 0
    [mail] = box.office.mails
    assert mail["To"] == ADDRESS and parseaddr(mail["From"])[1] == OFFICE
    asked = raw.decode().split("Message-ID: ")[1].split()[0]
    assert mail["In-Reply-To"] == asked and mail["Auto-Submitted"] == "auto-replied"
    assert mail["List-Unsubscribe"] is None
    plain = mail.get_body(("plain",))
    assert plain is not None and "988" in plain.get_content() and "people at the desk" in plain.get_content()


def test_a_reminder_goes_out_is_answered_and_confirms_the_visit(box: Postbox) -> None:
    house = box.them.house
    with house.store.transaction("demo") as tx:
        visit = tx.schedule.visit("v1")
        assert visit is not None
        reminders.plan_for_all(tx, house.practice, visit, replace(WHO) and VISIT_AT.replace(day=4))
    house.pass_time(3600)
    [reminder] = box.office.mails
    name = reminder["Message-ID"]
    assert name == message_id(box.them.got().id, OFFICE)
    box.arrives(letter("I'll be there", subject="Re: See you", References=name, In_Reply_To=name))
    box.looked_into()
    assert box.them.visit().status == "confirmed"
    assert "is confirmed" in str(box.office.mails[-1].get_body(("plain",)))


@dataclass
class Watching(PostOffice):
    """Notes of each letter that leaves how often somebody had been rung by then."""

    house: House | None = None
    rung: list[int] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        assert self.house is not None
        self.rung.append(len(self.house.pager.rings))
        return await super().handle_DATA(server, session, envelope)


def test_rule_14_after_hours_away_all_that_waits_is_read_before_anything_goes_out_and_danger_rings_first(
    box: Postbox,
) -> None:
    house, away = box.them.house, Watching(house=box.them.house)
    with house.store.transaction("demo") as tx:
        visit = tx.schedule.visit("v1")
        assert visit is not None
        reminders.plan_for_all(tx, house.practice, visit, VISIT_AT.replace(day=4))
    house.clock.move_to(house.clock.now() + timedelta(hours=4))
    for one in range(5):
        box.arrives(letter("Where can I park?", sender=f"somebody{one}@post.example"))
    box.arrives(letter("I want to kill myself"))
    with post_office(office=away):
        sends = Account("demo", OFFICE, Server(HOST, away.port, "none"))
        house.messenger = SmtpMessenger([sends], house.store, house.clock)  # type: ignore[assignment]
        house.backlog.waits("demo", "mailbox", house.clock.now())
        house.reopen()
        house.pass_time(50)
        assert away.mails == [] and house.pager.rings == []
        assert box.looked_into() == 6
        house.pass_time(3600)
    to = [mail["To"] for mail in away.mails]
    assert {f"somebody{one}@post.example" for one in range(5)} < set(to)
    first = away.mails[0].get_body(("plain",))
    assert to[0] == ADDRESS and first is not None and "988" in first.get_content()
    assert min(away.rung) >= 1
    assert message_id(box.them.got().id, OFFICE) in [mail["Message-ID"] for mail in away.mails]


@contextlib.contextmanager
def breaking_off(imap: int, at: int, then: Callable[[], None]) -> Iterator[int]:
    """A way to the server that dies where the words of the letter `at` are asked for, the first being 1."""
    with contextlib.ExitStack() as ends, socket.create_server((HOST, 0)) as door:

        def asks(them: socket.socket, server: socket.socket) -> None:
            asked = 0
            while found := them.recv(1 << 16):
                asked += found.count(b"BODY.PEEK[]<0.")
                if asked >= at:
                    then()
                    return them.shutdown(socket.SHUT_RDWR)
                server.sendall(found)

        def opened() -> None:
            them = ends.enter_context(door.accept()[0])
            server = ends.enter_context(socket.create_connection((HOST, imap)))
            quiet = threading.Event(), threading.Event()
            threading.Thread(target=passed_on, args=(them, server, *quiet), daemon=True).start()
            asks(them, server)

        threading.Thread(target=opened, daemon=True).start()
        yield door.getsockname()[1]


def test_rule_14_whoever_is_in_danger_is_taken_as_soon_as_it_is_read_and_the_others_though_the_server_breaks_off(
    box: Postbox, imap: int
) -> None:
    house, by_then = box.them.house, list[int]()
    for words in ("Where can I park?", "I want to kill myself", "Is there an elevator?", "Are you there?"):
        box.arrives(letter(words, sender=f"somebody{len(words)}@post.example"))
    with breaking_off(imap, 3, lambda: by_then.append(len(box.them.contacts))) as port:
        look = Mailbox(account(port, box.folder), box.them.inbound, house.store, house.clock).look
        with pytest.raises(ConnectionError):
            look(house.practice)
    assert by_then == [1] and len(box.them.contacts) == 2
    house.pass_time(5)
    assert [ring.route for ring in house.pager.rings[:1]] == ["crisis"]
    assert box.looked_into() == 2


def test_rule_14_a_mailbox_that_stays_away_keeps_nobody_from_their_reminder_for_longer_than_a_quarter_of_an_hour(
    box: Postbox,
) -> None:
    house = box.them.house
    with house.store.transaction("demo") as tx:
        visit = tx.schedule.visit("v1")
        assert visit is not None
        reminders.plan_for_all(tx, house.practice, visit, VISIT_AT.replace(day=4))
    house.clock.move_to(house.clock.now() + timedelta(hours=1))
    house.backlog.waits("demo", "mailbox", house.clock.now())
    house.pass_time(14 * 60)
    assert box.office.mails == []
    house.pass_time(2 * 60)
    assert len(box.office.mails) == 1


def test_people_who_read_beside_us_lose_nothing_and_nothing_is_marked(box: Postbox) -> None:
    box.arrives(letter("Where can I park?"))
    with MailBoxUnencrypted(HOST, box.port).login(USER, PASSWORD, box.folder) as theirs:
        list(theirs.fetch(mark_seen=True))
    box.arrives(letter("And is there an elevator?"))
    assert box.looked_into() == 2
    assert box.seen() == [("\\Seen",), ("\\Seen",), ()]


def test_what_can_not_be_read_keeps_no_other_from_being_read(box: Postbox) -> None:
    box.arrives(
        b"Subject: =?no-such-charset?B?////?=\r\nContent-Type: text/plain; charset=x-none\r\n\r\n\xff\x00\xfe"
    )
    box.arrives(b"From: a@b.example\r\nMessage-ID: <h@x>\r\nContent-Type: multipart/mixed\r\n\r\nno boundary")
    box.arrives(b"From: big@b.example\r\nMessage-ID: <l@x>\r\n\r\n" + b"words and words\r\n" * 200_000)
    box.arrives(letter("Where can I park?"))
    assert box.looked_into() == 4
    assert ADDRESS in {mail["To"] for mail in box.office.mails}


def test_a_letter_that_is_a_fault_at_every_look_is_left_to_the_desk_and_not_tried_again(
    box: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def breaks(inbound: Inbound, practice: Practice, mail: Mail) -> None:
        tried.append(mail.id)
        raise ValueError("a fault of ours")

    monkeypatch.setattr(Inbound, "take", breaks)
    box.arrives(letter("Where can I park?"))
    assert box.looked_into(5) == 0 and box.looked_into() == 0
    assert len(tried) == 3
    assert [dict(task.details)["read"] for task in box.them.tasks("message")] == ["the mailbox"]


def test_a_wrong_password_and_a_server_that_is_not_there_are_faults_to_be_mended(imap: int) -> None:
    for wrong in (account(imap, password="wrong"), account(1)):
        with pytest.raises(ConnectionError) as fault:
            reached(wrong)
        assert "wrong" not in str(fault.value)


# -- being told of what is new ---------------------------------------------------------------------------------------


class Asked(threading.Event):
    """Says when it was first asked whether to stop: then whoever asks is waiting for what is new."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = threading.Event()

    def is_set(self) -> bool:
        self.waits.set()
        return super().is_set()


@pytest.mark.parametrize("how", ["arrives", "stops"])
def test_a_look_stays_until_the_server_tells_of_something_new_or_it_is_to_stop(imap: int, how: str) -> None:
    postbox = Postbox(imap, f"idle-{how}", writer(), PostOffice())
    postbox.arrives(letter("of before"))
    house, stopping = postbox.them.house, Asked()
    box = Mailbox(account(imap, postbox.folder), postbox.them.inbound, house.store, house.clock)
    pause = Pause(300, stopping)
    looking = threading.Thread(target=box.look, args=(house.practice, pause), daemon=True)
    looking.start()
    assert stopping.waits.wait(PATIENCE)
    if how == "arrives":
        postbox.arrives(letter("what are your hours?"))
    else:
        stopping.set()
    looking.join(PATIENCE)
    assert not looking.is_alive() and pause.spent
    assert box.look(house.practice) == (how == "arrives")


def passed_on(
    to: socket.socket, given: socket.socket, heard: threading.Event, until: threading.Event
) -> None:
    """What tells of something new is held back in the middle of its word `until` the other side has spoken."""
    idling = False
    with contextlib.suppress(OSError):
        while found := given.recv(1 << 16):
            heard.set()
            middle = found.find(b"ISTS") if idling else -1
            idling = idling or b"Idling" in found
            if middle >= 0:
                until.clear()
                to.sendall(found[:middle])
                until.wait(PATIENCE)
            to.sendall(found[max(middle, 0) :])
        to.shutdown(socket.SHUT_WR)


@pytest.fixture
def torn(imap: int) -> Iterator[int]:
    """A way to the server on which its word of something new comes in two pieces."""
    with contextlib.ExitStack() as ends, socket.create_server((HOST, 0)) as door:

        def opened() -> None:
            with contextlib.suppress(OSError):
                while True:
                    them = ends.enter_context(door.accept()[0])
                    server = ends.enter_context(socket.create_connection((HOST, imap)))
                    asked, told = threading.Event(), threading.Event()
                    for way in ((server, them, asked, told), (them, server, told, asked)):
                        threading.Thread(target=passed_on, args=way, daemon=True).start()

        threading.Thread(target=opened, daemon=True).start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)


def test_what_the_server_tells_of_is_heard_though_its_line_comes_in_two_pieces(imap: int, torn: int) -> None:
    postbox = Postbox(imap, "torn", writer(), PostOffice())
    postbox.arrives(letter("of before"))
    house, stopping = postbox.them.house, Asked()
    box = Mailbox(account(torn, "torn"), postbox.them.inbound, house.store, house.clock)
    pause = Pause(300, stopping)
    looking = threading.Thread(target=box.look, args=(house.practice, pause), daemon=True)
    looking.start()
    assert stopping.waits.wait(PATIENCE)
    postbox.arrives(letter("what are your hours?"))
    looking.join(PATIENCE)
    assert pause.spent and box.look(house.practice) == 1
