"""A line with a carrier, and the addresses at which the carrier reaches it."""

from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["twilio", "telnyx", "plivo"]
DOOR: Final = "/telephone/"


@dataclass(frozen=True, slots=True)
class CarrierSetup:
    """`account` is the account SID (Twilio) or auth id (Plivo). `public_key` is the carrier's, base64, where it signs
    with one, and `connection` the application of its call control (Telnyx). `public_url` is where the world reaches
    this process. `number` (E.164) is shown to whoever is rung. `listen` is "address:port". `api`: a stand-in's
    address."""

    kind: Kind
    account: str
    secret: str = field(repr=False)
    public_url: str
    number: str
    listen: str = "127.0.0.1:8767"
    most_calls: int = 40
    public_key: str = ""
    connection: str = ""
    api: str | None = None

    def at(self, path: str) -> str:
        """Where a webhook is brought to."""
        return f"{self.public_url.rstrip('/')}{DOOR}{path}"

    def media(self, name: str) -> str:
        """Where the sound of one call is brought to."""
        return self.at(f"media/{name}").replace("http", "ws", 1)
