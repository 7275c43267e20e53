"""CORE envelopes in the shapes in which others write them."""

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lamplighter.connectors.clearinghouse.answers import reply_of
from lamplighter.connectors.clearinghouse.asking_over_http import Came
from lamplighter.connectors.clearinghouse.core_envelope import CoreClearinghouse
from lamplighter.connectors.clearinghouse.core_envelope.client import Envelope, payload_of
from lamplighter.connectors.clearinghouse.core_envelope.envelopes import (
    OUR_FAULT,
    SERVERS_FAULT,
    UNAUTHORIZED,
    Letter,
    as_soap,
    from_mime,
    from_related,
    from_soap,
)
from lamplighter.connectors.clearinghouse.x12.writing import Partner
from lamplighter.desk.ports.clearinghouse import Answered, Refused, Why
from lamplighter.desk.ports.coverage import EligibilityQuestion, Insured, Payer, Provider
from tests.connectors.clearinghouse.numbers import CountedNumbers
from tests.connectors.clearinghouse.x12.texts import answer

X12 = "ISA*00*A&B'~"
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
TAIL = "</s:Body></s:Envelope>"


def envelope(payload: str, head: str = HEAD) -> str:
    return (
        f'{head}<ns1:COREEnvelopeRealTimeResponse xmlns:ns1="http://www.caqh.org/SOAP/WSDL/CORERule2.2.0.xsd">'
        f"<PayloadType>X12_271_Response_005010X279A1</PayloadType>{payload}"
        f"<ErrorCode>Success</ErrorCode><ErrorMessage/></ns1:COREEnvelopeRealTimeResponse>{TAIL}"
    )


@pytest.mark.parametrize(
    "payload",
    [
        f"<Payload><![CDATA[{X12}]]></Payload>",
        f'<Payload xmlns=""><![CDATA[{X12}]]></Payload>',
        f"<Payload>\n   <![CDATA[{X12}]]>\n  </Payload>",
        f'<Payload xsi:type="xsd:string" xmlns:xsi="u"><![CDATA[{X12}]]></Payload >',
        "<Payload>ISA*00*A&amp;B&apos;~&#xD;</Payload>",
        "<!-- <Payload>no</Payload> --><Payload>ISA*00*A<!-- a remark -->&#38;B&#39;~</Payload>",
        "<ns1:Payload><![CDATA[ISA*00*A]]><![CDATA[&B'~]]></ns1:Payload>",
    ],
    ids=["plain", "no namespace", "line breaks", "a type", "references", "comments", "in two pieces"],
)
def test_a_payload_is_read_however_its_envelope_is_written(payload: str) -> None:
    letter = from_soap(envelope(payload).encode())
    assert (letter.payload, letter.error, letter.payload_type[:7]) == (X12, "Success", "X12_271")


def test_an_envelope_in_utf_16_is_read() -> None:
    text = envelope(f"<Payload>{X12.replace('&', '&amp;')}</Payload>", HEAD.replace("UTF-8", "UTF-16"))
    assert from_soap(text.encode("utf-16")).payload == X12


def test_our_own_envelope_holds_whatever_stands_in_it() -> None:
    letter = Letter("T", "1", "us", "them", "A]]>B&<C>")
    assert from_soap(as_soap(letter, "user", "not-a-secret", NOW)).payload == "A]]>B&<C>"


@pytest.mark.parametrize(
    "hostile",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]>' + envelope("<Payload>&b;</Payload>", ""),
        '<!DOCTYPE a SYSTEM "file:///etc/hostname"><a><Payload>x</Payload></a>',
        envelope("<Payload>&b;</Payload>"),
        "<a>" * 100_000,
        envelope("<Payload>x</Payload>")[:-20],
        "<Payload>x",
        "",
    ],
)
def test_what_is_no_envelope_is_refused(hostile: str) -> None:
    with pytest.raises(ValueError):
        from_soap(hostile.encode())


def fault(code: str, sub: str = "") -> str:
    below = f"<s:Subcode><s:Value>{sub}</s:Value></s:Subcode>" if sub else ""
    return (
        f"{HEAD}<s:Fault><s:Code><s:Value>{code}</s:Value>{below}</s:Code>"
        f"<s:Reason><s:Text>no</s:Text></s:Reason></s:Fault>{TAIL}"
    )


@pytest.mark.parametrize(
    ("said", "error", "outcome"),
    [
        (fault("s:Sender", "wsse:FailedAuthentication"), UNAUTHORIZED, Why.NOT_ALLOWED),
        (fault("s:Sender"), OUR_FAULT, Why.UNREACHABLE),
        (fault("s:Receiver"), SERVERS_FAULT, Why.UNREACHABLE),
        (f"{HEAD}<s:Fault><faultcode>wsse:InvalidSecurity</faultcode></s:Fault>{TAIL}", UNAUTHORIZED, Why.NOT_ALLOWED),
    ],
)  # fmt: skip
def test_a_fault_says_whether_our_password_was_refused(said: str, error: str, outcome: Why) -> None:
    assert from_soap(said.encode()).error == error
    assert payload_of(Came(500, "application/soap+xml", said.encode())) == Refused(outcome)


