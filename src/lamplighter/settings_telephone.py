"""What the operator sets of the telephone's line: `[telephone]` in `lamplighter.toml`."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, SecretStr, Tag


class TelephoneLine(BaseModel):
    """The line by which telephone calls come: a trunk of a carrier, or an extension of a practice's own system."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["trunk", "extension"] = "trunk"
    """An extension registers at `server`; a trunk is between fixed addresses."""
    server: str = Field(pattern=r"^[A-Za-z0-9.\[\]:-]+$")
    """The telephone system or carrier, with a port where it is not the usual one."""
    peers: tuple[str, ...] = ()
    """Addresses or networks (10.0.0.5, 203.0.113.0/28). A call from anywhere else is refused."""
    user: str = "lamplighter"
    auth_user: str | None = None
    """Where one signs in by another name."""
    password: SecretStr | None = None
    """It may stand in `telephone_password` instead."""
    transport: Literal["udp", "tcp", "tls"] = "udp"
    listen: str = Field(default="0.0.0.0:5060", pattern=r"^[0-9A-Fa-f.:\[\]]+:[0-9]{1,5}$")
    interface: str | None = None
    """The network interface, or an address of ours; absent: the one that leads to the server."""
    encrypted: bool = False
    """Sound only by SRTP: a call without it is refused."""
    ca_file: Path | None = None
    """The authority that vouches for the server by TLS, where it is none that the system knows."""
    certificate: Path | None = None
    """A PEM file of ours with its key, for calls that come by TLS."""
    rtp_ports: tuple[int, int] = (16000, 16100)
    most_calls: int = Field(default=40, ge=1, le=500)
    number: str | None = Field(default=None, pattern=r"^\+[0-9]{8,15}$")
    """What counts as dialled where the line doesn't say it; one of the practice's numbers."""


class CarrierLine(BaseModel):
    """A line by which telephone calls come as media streams of a carrier. Its secret is `telephone_password`, for the
    environment alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["twilio", "telnyx", "plivo"]
    account: str = ""
    """The account SID (Twilio) or auth id (Plivo)."""
    connection: str = ""
    """The id of the application of its call control (Telnyx)."""
    public_key: str = ""
    """With which the carrier's own signature is checked (Telnyx)."""
    number: str | None = Field(default=None, pattern=r"^\+[0-9]{8,15}$")
    """Shown to whoever is rung, and what counts as dialled where the carrier doesn't say it; one of the account's."""
    listen: str = Field(default="127.0.0.1:8767", pattern=r"^[0-9A-Fa-f.:\[\]]+:[0-9]{1,5}$")
    """Where whatever takes its requests from outside hands them on to: all that begin with /telephone/."""
    public_address: str | None = Field(default=None, pattern=r"^https?://[a-z0-9.-]+(:[0-9]{1,5})?/?$")
    """Where the carrier reaches that; absent: the deployment's own."""
    own_lines: dict[str, Annotated[str, Field(pattern=r"^\+[0-9]{8,15}$")]] = Field(default_factory=dict)
    """By practice: a number of its own that leads to a person and not here, dialled where nothing here answers."""
    most_calls: int = Field(default=40, ge=1, le=500)
    party: str | None = None
    """Who runs it, by the name in the practices' parties.yaml; absent: the carrier's own name."""
    api: str | None = None
    """The address of a stand-in on this machine."""


def _kind_of_line(given: Any) -> str:
    """A line over SIP where no carrier is named."""
    kind = given.get("kind", "") if isinstance(given, dict) else getattr(given, "kind", "")
    return "carrier" if kind in ("twilio", "telnyx", "plivo") else "sip"


AnyTelephone = Annotated[
    Annotated[TelephoneLine, Tag("sip")] | Annotated[CarrierLine, Tag("carrier")],
    Discriminator(_kind_of_line),
]
