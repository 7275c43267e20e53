"""Whoever is not listed never rings; over SIP, without any sound."""

import re
import socket
from itertools import count

from tests.channels.phone.lines import PATIENCE, Telephone, desk_at, short_folder, until

INVITE = """INVITE sip:{to}@127.0.0.1:{line} SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bKstranger{at};rport
Max-Forwards: 70
From: <sip:+12125550143@127.0.0.1>;tag=stranger{at}
To: <sip:{to}@127.0.0.1>
Call-ID: stranger{at}@127.0.0.1
CSeq: 1 INVITE
Contact: <sip:+12125550143@127.0.0.1:{port}>
Content-Type: application/sdp
Content-Length: {length}

"""
SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 29998 RTP/AVP 0\r\n"


def answer(stranger: socket.socket, line: Telephone, number: str, at: int) -> str:
    """The last word on one invitation."""
    named = {"to": number, "line": line.port, "port": 5060, "length": len(SDP), "at": at}
    invite = INVITE.format(**named).replace("\n", "\r\n") + SDP
    stranger.sendto(invite.encode(), ("127.0.0.1", line.port))
    while True:
        said = stranger.recv(4096).decode()
        if re.match(r"SIP/2.0 [2-6]", said) and f"stranger{at}@" in said:
            return said


def test_a_stranger_is_refused_whatever_it_says_of_where_it_is() -> None:
    with short_folder() as folder, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        line, tries = Telephone(folder), count()
        stranger.bind(("127.0.0.2", 0))
        stranger.settimeout(PATIENCE)
        with line.running(), desk_at(line.socket) as desk:
            number = desk.stage.practice.phone
            said: list[str] = []

            def refused() -> bool:
                """Busy here; anything else while its engine is only just there."""
                said.append(answer(stranger, line, number, next(tries)))
                return said[-1].startswith("SIP/2.0 486")

            until(refused, "the refusal")
            assert not any(each.startswith("SIP/2.0 2") for each in said)
            assert desk.bodies() == []
