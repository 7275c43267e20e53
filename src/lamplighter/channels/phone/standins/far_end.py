"""Somebody at a telephone that only a stand-in knows: what they hear, and what they say."""

from collections.abc import Callable
from dataclasses import dataclass, field

from lamplighter.channels.phone.carriers.keypad import pressed
from lamplighter.channels.phone.ports import FRAME
from lamplighter.channels.speech.mulaw import mulaw_decode, mulaw_encode


@dataclass(slots=True, eq=False)
class FarEnd:
    """`says` is what they are about to say, `heard` what they got to hear: 16-bit samples at RATE. `read_out` are
    sentences that the carrier itself has said, `put_through` whom it has connected them with."""

    number: str
    on_hang_up: Callable[[], None] = lambda: None
    says: bytes = b""
    heard: bytearray = field(default_factory=bytearray)
    answered: bool = False
    gone: bool = False
    read_out: list[str] = field(default_factory=list)
    put_through: str = ""

    async def hang_up(self) -> None:
        if not self.gone:
            self.on_hang_up()

    @property
    def pressed(self) -> str:
        """The keys that came to them, as tones."""
        return pressed(bytes(self.heard))

    def hears(self, code: bytes) -> None:
        self.heard += mulaw_decode(code)

    def speaks(self) -> bytes:
        """The next 20 ms, as mu-law; silence where they say nothing."""
        said, self.says = self.says[:FRAME], self.says[FRAME:]
        return mulaw_encode(said.ljust(FRAME, b"\0"))
