"""The two envelopes of CAQH CORE vC2.2.0 in real time, written and read."""

import re
import uuid
import xml.sax.saxutils as escaping
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.policy import HTTP

NAMESPACE = "http://www.caqh.org/SOAP/WSDL/CORERule2.2.0.xsd"
RULE = "2.2.0"
ASKS = "X12_270_Request_005010X279A1"
ANSWERS = "X12_271_Response_005010X279A1"
_SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_PASSWORD = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"
_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_FIELD = re.compile(r"<(?:\w+:)?(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</(?:\w+:)?\1>", re.DOTALL)
_LONGEST_NAME = 40


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
    fields = [
        ("PayloadType", letter.payload_type),
        ("ProcessingMode", "RealTime"),
        ("PayloadID", letter.payload_id),
        ("TimeStamp", stamp(now)),
        ("SenderID", letter.sender),
        ("ReceiverID", letter.receiver),
        ("CORERuleVersion", RULE),
    ]
    inside = "".join(f"<{key}>{escaping.escape(value)}</{key}>" for key, value in fields)
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
    in it is expanded, fetched or followed.

    Raises:
        ValueError: it holds no payload.
    """
    text = raw.decode("utf-8", errors="replace")
    found: dict[str, str] = {}
    for name, quoted, plain in _FIELD.findall(text):
        found.setdefault(name[:_LONGEST_NAME], quoted or escaping.unescape(plain))
    return _letter(found)


def from_mime(content_type: str, raw: bytes) -> Letter:
    """What a MIME envelope holds: a form of several parts, or a part alone.

    Raises:
        ValueError: as `from_soap`.
    """
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    message = message_from_bytes(head + raw, policy=HTTP)
    found: dict[str, str] = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str) and not part.is_multipart():
            found.setdefault(name, _words(part))
    return _letter(found)


def _words(part: Message) -> str:
    body = part.get_payload(decode=True)
    return body.decode("utf-8", errors="replace").strip() if isinstance(body, bytes) else ""


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
