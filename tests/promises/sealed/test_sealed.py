"""Promise 10: what a person said and is stands nowhere in the clear: not in the file, log lines or job payloads."""

import io
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from lamplighter import logs
from lamplighter.records.audit import verify
from lamplighter.records.opening import open_sqlite
from tests.promises.desks import NOON, House
from tests.records.stores import KEYS, TestClock

NUMBER = "+12125550187"
SAID = (
    "I'd like a first visit, Zanzibarmarker told me about you", "Tuesday after five, in person, anyone is fine",
    "the first one", "Zebulon Marquardt", "March ninth 1977", "this number", "New York",
    "zeb.marquardt@marker.example", "Aetna", "W77MARK4411", "it's mine", "text me", "yes", "yes, that's right",
    "can I leave a message for Dr. Osei", "tell her Quillfeather called", "I want to kill myself, Obadiahmarker",
)  # fmt: skip
MARKERS = (
    "Zanzibarmarker", "Zebulon", "Marquardt", "1977-03-09", "marker.example",
    "W77MARK", "Quillfeather", "Obadiahmarker",
    "2125550187",
)  # fmt: skip


@dataclass
class Told:
    """A contact in which a marker was put into everything that can be said, over a real encrypted file."""

    folder: Path
    house: House
    contact: str
    lines: str


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("sealed")
    records = open_sqlite(folder / "data" / "records.db", KEYS, TestClock(NOON), folder / "anchors.jsonl")
    house = House(store=records)
    since, stderr = logs.mark(), io.StringIO()
    with redirect_stderr(stderr):
        call = house.call("sms", NUMBER)
        for said in SAID:
            call.say(said, inbound=said)
    assert all(any(said in heard for heard in _heard(call.bodies)) for said in SAID)
    yield Told(folder, house, call.contact, stderr.getvalue() + "\n".join(logs.since(since)))
    records.close()


def _heard(bodies: list[object]) -> list[str]:
    return [getattr(body, "text", "") for body in bodies]


def found_in(content: bytes) -> list[str]:
    folded = content.lower()
    return [marker for marker in MARKERS if marker.lower().encode() in folded]


def test_the_markers_are_there_for_whoever_has_the_key(told: Told) -> None:
    with told.house.store.transaction("demo") as tx:
        events = tx.log.read(told.contact)
    assert set(found_in(repr(events).encode())) >= {"Zebulon", "Marquardt", "Quillfeather", "Obadiahmarker"}


def test_no_file_beside_or_under_the_store_shows_a_marker(told: Told) -> None:
    files = [path for path in told.folder.rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    assert len(content) > 100_000
    assert found_in(content) == []


def test_no_table_shows_a_marker_to_whoever_has_only_the_files_key(told: Told) -> None:
    """Job payloads and the ledger among them: each row as it stands once the file itself is open."""
    seen = io.BytesIO()
    with told.house.store.database.jobs_engine().connect() as connection:
        tables = inspect(connection).get_table_names()
        assert {"events", "people", "jobs", "ledger", "workflow_status", "workflow_inputs"} & set(tables)
        for table in tables:
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                for value in row:
                    seen.write(value if isinstance(value, bytes) else str(value).encode())
    assert seen.tell() > 10_000
    assert found_in(seen.getvalue()) == []


def test_no_log_line_and_nothing_on_the_terminal_shows_a_marker(told: Told) -> None:
    assert found_in(told.lines.encode()) == []


def test_jobs_carry_ids_only(told: Told) -> None:
    with told.house.store.transaction("demo") as tx:
        jobs = tx.jobs.pending()
    assert jobs
    assert found_in(repr(jobs).encode()) == []
    assert all(" " not in value for job in jobs for _, value in job.args)


def test_the_ledger_names_every_event_and_tells_nothing_of_it(told: Told) -> None:
    with told.house.store.transaction("demo") as tx:
        entries = tx.ledger.entries(0, 100_000)
        events = tx.log.read(told.contact)
    about = {entry.about for entry in entries}
    assert {f"contact/{told.contact}#{event.seq}" for event in events} <= about
    assert found_in(repr(entries).encode()) == []
    assert verify(told.house.store, "demo").sound


def test_a_failing_turn_writes_a_line_that_tells_nothing(told: Told) -> None:
    class Broken:
        def understand(self, said: str, context: object) -> None:
            raise ValueError(said)

        def language(self, said: str) -> None:
            raise ValueError(said)

    since, stderr = logs.mark(), io.StringIO()
    with redirect_stderr(stderr):
        House(understanding_part=Broken()).call().say("my name is Zebulon Marquardt, 212 555 0187")
    written = stderr.getvalue() + "\n".join(logs.since(since))
    assert "turn_failed" in written
    assert found_in(written.encode()) == []
