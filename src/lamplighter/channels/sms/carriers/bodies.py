"""The body of a webhook, which is never long."""

from typing import Final

from starlette.requests import Request

LONGEST_BODY: Final = 64_000  # bytes


async def short_body(request: Request) -> bytes | None:
    """None where it is longer than any carrier's."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > LONGEST_BODY:
        return None
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_BODY:
            return None
    return body
