"""Only this machine's own browser is answered, and what it gets can neither run nor load anything from elsewhere."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "microphone=(), camera=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class OnlyThisMachine:
    """ASGI middleware. A name that was made to lead here (DNS rebinding), or a page of another site, gets nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        if _name(headers.get("host", "")) not in HOSTS:
            refusal = PlainTextResponse("This page answers at its own address only.", 421)
            return await refusal(scope, receive, send)
        if scope["method"] == "POST" and not _own(headers):
            return await PlainTextResponse("Not from another page.", 403)(scope, receive, send)

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.update(HEADERS)
                static = scope["path"].startswith(("/assets/", "/static/"))
                answer["cache-control"] = "no-cache" if static else "no-store"
            await send(message)

        await self._app(scope, receive, send_safely)


def _name(host: str) -> str:
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() else host.lower()


def _own(headers: Headers) -> bool:
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site") in (None, "same-origin", "none")
    return origin.partition("://")[2].lower() == headers.get("host", "").lower()
