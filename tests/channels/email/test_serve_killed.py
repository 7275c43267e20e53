"""`lamplighter serve` as a process of its own, with a real mailbox, killed right after it has answered."""

import base64
import os
import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from imap_tools import MailBoxUnencrypted

from lamplighter.practice.sample import SAMPLE_FOLDER
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.signers import Signers
from tests.channels.email.mails import ADDRESS, OFFICE, letter
from tests.channels.email.servers import HOST, PASSWORD, USER, PostOffice, mailboxes, post_office
from tests.channels.sms.carriers.test_serve_killed import PATIENCE, Deployment
from tests.promises.signed_before_live.test_signed_before_live import KEY, signs

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

SETTINGS = """
mailbox_seconds = 5
[mailboxes.maple]
smtp_host = "127.0.0.1"
smtp_port = {smtp}
smtp_security = "none"
imap_host = "127.0.0.1"
imap_port = {imap}
imap_security = "none"
user = "{user}"
password = "{password}"
"""


@dataclass
class Watched(PostOffice):
    """Tells when a letter has arrived."""

    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    at: list[datetime] = field(default_factory=list)

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.at.append(WallClock().now())
        answer = await super().handle_DATA(server, session, envelope)  # type: ignore[arg-type]
        self.arrived.release()
        return answer


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    """The sample practice with a mailbox, signed, and a data folder that knows who signed."""
    folder = tmp_path / "practices" / "maple"
    shutil.copytree(SAMPLE_FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    file = folder / "practice.yaml"
    file.write_text(file.read_text().replace("id: demo", f"id: maple\nemail: {OFFICE}"))
    signs(folder, WallClock().now() - timedelta(minutes=1))
    data, key = tmp_path / "data", tmp_path / "key"
    data.mkdir(mode=0o700)
    raw = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    Signers(data).add("maple", base64.b64encode(raw).decode())
    key.write_bytes(os.urandom(32))
    key.chmod(0o600)
    own = {"PRACTICES": str(tmp_path / "practices"), "DATA": str(data), "MASTER_KEY_FILE": str(key),
           "PORT": "0", "STAFF_PORT": "0"}  # fmt: skip
    env = os.environ | {f"LAMPLIGHTER_{name}": value for name, value in own.items()}
    return Deployment(tmp_path, 0, env)


def answered(office: Watched, arrives: Callable[[str], None]) -> None:
    """What lay there before the first look is answered by nobody, so that more than one may have to come."""
    for question in ("Where can I park?", "And is there an elevator?", "Are you there?"):
        arrives(question)
        if office.arrived.acquire(timeout=PATIENCE / 3):
            return
    raise AssertionError("nothing was answered")


def test_what_was_answered_when_the_server_was_killed_is_not_answered_again(deployment: Deployment) -> None:
    office = Watched()
    with post_office(office=office), mailboxes() as imap:
        settings = SETTINGS.format(smtp=office.port, imap=imap, user=USER, password=PASSWORD)
        (deployment.folder / "lamplighter.toml").write_text(settings)

        def arrives(text: str) -> None:
            with MailBoxUnencrypted(HOST, imap).login(USER, PASSWORD) as box:
                box.append(letter(text), "INBOX", dt=WallClock().now())

        with deployment.serving() as process:
            answered(office, arrives)
            process.kill()
        with deployment.serving():
            answered(office, arrives)
    assert [parseaddr(mail["From"])[1] for mail in office.mails] == [OFFICE] * len(office.mails)
    assert {mail["To"] for mail in office.mails} == {ADDRESS}
    assert len({mail["In-Reply-To"] for mail in office.mails}) == len(office.mails) > 1


def test_rule_14_whoever_wrote_in_danger_while_the_server_was_down_is_rung_for_and_answered_first(
    deployment: Deployment,
) -> None:
    office, many = Watched(), 30
    with post_office(office=office), mailboxes() as imap:
        settings = SETTINGS.format(smtp=office.port, imap=imap, user=USER, password=PASSWORD)
        (deployment.folder / "lamplighter.toml").write_text(settings)

        def arrives(text: str, sender: str = ADDRESS) -> None:
            with MailBoxUnencrypted(HOST, imap).login(USER, PASSWORD) as box:
                box.append(letter(text, sender=sender), "INBOX", dt=WallClock().now())

        with deployment.serving() as process:
            answered(office, arrives)
            process.kill()
        before = len(office.mails)
        for one in range(many):
            arrives("Where can I park?", f"somebody{one}@post.example")
        arrives("I want to kill myself", "last@post.example")
        (deployment.folder / "err").write_text("")
        with deployment.serving():
            for _ in range(many + 1):
                assert office.arrived.acquire(timeout=PATIENCE)
    after = [mail["To"] for mail in office.mails[before:]]
    assert after[0] == "last@post.example"
    rang = next(line for line in (deployment.folder / "err").read_text().splitlines() if "ringing" in line)
    assert datetime.fromisoformat(re.findall(r"\d{4}-\d\d-\d\dT[\d:.]+Z", rang)[0]) < office.at[before + 1]
