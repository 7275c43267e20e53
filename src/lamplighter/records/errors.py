"""What can go wrong in the records. Messages name records by id and never hold what is in them."""


class RecordsError(Exception):
    """Anything the records refuse."""


class UnknownRecord(RecordsError, LookupError):
    """No record of that kind has this id in this practice."""

    def __init__(self, kind: str, record_id: str) -> None:
        super().__init__(f"no {kind} {record_id!r} in this practice")


class Forgotten(RecordsError):
    """The key of this contact or person was destroyed; nothing can be added to it or read from it."""

    def __init__(self, kind: str, record_id: str) -> None:
        super().__init__(f"{kind} {record_id!r} was forgotten: its key is destroyed")


class TimeTaken(RecordsError):
    """The time of a visit that was cancelled belongs to something else now."""

    def __init__(self, visit_id: str) -> None:
        super().__init__(f"the time of visit {visit_id!r} is taken by something else")


class AlreadyInTransaction(RecordsError):
    """This thread already has a transaction of this practice open; a second one would wait for the first for ever."""

    def __init__(self, practice: str) -> None:
        super().__init__(f"this thread is already in a transaction of practice {practice!r}")


class StoreTooSlow(RecordsError):
    """The store did not answer in time, or another transaction kept it; nothing of this one was stored."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the store did not answer in time ({what}): nothing of this transaction was stored")


class NoHandler(RecordsError, LookupError):
    """A job has a name that nobody registered a handler for."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no handler is registered for jobs named {name!r}")


class WrongKey(RecordsError):
    """The file doesn't open under this master key."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} does not open under this master key: another key sealed it, or it is damaged"
        )


class KeyFileGone(RecordsError):
    """The store is there, the file with its wrapped key is not."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"the key file {name} beside the store is gone: bring it back from the backup of the store"
        )


class NewerStore(RecordsError):
    """The store was written by a newer version of the product than this one."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"the store stands at schema {revision!r}, which this version does not know: use the version that wrote it"
        )
