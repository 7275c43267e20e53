"""`lamplighter serve` as a process of its own, killed between handing a text over and storing the answer."""

import base64
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lamplighter.channels.sms.standins.network import Carried, Network
from lamplighter.channels.sms.standins.twilio import TwilioStandIn
from lamplighter.practice.sample import SAMPLE_FOLDER
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.signers import Signers
from lamplighter.wiring.standins import Telephones, settings_for, standin_of
from tests.channels.sms.carriers.stage import address, bound, served
from tests.promises.signed_before_live.test_signed_before_live import KEY, signs

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]
PATIENCE = 120
PHONE, NUMBER, SECRET = "+12125550143", "+12125550100", "s3cret"


@dataclass(slots=True)
class Watched(Network):
    """Tells when it has taken one more."""

    taken: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def take(self, *, to: str, sent_from: str, text: str, receipts: str) -> Carried:
        carried = Network.take(self, to=to, sent_from=sent_from, text=text, receipts=receipts)
        self.taken.release()
        return carried


@dataclass
class Deployment:
    folder: Path
    port: int
    env: dict[str, str]

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[str]]:
        command = [sys.executable, "-m", "lamplighter.cli", "serve"]
        with (self.folder / "err").open("a") as errors:
            process = subprocess.Popen(
                command, cwd=self.folder, env=self.env, stdout=subprocess.PIPE, stderr=errors, text=True
            )
        try:
            assert process.stdout is not None
            assert any(line.startswith("Answering") for line in process.stdout)
            yield process
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    folder = tmp_path / "practices" / "maple"
    shutil.copytree(SAMPLE_FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    file = folder / "practice.yaml"
    file.write_text(file.read_text().replace("id: demo", "id: maple"))
    signs(folder, WallClock().now() - timedelta(minutes=1))
    data, key = tmp_path / "data", tmp_path / "key"
    data.mkdir(mode=0o700)
    raw = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    Signers(data).add("maple", base64.b64encode(raw).decode())
    key.write_bytes(os.urandom(32))
    key.chmod(0o600)
    with bound() as free:
        port = int(free.getsockname()[1])
    own = {
        "PRACTICES": str(tmp_path / "practices"),
        "DATA": str(data),
        "MASTER_KEY_FILE": str(key),
        "PORT": str(port),
        "STAFF_PORT": "0",
    }
    return Deployment(
        tmp_path, port, os.environ | {f"LAMPLIGHTER_{name}": value for name, value in own.items()}
    )


def test_a_text_that_was_handed_over_when_the_server_was_killed_is_not_sent_again(
    deployment: Deployment,
) -> None:
    theirs, public = bound(), f"http://127.0.0.1:{deployment.port}"
    network = Watched(WallClock(), frozenset({NUMBER}))
    standin = standin_of("twilio", network, f"{public}/carriers/standin/texts", SECRET)
    assert isinstance(standin, TwilioStandIn)
    standin.post = lambda url, headers, body: (
        httpx.post(url, headers=dict(headers), content=body, timeout=PATIENCE).status_code
    )
    settings = settings_for("twilio", standin, SECRET, address(theirs), public, "maple")
    (deployment.folder / "lamplighter.toml").write_text(settings)
    with served(Telephones(standin), theirs) as api:

        def write(text: str) -> None:
            said = {"from": PHONE, "to": NUMBER, "text": text}
            assert httpx.post(f"{api}/standin/texts", json=said, timeout=PATIENCE).status_code == 200
            assert network.taken.acquire(timeout=PATIENCE)

        with deployment.serving() as process:
            write("what are your hours?")
            network.faults.append("silent_after")
            write("where are you?")
            process.kill()
        with deployment.serving():
            assert standin.tells(network.carried[-1], "delivered") == 200
            write("thank you")
    assert len(network.carried) == 3
    assert len(set(network.on(PHONE))) == 3
