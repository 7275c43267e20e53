"""A slip in a log call lets nothing about a person out, whoever writes the line."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lamplighter import logs

SECRET = "Maya Okafor +12125550143"
Written = Callable[[], dict[str, object]]


@pytest.fixture(autouse=True)
def as_json() -> Iterator[None]:
    logs.configure(as_json=True)
    yield
    logs.configure()


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Written:
    def last_line() -> dict[str, object]:
        line: dict[str, object] = json.loads(capsys.readouterr().err.splitlines()[-1])
        return line

    return last_line


def test_a_line_says_what_happened_in_which_part(written: Written) -> None:
    logs.get("lamplighter.records.jobs").warning("job_adopted", job="job-7", count=3)
    line = written()
    assert (line["event"], line["part"], line["job"], line["count"]) == (
        "job_adopted",
        "records.jobs",
        "job-7",
        3,
    )


def test_a_key_that_is_not_known_to_be_safe_is_redacted(written: Written) -> None:
    logs.get("desk").info("heard", text=SECRET)
    assert written()["text"] == "redacted"


def test_an_event_that_is_a_sentence_is_redacted(written: Written) -> None:
    logs.get("desk").info(f"Booked for {SECRET}")
    assert written()["event"] == "redacted"


class Taken(Exception):
    """An error of ours, whose message holds nothing about a person."""


Taken.__module__ = "lamplighter.desk.errors"


def test_an_error_of_ours_is_told_with_its_message_and_places(written: Written) -> None:
    try:
        raise Taken("the slot is gone")
    except Taken:
        logs.get("desk").exception("turn_failed")
    line = written()
    assert line["error"] == "Taken: the slot is gone"
    assert "test_an_error_of_ours_is_told" in str(line["places"])


def test_another_librarys_error_is_told_without_its_message(written: Written) -> None:
    try:
        raise ValueError(f"bad parameter {SECRET}")
    except ValueError:
        logs.get("desk").exception("turn_failed")
    line = written()
    assert line["error"] == "ValueError"
    assert SECRET not in str(line)


def test_what_a_library_logs_is_told_without_its_words(written: Written) -> None:
    logging.getLogger("httpx").warning("POST https://example.org/%s", SECRET)
    line = written()
    assert (line["event"], line["logger"], line["level"]) == ("library", "httpx", "warning")
    assert SECRET not in str(line)


def test_the_web_servers_own_words_are_kept(written: Written) -> None:
    logging.getLogger("uvicorn.error").info("Application startup complete.")
    assert written()["server_says"] == "Application startup complete."


def test_an_error_in_the_web_server_is_told_without_the_errors_words(written: Written) -> None:
    try:
        raise KeyError(SECRET)
    except KeyError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application: %s", SECRET)
    assert SECRET not in str(written())


@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=50
)
@given(st.text(min_size=1).filter(str.isidentifier))
def test_no_key_but_those_listed_shows_its_value(written: Written, key: str) -> None:
    if key in logs.SAFE_KEYS | {"exc_info", "_name"}:
        return
    logs.get("desk").info("heard", **{key: SECRET})
    assert SECRET not in str(written())
