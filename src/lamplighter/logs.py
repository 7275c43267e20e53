"""Log lines: what happened, never to whom. The only module that writes them.

Two rules, so that a slip elsewhere lets nothing out:
- of our own lines, a key that is not in `SAFE_KEYS` is printed as "redacted", and an event is a name, no sentence;
- of other people's lines (libraries that use `logging`) only where they came from is kept, unless their logger is in
  `PLAIN_LOGGERS`; and of an exception its type and places, its message only where the type is ours.
"""

import logging
import re
import sys
import traceback
from collections import deque
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, cast

import structlog
from structlog.typing import FilteringBoundLogger

SAFE_KEYS = frozenset(
    {
        "attempt", "bytes", "channel", "command", "contact", "count", "counted", "epoch", "event", "file",
        "handoff", "host", "job", "key_version", "kind", "level", "line", "locale", "logger", "model", "part",
        "port", "practice", "process", "protocol", "route", "schema_version", "seconds", "seq",
        "server_says", "signal", "state",
        "status", "timestamp", "total", "verdict", "version", "worker",
    }
)  # fmt: skip
"""Keys whose values name parts of the product, opaque ids, numbers and times."""

PLAIN_LOGGERS = frozenset({"uvicorn.error"})
"""Libraries whose messages are fixed sentences about themselves."""

EVENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")
LONGEST_VALUE = 120

EventDict = MutableMapping[str, Any]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def get(part: str) -> FilteringBoundLogger:
    """The logger of a part of the product: `log = logs.get(__name__)`, then `log.info("job_adopted", job=job_id)`."""
    return cast(FilteringBoundLogger, structlog.get_logger(part=part.removeprefix("lamplighter.")))


def configure(*, as_json: bool = False, level: int = logging.INFO) -> None:
    """Sets how lines look and from which level on they are written, and takes over what libraries log."""
    rendering = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _redact,
            _describe_exception,
            rendering,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _Stderr(),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_Foreign()], level=logging.WARNING, force=True)
    for name in PLAIN_LOGGERS:
        logging.getLogger(name).setLevel(level)


_recent: deque[str] = deque(maxlen=5000)
_written = 0


def mark() -> int:
    """How many lines have been written: for `since`."""
    return _written


def since(position: int) -> tuple[str, ...]:
    """The lines written after `position`, as far as they are still kept (the last 5,000)."""
    count = min(_written - position, len(_recent))
    return tuple(_recent)[-count:] if count else ()


def quiet() -> None:
    """Writes warnings and worse only: for a terminal that a person reads."""
    configure(level=logging.WARNING)


class _Stderr:
    """Writes to whatever standard error is now, also after a test or a server has replaced it."""

    def msg(self, line: str) -> None:
        global _written
        _recent.append(line)
        _written += 1
        print(line, file=sys.stderr, flush=True)

    debug = info = warning = error = critical = exception = msg


class _Foreign(logging.Handler):
    """Receives what libraries log and keeps of it what cannot hold a word about a person."""

    def emit(self, record: logging.LogRecord) -> None:
        details: dict[str, object] = {"logger": record.name, "file": record.module, "line": record.lineno}
        if record.exc_info and record.exc_info[0]:
            details["exc_info"] = record.exc_info
        if record.name in PLAIN_LOGGERS and "exc_info" not in details:
            details["server_says"] = record.getMessage()
        structlog.get_logger().log(max(record.levelno, logging.DEBUG), "library", **details)


def _redact(_logger: object, _method: str, line: EventDict) -> EventDict:
    safe = {
        key: _short(value) if key in SAFE_KEYS else "redacted"
        for key, value in line.items()
        if key != "exc_info"
    }
    if not EVENT_NAME.fullmatch(str(safe.get("event", ""))):
        safe["event"] = "redacted"
    if "exc_info" in line:  # described next, and never printed as it is
        safe["exc_info"] = line["exc_info"]
    return safe


def _short(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 3] + "..."


def _describe_exception(_logger: object, _method: str, line: EventDict) -> EventDict:
    error = _exception(line.pop("exc_info", None))
    if error is None:
        return line
    kind = type(error)
    ours = kind.__module__.split(".")[0] == "lamplighter"
    line["error"] = f"{kind.__qualname__}: {error}" if ours else kind.__qualname__
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    line["places"] = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
    return line


def _exception(given: bool | BaseException | ExcInfo | None) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1]
    return sys.exc_info()[1] if given else None


configure()
