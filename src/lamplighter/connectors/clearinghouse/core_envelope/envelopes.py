"""The two envelopes of CAQH CORE vC2.2.0 in real time, written and read."""

import base64
import quopri
import uuid
import xml.sax.saxutils as escaping
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from .xml_fields import fields

NAMESPACE = "http://www.caqh.org/SOAP/WSDL/CORERule2.2.0.xsd"
RULE = "2.2.0"
ASKS = "X12_270_Request_005010X279A1"
ANSWERS = "X12_271_Response_005010X279A1"
_SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_PASSWORD = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"
_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_LONGEST_BOUNDARY = 200
_LONGEST_HEAD = 4000
_MOST_PARTS = 100
UNAUTHORIZED = "UnAuthorized"
OUR_FAULT = "Sender"
SERVERS_FAULT = "Receiver"
_FAULT_CODES = ("Code/Value", "Subcode/Value", "faultcode")
_FAULTS_OF_WSSE = frozenset(
    (
        "FailedAuthentication",
        "InvalidSecurity",
        "InvalidSecurityToken",
        "SecurityTokenUnavailable",
        "FailedCheck",
    )
)


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands in an envelope."""

    payload_type: str
    payload_id: str
    sender: str
    receiver: str
    payload: str = field(repr=False)
    error: str = ""  # Success, or a code of the rule


def payload_id(trace: str) -> str:
    """The same for the same question, so that a question that is sent again is known as one."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:lamplighter:{trace}"))


def stamp(now: datetime) -> str:
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


def as_form(letter: Letter, user: str, password: str, now: datetime) -> list[tuple[str, str]]:
    """The fields of a MIME envelope, in the order that the rule gives."""
    return [
        ("PayloadType", letter.payload_type),
        ("ProcessingMode", "RealTime"),
        ("PayloadID", letter.payload_id),
        ("TimeStamp", stamp(now)),
        ("UserName", user),
        ("Password", password),
        ("SenderID", letter.sender),
        ("ReceiverID", letter.receiver),
        ("CORERuleVersion", RULE),
        ("Payload", letter.payload),
    ]


def as_soap(letter: Letter, user: str, password: str, now: datetime, *, answers: bool = False) -> bytes:
    """A SOAP 1.2 envelope. The user's name and password stand in its header (WSSE) where there is one."""
    name = "COREEnvelopeRealTimeResponse" if answers else "COREEnvelopeRealTimeRequest"
    told = [
        ("PayloadType", letter.payload_type),
        ("ProcessingMode", "RealTime"),
        ("PayloadID", letter.payload_id),
        ("TimeStamp", stamp(now)),
        ("SenderID", letter.sender),
        ("ReceiverID", letter.receiver),
        ("CORERuleVersion", RULE),
    ]
    inside = "".join(f"<{key}>{escaping.escape(value)}</{key}>" for key, value in told)
    inside += f"<Payload><![CDATA[{letter.payload.replace(']]>', ']]]]><![CDATA[>')}]]></Payload>"
    if letter.error:
        inside += f"<ErrorCode>{escaping.escape(letter.error)}</ErrorCode><ErrorMessage/>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{_SOAP}" xmlns:cor="{NAMESPACE}">'
        f"<soapenv:Header>{_token(user, password) if user else ''}</soapenv:Header>"
        f"<soapenv:Body><cor:{name}>{inside}</cor:{name}></soapenv:Body></soapenv:Envelope>"
    ).encode()


def _token(user: str, password: str) -> str:
    return (
        f'<wsse:Security xmlns:wsse="{_SECURITY}" soapenv:mustUnderstand="true"><wsse:UsernameToken>'
        f"<wsse:Username>{escaping.escape(user)}</wsse:Username>"
        f'<wsse:Password Type="{_PASSWORD}">{escaping.escape(password)}</wsse:Password>'
        "</wsse:UsernameToken></wsse:Security>"
    )


def from_soap(raw: bytes) -> Letter:
    """What a SOAP envelope holds. Its elements are read by name wherever they stand and whatever their prefix; nothing
    in it is expanded, fetched or followed. A fault is an error: `UNAUTHORIZED` where it is about who we are,
    `SERVERS_FAULT` or `OUR_FAULT` where it says whose it is.

    Raises:
        ValueError: it holds no payload, or is no XML.
    """
    found = fields(raw)
    codes = {found.get(name, "").rpartition(":")[2] for name in _FAULT_CODES} - {""}
    if codes and not found.get("Payload") and not found.get("ErrorCode"):
        refused = codes & _FAULTS_OF_WSSE
        found["ErrorCode"] = (
            UNAUTHORIZED if refused else OUR_FAULT if codes & {"Sender", "Client"} else SERVERS_FAULT
        )
    return _letter(found)


def from_related(content_type: str, raw: bytes) -> Letter:
    """What a SOAP envelope holds that came as the first part of several (MTOM).

    Raises:
        ValueError: as `from_soap`.
    """
    for _, body in _parts(content_type, raw):
        return from_soap(body)
    raise ValueError("no envelope among the parts")


def from_mime(content_type: str, raw: bytes) -> Letter:
    """What a MIME envelope holds: a form, its parts one after the other; a form within one is passed over.

    Raises:
        ValueError: it holds no payload, or is no form.
    """
    found: dict[str, str] = {}
    for head, body in _parts(content_type, raw):
        name = head.get_param("name", header="content-disposition")
        if isinstance(name, str) and name:
            found.setdefault(name, body.decode("utf-8", errors="replace").strip())
    return _letter(found)


def _parts(content_type: str, raw: bytes) -> Iterator[tuple[Message, bytes]]:
    """The parts with their headers; a part within a part is none."""
    head = BytesHeaderParser(policy=compat32).parsebytes(f"Content-Type: {content_type}\n\n".encode())
    boundary = head.get_param("boundary")
    if not isinstance(boundary, str) or not boundary.strip() or len(boundary) > _LONGEST_BOUNDARY:
        raise ValueError("no boundary divides the parts")
    parts = (b"\n" + raw).split(b"\n--" + boundary.encode("latin-1", "replace"), _MOST_PARTS)
    for part in parts[1:]:
        if part.startswith(b"--"):
            return
        blank = b"\r\n\r\n" if b"\r\n\r\n" in part[:_LONGEST_HEAD] else b"\n\n"
        headers, divided, body = part.partition(blank)
        if divided and len(headers) <= _LONGEST_HEAD:
            about = BytesHeaderParser(policy=compat32).parsebytes(headers.lstrip(b"- \t\r\n") + b"\n\n")
            yield about, _decoded(about, body)


def _decoded(head: Message, body: bytes) -> bytes:
    match str(head.get("content-transfer-encoding", "")).strip().lower():
        case "base64":
            return base64.b64decode(body)
        case "quoted-printable":
            return quopri.decodestring(body)
    return body


def _letter(found: dict[str, str]) -> Letter:
    if not found.get("Payload") and not found.get("ErrorCode"):
        raise ValueError("no payload in the envelope")
    return Letter(
        found.get("PayloadType", ""),
        found.get("PayloadID", ""),
        found.get("SenderID", ""),
        found.get("ReceiverID", ""),
        found.get("Payload", ""),
        found.get("ErrorCode", ""),
    )
