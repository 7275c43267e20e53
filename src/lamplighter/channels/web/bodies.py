"""No form of ours is long: a body that is longer is refused before it is read to its end."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lamplighter.channels.sms.inbound import TooLong

LONGEST_BODY = 64_000  # bytes
LONGEST_PICTURES = 31_000_000
PICTURES = "/c/"
"""Where pictures may be sent to: two, as large as telephones make them."""


class ShortBodies:
    """ASGI middleware. Reading more than that raises TooLong."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        announced = Headers(scope=scope).get("content-length", "")
        longest = LONGEST_PICTURES if scope["path"].startswith(PICTURES) else LONGEST_BODY
        read = 0

        async def receive_short() -> Message:
            nonlocal read
            if announced.isdecimal() and int(announced) > longest:
                raise TooLong(f"a body of {announced} bytes")
            message = await receive()
            read += len(message.get("body", b""))
            if read > longest:
                raise TooLong(f"a body of more than {longest} bytes")
            return message

        await self._app(scope, receive_short, send)
