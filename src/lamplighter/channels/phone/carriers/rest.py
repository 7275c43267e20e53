"""Requests to a carrier: none waits for long, and what may be asked twice is asked again."""

import asyncio
from typing import Any, Final

import httpx

from lamplighter.channels.phone.carriers.carrier import NobodyKnows, NotDone

TIMEOUT: Final = httpx.Timeout(5.0, connect=3.0)
PAUSES: Final = (0.3, 1.0, 3.0)  # seconds before it is asked again
BUSY: Final = frozenset({429, 502, 503, 504})


class Rest:
    """Of one account. No exception of the library's goes further: it may carry a number."""

    def __init__(self, base: str, *, auth: httpx.Auth | None = None, bearer: str = "") -> None:
        headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
        self._client = httpx.AsyncClient(
            base_url=base, auth=auth, headers=headers, timeout=TIMEOUT, trust_env=False
        )

    async def once(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """Raises NotDone, NobodyKnows."""
        try:
            answer = await self._client.request(method, path, **more)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise NotDone from None
        except httpx.HTTPError:
            raise NobodyKnows from None
        if answer.status_code >= 400:
            raise NotDone(answer.status_code)
        try:
            said = answer.json() if answer.content else {}
        except ValueError:
            raise NobodyKnows from None
        return said if isinstance(said, dict) else {}

    async def again(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """What does no harm when it is done twice. Raises NotDone, NobodyKnows."""
        for pause in PAUSES:
            try:
                return await self.once(method, path, **more)
            except NotDone as wrong:
                if wrong.status and wrong.status not in BUSY and wrong.status < 500:
                    raise
            except NobodyKnows:
                pass
            await asyncio.sleep(pause)
        return await self.once(method, path, **more)

    async def close(self) -> None:
        await self._client.aclose()
