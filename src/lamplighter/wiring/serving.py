"""Runs the public pages and the staff page in one process, each on its own port, until told to stop."""

import asyncio
import signal
import socket
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp

from lamplighter import logs
from lamplighter.channels.web.quiet_server import QuietServer

log = logs.get(__name__)
AGAIN: Final = 1.0  # seconds until what broke beside the doors is begun anew


@dataclass(frozen=True, slots=True)
class Door:
    """An app and the socket it answers on."""

    app: ASGIApp
    socket: socket.socket

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])


LAST_PORT: Final = 65535


class PortTaken(Exception):
    """Something else answers on this port already."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken: stop what uses it, or choose another with --port")


class NoSuchPort(Exception):
    """No port has this number."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"there is no port {port}: ports go from 1 to {LAST_PORT}; choose another with --port"
        )


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; of port 0, on one that is free. Raises PortTaken and NoSuchPort."""
    if not 0 <= port <= LAST_PORT:
        raise NoSuchPort(port)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise PortTaken(port) from None
    return bound


Beside = Callable[[], Coroutine[Any, Any, None]]


def run(doors: list[Door], ready: Callable[[], None], beside: Sequence[Beside] = ()) -> None:
    """Serves until SIGINT or SIGTERM; calls `ready` when every door is open. `beside` runs on the same loop until then,
    and never ends by itself."""
    asyncio.run(_run(doors, ready, beside))


async def _run(doors: list[Door], ready: Callable[[], None], beside: Sequence[Beside]) -> None:
    servers = [QuietServer(_config(door)) for door in doors]
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop)
    tasks = [asyncio.create_task(s.serve(sockets=[d.socket])) for s, d in zip(servers, doors, strict=True)]
    for server in servers:
        await server.open.wait()
    ready()
    others = [asyncio.create_task(_kept_up(each)) for each in beside]
    await asyncio.gather(*tasks)
    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def _kept_up(beside: Beside) -> None:
    """One that breaks is begun anew, and takes nothing else with it."""
    while True:
        try:
            return await beside()
        except Exception:
            log.exception("beside_the_doors_broke")
            await asyncio.sleep(AGAIN)


def _config(door: Door) -> uvicorn.Config:
    return uvicorn.Config(
        door.app,
        log_config=None,
        access_log=False,
        lifespan="auto",
        ws_max_size=1 << 21,
        timeout_graceful_shutdown=3,
        proxy_headers=False,
    )
