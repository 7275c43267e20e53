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
        if not type(error).__module__.startswith("lamplighter."):
            raise
        print(f"lamplighter: {error}", file=sys.stderr)
        raise SystemExit(1) from None
