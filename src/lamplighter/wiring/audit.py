"""`lamplighter audit verify` over every practice that the store holds."""

from collections.abc import Iterator

from lamplighter.practice.directory import load_directory
from lamplighter.records.audit import verify
from lamplighter.settings import Settings
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.store import demo_settings, open_records


class NothingToVerify(Exception):
    """There is no store here yet: run the product first, or name its practices and data folder in the settings."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def verify_all(settings: Settings) -> Iterator[tuple[str, bool]]:
    """What each practice's chain proves, and whether it is sound. Raises KeyProblem, WrongKey, ForgedHead."""
    demo = settings.practices is None
    if demo and not (settings.data / "demo-master.key").exists():
        raise NothingToVerify
    settings = demo_settings(settings) if demo else settings
    names = ["demo"] if settings.practices is None else [p.id for p in load_directory(settings.practices)]
    records = open_records(settings, WallClock(), demo=demo)
    try:
        for practice in names:
            found = verify(records, practice, settings.anchors)
            yield str(found), found.sound
    finally:
        records.close()
