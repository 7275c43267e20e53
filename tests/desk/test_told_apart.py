"""Rule 44: whatever is somebody's is found in a text, however it is written."""

from datetime import UTC, date, datetime

from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.conversation import acts as a
from lamplighter.conversation import events as e
from lamplighter.conversation.details import Detail
from lamplighter.desk import told_apart
from lamplighter.records.memory import MemoryRecords
from lamplighter.rehearsal.inventing import stock

AT = datetime(2026, 12, 1, 15, tzinfo=UTC)
WRITTEN = (
    "{0:%m/%d/%Y}",
    "{0.month}-{0.day}-{0.year}",
    "{0.month}/{0.day}/{1}",
    "{0:%Y-%m-%d}",
    "{0:%m %d %Y}",
)
NUMBERS = ("({}) {}-{}", "{} {} {}", "{}{}{}", "+1{}{}{}", "{}.{}.{}", "1-{}-{}-{}")


class Clock:
    def now(self) -> datetime:
        return AT


RECORDS = MemoryRecords(Clock())
NAMES = st.text("bcdfgjklmnpqrstvwxzé", min_size=3, max_size=12)
RARE = NAMES.map("zq{}".format)


def found(text: str, *given_: a.Give, said: str = "") -> tuple[str, ...]:
    bodies = (e.Opened("chat", "x", "en"), e.Heard(said), e.Understood(2, given_))
    events = tuple(e.Event(n, AT, "demo", "c", "0", body) for n, body in enumerate(bodies, 1))
    with RECORDS.transaction("demo") as tx:
        return told_apart.left_in(tx, events, text, stock())


@given(NAMES, st.sampled_from([str.upper, str.title, str.lower]))
def test_a_name_is_found_in_any_case(name: str, case: object) -> None:
    written = case(name)  # type: ignore[operator]
    assert found(f'opens: "hello, this is {written}, hi"', a.Give(Detail.LAST_NAME, name)) == ("a name",)


@given(st.dates(date(1925, 1, 1), date(2019, 12, 31)), st.data())
def test_a_birth_date_is_found_in_figures_and_in_words(day: date, data: st.DataObject) -> None:
    figures = [each.format(day, f"{day.year % 100:02}") for each in WRITTEN]
    words = [format_date(day, "long", locale=locale) for locale in ("en", "es")]
    written = data.draw(st.sampled_from(figures + words))
    born = a.Give(Detail.DATE_OF_BIRTH, day.isoformat())
    assert found(f'date_of_birth: "it is {written}"', born) == ("a birth date",)


@given(st.integers(0, 99), st.sampled_from(NUMBERS))
def test_a_number_is_found_with_whatever_stands_between_its_digits(line: int, written: str) -> None:
    told = written.format("212", "555", f"01{line:02}")
    assert found(f'phone: "{told}"', a.Give(Detail.PHONE, f"+121255501{line:02}")) == ("a number",)


@given(st.lists(RARE, min_size=5, max_size=9, unique=True), st.integers(0, 1))
def test_words_that_few_people_say_are_found_and_plain_sentences_of_ours_are_nobodys(
    words: list[str], at: int
) -> None:
    said = " ".join(words)
    assert "a piece of what they said" in found(" ".join(words[at : at + 4]), said=said)
    assert any("few people say" in each for each in found(words[0], said=said))
    ours = stock()[0]
    assert found(f'opens: "{ours}"', said=f"{ours} {said}") == ()