QUESTION = EligibilityQuestion(
    Payer("LAN01", "Lantern Health"), Provider("1000000004", "Harbor Lane Counseling"),
    Insured("Nora", "Quill", date(1981, 2, 3), "LH0001"), trace="T-1",
)  # fmt: skip


class Still:
    def now(self) -> datetime:
        return NOW


def house(certificate: Path | None = None) -> CoreClearinghouse:
    return CoreClearinghouse(
        "http://127.0.0.1:9/core", "Clearing Example", Partner("HARBORLANE", "CLEARHOUSE"), CountedNumbers(),
        Still(), Envelope.SOAP, certificate=certificate,
    )  # fmt: skip


def test_a_certificate_that_is_not_there_is_the_operator_s(tmp_path: Path) -> None:
    assert house(tmp_path / "gone.pem").ask(QUESTION, 5) == Refused(Why.NOT_ALLOWED)
    (tmp_path / "none.pem").write_text("no certificate")
    assert house(tmp_path / "none.pem").ask(QUESTION, 5) == Refused(Why.NOT_ALLOWED)


def form(*parts: str, boundary: str = "b") -> bytes:
    return ("".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n").encode()


NAMED = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}'


@pytest.mark.parametrize(
    "raw",
    [
        form(NAMED.format("PayloadType", "X"), NAMED.format("Payload", X12)),
        b"a preamble\r\n" + form(NAMED.format("Payload", X12)),
        form(NAMED.format("Payload", X12)).replace(b"\r\n", b"\n"),
        form("Content-Transfer-Encoding: base64\r\n" + NAMED.format("Payload", "SVNBKjAwKkEmQid+")),
        form("Content-Disposition: form-data; name=Payload\r\nContent-Type: text/plain\r\n\r\n" + X12),
        form(NAMED.format("Payload", X12), "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--"),
    ],
)  # fmt: skip
def test_a_form_is_read_however_it_is_written(raw: bytes) -> None:
    assert from_mime('multipart/form-data; boundary="b"', raw).payload == X12


def test_an_envelope_among_several_parts_is_read() -> None:
    soap = envelope(f"<Payload><![CDATA[{X12}]]></Payload>")
    sent = form("Content-Type: application/xop+xml\r\nContent-ID: <0>\r\n\r\n" + soap)
    kind = 'multipart/related; type="application/xop+xml"; boundary="b"'
    assert from_related(kind, sent).payload == X12
    with pytest.raises(ValueError):
        from_related(kind, b"")


def test_an_answer_among_several_parts_is_answered() -> None:
    soap = envelope(f"<Payload>{answer('EB*1**30~')}</Payload>")
    sent = form("Content-Type: application/xop+xml\r\n\r\n" + soap)
    payload = payload_of(Came(200, "multipart/related; boundary=b", sent))
    assert isinstance(payload, str) and isinstance(reply_of(payload, QUESTION), Answered)


@contextmanager
def dripping() -> Iterator[tuple[str, threading.Event]]:
    """A server whose headers take a minute, a byte each twentieth of a second, and whether somebody hung up on it."""
    listening, hung_up = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def drip() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.settimeout(0.05)
            for letter in "HTTP/1.1 200 OK\r\nX: " + "x" * 1200:
                try:
                    connection.sendall(letter.encode())
                    if connection.recv(100_000):
                        continue
                except TimeoutError:
                    continue
                except OSError:
                    pass
                return hung_up.set()

    worker = threading.Thread(target=drip, daemon=True)
    worker.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/core", hung_up
    listening.close()
    worker.join(timeout=120)


def test_headers_that_never_end_are_not_waited_for() -> None:
    with dripping() as (url, hung_up):
        assert replace(house(), url=url).ask(QUESTION, 0.3) == Refused(Why.UNREACHABLE)
        assert hung_up.wait(120)


def test_forms_within_forms_are_refused_at_once() -> None:
    nested = io.BytesIO()
    for depth in range(20_000):
        nested.write(f"--b\r\nContent-Type: multipart/mixed; boundary=b{depth}\r\n\r\n".encode())
    with pytest.raises(ValueError):
        from_mime("multipart/form-data; boundary=b", nested.getvalue())


@pytest.mark.parametrize(
    "kind", ["", "text/html", "multipart/form-data", "multipart/form-data; boundary=", "a; b=\x00é"]
)
def test_what_is_no_form_is_refused(kind: str) -> None:
    with pytest.raises(ValueError):
        from_mime(kind, form(NAMED.format("Payload", X12)))
