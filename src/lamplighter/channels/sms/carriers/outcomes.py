"""What a carrier's answer, or its silence, means for the message: taken, refused, surely not taken, or nobody knows.

No exception of a library goes further: they may carry the number or the words.
"""

from lamplighter.desk.ports import MessageRefused, OutcomeUnknown, RefusedToThem

BUSY, TIMED_OUT = 429, 408
OF_THE_ACCOUNT = (401, 402, 403, 404)
"""Not the message's fault: the account, its right or its address. It may go once that is put right."""


def by_status(status: int, *, opted_out: bool = False) -> Exception:
    if opted_out:
        return RefusedToThem("they told the carrier that they want no texts")
    if status == TIMED_OUT or status >= 500:
        return OutcomeUnknown(f"the carrier failed with {status}")
    if status == BUSY or status in OF_THE_ACCOUNT:
        return ConnectionError(f"the carrier answered {status} and took nothing")
    return MessageRefused(f"the carrier answered {status}")


def unreached(*, sent: bool) -> ConnectionError:
    """No answer. `sent`: the request may have arrived."""
    if sent:
        return OutcomeUnknown("the carrier did not answer")
    return ConnectionError("the carrier could not be reached")


def by_requests(error: Exception) -> ConnectionError:
    """Of the library `requests`: whether anything was sent before it failed."""
    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import NewConnectionError

    reason = getattr(error.args[0], "reason", None) if error.args else None
    return unreached(
        sent=not isinstance(error, ConnectTimeout) and not isinstance(reason, NewConnectionError)
    )
