"""A clearinghouse that asks for a client certificate: ours opens, nobody else's does, and theirs is checked."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from lamplighter.connectors.clearinghouse.core_envelope import CoreClearinghouse, Envelope
from lamplighter.connectors.clearinghouse.core_envelope.standin import CoreStandIn
from lamplighter.connectors.clearinghouse.insurer import Insurer, Plan
from lamplighter.connectors.clearinghouse.x12.writing import Partner
from lamplighter.desk.ports.clearinghouse import Answered, Refused, Why
from tests.connectors.clearinghouse.numbers import CountedNumbers
from tests.connectors.clearinghouse.stage import StoppedClock, served
from tests.connectors.clearinghouse.test_contract import ENOUGH, QUESTION

BEGINS = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs certificates into a folder, each with its key in one file."""

    folder: Path
    name: str
    key: ec.EllipticCurvePrivateKey

    @property
    def file(self) -> Path:
        return self.folder / f"{self.name}.pem"

    def issue(self, name: str) -> Path:
        key = self.key if name == self.name else ec.generate_private_key(ec.SECP256R1())
        subject, issuer = (
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (name, self.name)
        )
        here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        made = (
            x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(BEGINS)
            .not_valid_after(BEGINS + timedelta(days=40_000))
            .add_extension(x509.BasicConstraints(ca=name == self.name, path_length=None), critical=True)
            .add_extension(here, critical=False)
            .sign(self.key, hashes.SHA256())
        )
        file = self.folder / f"{name}.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(private + made.public_bytes(Encoding.PEM))
        return file


def authority(folder: Path, name: str) -> Authority:
    made = Authority(folder, name, ec.generate_private_key(ec.SECP256R1()))
    made.issue(name)
    return made


@contextmanager
def opened(theirs: Authority) -> Iterator[CoreClearinghouse]:
    insurer = Insurer({"LH0001": Plan("QUILL", "NORA", "19810203")})
    server = theirs.issue("server")
    with served(CoreStandIn(insurer, "", "").app, ssl_certfile=server, ssl_ca_certs=theirs.file,
                ssl_cert_reqs=ssl.CERT_REQUIRED) as url:  # fmt: skip
        yield CoreClearinghouse(
            f"{url.replace('http:', 'https:')}/core", "Clearing Example", Partner("HARBORLANE", "CLEARHOUSE"),
            CountedNumbers(), StoppedClock(), Envelope.SOAP, authority=theirs.file,
        )  # fmt: skip


def test_a_certificate_of_ours_opens_and_one_of_a_stranger_or_none_does_not(tmp_path: Path) -> None:
    theirs, strange = authority(tmp_path, "theirs"), authority(tmp_path, "strange")
    with opened(theirs) as way:
        assert isinstance(replace(way, certificate=theirs.issue("ours")).ask(QUESTION, ENOUGH), Answered)
        for nobody in (way, replace(way, certificate=strange.issue("stranger"))):
            assert nobody.ask(QUESTION, ENOUGH) == Refused(Why.UNREACHABLE)


@pytest.mark.parametrize("vouches", [None, "strange"])
def test_a_server_that_nobody_vouches_for_is_told_nothing(tmp_path: Path, vouches: str | None) -> None:
    theirs, strange = authority(tmp_path, "theirs"), authority(tmp_path, "strange")
    with opened(theirs) as way:
        doubted = replace(way, certificate=theirs.issue("ours"), authority=strange.file if vouches else None)
        assert doubted.ask(QUESTION, ENOUGH) == Refused(Why.UNREACHABLE)
