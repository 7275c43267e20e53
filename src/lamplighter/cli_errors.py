"""How the command line tells of errors: one sentence that says what to do, never a traceback for a known one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def explained() -> Iterator[None]:
    """Prints errors of ours as their message. Anything else is a bug, and its traceback is printed without values."""
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        raise SystemExit(141) from None
    except Exception as error:
        told = list(_told(error))
        if not told:
            raise
        print("\n".join(f"lamplighter: {each}" for each in told), file=sys.stderr)
        raise SystemExit(1) from None


def _told(error: Exception) -> Iterator[str]:
    """What the operator set wrongly is named by its place, and never by its value: that may be a secret."""
    from pydantic import ValidationError

    if type(error).__module__.startswith("lamplighter."):
        yield str(error)
    elif isinstance(error, ValidationError) and error.title == "Settings":
        for each in error.errors(include_input=False, include_context=False, include_url=False):
            place = ".".join(map(str, each["loc"])) or "settings"
            yield f"lamplighter.toml or the environment: {place}: {each['msg']}"
