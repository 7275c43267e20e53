"""A wish that a conversation arrives at leaves a time to offer, whatever was refused on the way."""

from datetime import date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from lamplighter.conversation.wish import Window, Wish

THE_22ND = Window(first=date(2026, 12, 22), last=date(2026, 12, 22))
AFTERNOONS = Window(start=time(13))
_HOURS = st.none() | st.sampled_from([time(9), time(12), time(16)])
_DAYS = st.none() | st.dates(date(2026, 12, 1), date(2027, 1, 15))
_WINDOWS = st.builds(
    Window, st.frozensets(st.integers(0, 6)), _DAYS, _DAYS, st.none(), _HOURS, st.none()
)  # fmt: skip
_WISHES = st.builds(
    Wish, st.lists(_WINDOWS, max_size=2).map(tuple), st.lists(_WINDOWS, max_size=2).map(tuple)
)


def test_a_day_taken_up_again_is_wished_for_though_it_was_refused_before() -> None:
    meant = Wish((AFTERNOONS,), (THE_22ND,)).refined(Wish((THE_22ND,)))
    assert meant.allows(datetime.fromisoformat("2026-12-22T14:00"))
    assert not meant.allows(datetime.fromisoformat("2026-12-22T10:00"))


def test_of_days_that_are_given_up_only_their_hours_are_left() -> None:
    wednesdays = Window(frozenset({2}))
    meant = Wish((Window(frozenset({2}), start=time(15)),)).refined(Wish((), (wednesdays,)))
    assert meant.allows(datetime.fromisoformat("2026-12-22T15:00"))
    assert not meant.allows(datetime.fromisoformat("2026-12-22T14:00"))
    assert not meant.allows(datetime.fromisoformat("2026-12-23T15:00"))


def test_what_else_was_refused_stays_refused() -> None:
    meant = Wish((AFTERNOONS,), (THE_22ND,)).refined(Wish((Window(frozenset({1})),)))
    assert meant.allows(datetime.fromisoformat("2026-12-29T14:00"))
    assert not meant.allows(datetime.fromisoformat("2026-12-22T14:00"))


@given(_WISHES)
def test_no_refusal_is_ever_lost_by_making_a_wish_possible(wish: Wish) -> None:
    meant = wish.made_possible()
    assert meant.none_of == wish.none_of
    assert meant == wish or not wish.leaves_a_start()
