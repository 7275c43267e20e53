"""How a practice's telephones reach this machine: a trunk of a carrier, or an extension of its own telephone system."""

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Transport = Literal["udp", "tcp", "tls"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class LineSetup:
    """`server` is "host" or "host:port" of the telephone system or carrier. `peers` are the only ones whose calls are
    taken. `listen` is "address:port". With `registers`, this is an extension; else a trunk between fixed addresses."""

    peers: tuple[Network, ...]
    server: str
    user: str = "lamplighter"
    password: str = field(default="", repr=False)
    auth_user: str | None = None
    registers: bool = False
    transport: Transport = "udp"
    listen: str = "0.0.0.0:5060"
    interface: str | None = None
    encrypted: bool = False
    ca_file: Path | None = None
    certificate: Path | None = None
    rtp_ports: tuple[int, int] = (16000, 16100)
    most_calls: int = 40
    number: str | None = None
    """What is dialled where the line itself doesn't say it, E.164."""

    def lists(self, address: str) -> bool:
        """Whether calls from this address are taken."""
        try:
            there = ipaddress.ip_address(address)
        except ValueError:
            return False
        mapped = getattr(there, "ipv4_mapped", None) or there
        return any(mapped in network for network in self.peers)
