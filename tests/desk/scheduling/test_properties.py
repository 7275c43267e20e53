"""Whatever is asked and whatever is busy, nothing is offered that may not be."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.conversation.actions import FindSlots
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.wish import Window, Wish
from lamplighter.desk.ports import Busy
from lamplighter.desk.scheduling import find_slots, is_free, others_near, places_on
from lamplighter.desk.scheduling.openings import Day, shifts_of, starts_of, stretch
from lamplighter.desk.scheduling.spread import Opening, choose
from lamplighter.desk.scheduling.who import Nobody, candidates, suits_age
from lamplighter.practice.calendar import open_spans
from lamplighter.practice.credentialing import Credentialing
from lamplighter.practice.model import Modality
from tests.desk.scheduling.diary import AMARA, LUIS, MEI, NEW_YORK, Diary, local, with_clinicians

PRACTICE = with_clinicians(replace(AMARA, buffer_minutes=10), LUIS, MEI, horizon_days=40)
FROM = local(2026, 10, 20)

moments = st.builds(lambda minutes: FROM + timedelta(minutes=minutes), st.integers(0, 60 * 24 * 40))
days = st.dates(date(2026, 10, 18), date(2026, 12, 5))
windows = st.builds(
    Window,
    weekdays=st.frozensets(st.integers(0, 6), max_size=3),
    first=st.none() | days,
    last=st.none() | days,
    start=st.none() | st.sampled_from([time(9), time(12), time(15), time(17)]),
    before=st.none() | st.sampled_from([time(12), time(14), time(18)]),
)
wishes = st.builds(
    Wish,
    st.lists(windows, max_size=3).map(tuple),
    st.lists(windows.filter(lambda w: w.weekdays or w.first or w.start), max_size=2).map(tuple),
    st.booleans(),
)
busy_times = st.lists(
    st.builds(
        lambda who, start, minutes, kind: Busy(who, start, start + timedelta(minutes=minutes), kind, "x"),
        st.sampled_from(["osei", "ortega", "tan"]),
        moments,
        st.sampled_from([45, 60, 600, 60 * 24 * 9]),
        st.sampled_from(["visit", "hold", "series", "absence"]),
    ),
    max_size=30,
)
requests = st.builds(
    FindSlots,
    wish=wishes.map(Wish.dumps),
    visit_kind=st.sampled_from(["first", "follow_up", "couples"]),
    clinician=st.sampled_from([None, "osei", "tan"]),
    born=st.none() | st.dates(date(1950, 1, 1), date(2016, 1, 1)),
    new_patient=st.booleans(),
    page=st.integers(0, 2),
)


@settings(max_examples=150)
@given(requests, busy_times, moments)
def test_an_offer_is_free_open_wished_and_ahead(request: FindSlots, busy: list[Busy], now: datetime) -> None:
    found = find_slots(PRACTICE, Diary(list(busy)), request, now)
    wish = Wish.loads(request.wish)
    assert bool(found.slots) == (found.why_none is None)
    for slot in found.slots:
        wall = slot.start.astimezone(NEW_YORK)
        assert slot.start >= now + timedelta(minutes=PRACTICE.notice_minutes)
        assert wish.allows(wall)
        assert wall.minute in PRACTICE.slot_starts
        end = slot.end.astimezone(NEW_YORK)
        assert any(s.start <= wall and end <= s.end for s in open_spans(PRACTICE, wall.date()))
        mine = [b for b in busy if b.clinician == slot.clinician]
        assert not any(b.start < slot.end and b.end > slot.start for b in mine)
        assert is_free(PRACTICE, Diary(list(busy)), slot, now)


@settings(max_examples=100)
@given(requests, busy_times, moments)
def test_an_offer_is_in_order_without_doubles_and_of_three_at_most(
    request: FindSlots, busy: list[Busy], now: datetime
) -> None:
    slots = find_slots(PRACTICE, Diary(list(busy)), request, now).slots
    assert len(slots) <= 3
    assert [s.start for s in slots] == sorted(s.start for s in slots)
    assert len({(s.start, s.clinician) for s in slots}) == len(slots)


@settings(max_examples=60)
@given(requests, busy_times, moments)
def test_one_time_is_offered_only_when_its_refusal_leaves_nothing(
    request: FindSlots, busy: list[Busy], now: datetime
) -> None:
    request = replace(request, page=0)
    slots = find_slots(PRACTICE, Diary(list(busy)), request, now).slots
    if len(slots) == 1:
        again = replace(request, refused=(slots[0].start.isoformat(),))
        assert find_slots(PRACTICE, Diary(list(busy)), again, now).slots == ()


@settings(max_examples=60)
@given(requests, busy_times, moments)
def test_paging_on_never_repeats_a_start_and_comes_to_an_end(
    request: FindSlots, busy: list[Busy], now: datetime
) -> None:
    wish = replace(
        Wish.loads(request.wish), any_of=(Window(first=now.date(), last=now.date() + timedelta(days=3)),)
    )
    refused: tuple[str, ...] = ()
    for _ in range(40):
        request = replace(request, wish=wish.dumps(), page=0, refused=refused)
        slots = find_slots(PRACTICE, Diary(list(busy)), request, now).slots
        new = {slot.start.isoformat() for slot in slots}
        assert not new & set(refused)
        refused += tuple(new)
        if not slots:
            break
    assert find_slots(PRACTICE, Diary(list(busy)), replace(request, refused=refused), now).slots == ()


panel_dates = st.builds(
    lambda insurer, first, length: Credentialing(insurer, first, first and first + timedelta(days=length)),
    st.sampled_from(["aetna", "cigna"]),
    st.none() | days,
    st.integers(1, 30),
)


@settings(max_examples=150)
@given(
    requests,
    st.lists(panel_dates, max_size=3),
    st.lists(panel_dates, max_size=3),
    st.frozensets(st.sampled_from(["osei", "ortega", "tan"])),
    moments,
)
def test_no_offer_is_outside_an_agreement_or_with_somebody_kept_apart(
    request: FindSlots,
    hers: list[Credentialing],
    his: list[Credentialing],
    apart: frozenset[str],
    now: datetime,
) -> None:
    practice = with_clinicians(
        replace(AMARA, credentialing=tuple(hers)),
        replace(LUIS, insurers=(), credentialing=tuple(his)),
        MEI,
        horizon_days=40,
    )
    asked = replace(request, insurer="aetna", apart=tuple(sorted(apart)))
    slots = find_slots(practice, Diary(), asked, now).slots
    slots += places_on(practice, Diary(), asked, [now.date() + timedelta(days=n) for n in range(9)], now)
    taken = Slot(now + timedelta(days=2), 45, "tan", Modality.IN_PERSON, request.visit_kind, "main")
    slots += others_near(practice, Diary(), taken, now, request=asked)
    for slot in slots:
        day = slot.start.astimezone(NEW_YORK).date()
        dates = {"osei": hers, "ortega": his, "tan": []}[slot.clinician]
        of_aetna = [each for each in dates if each.insurer == "aetna"]
        inside = any((d.begins or day) <= day < (d.ends or date.max) for d in of_aetna)
        assert inside if of_aetna else slot.clinician != "ortega"
        assert slot.clinician not in apart


def openings_one_by_one(busy: list[Busy], request: FindSlots, now: datetime) -> list[Opening]:
    """Every opening of the wish: each start of the grid asked of each clinician and each thing that is busy."""
    wish, seconds = Wish.loads(request.wish), PRACTICE.visit_kind(request.visit_kind).minutes * 60
    who = candidates(PRACTICE, Diary(), request, now, None)
    today = now.astimezone(NEW_YORK).date()
    found = []
    for day in (Day.of(PRACTICE, today + timedelta(days=n)) for n in range(PRACTICE.horizon_days + 1)):
        for start in starts_of(PRACTICE, day):
            if start.instant < now.timestamp() + PRACTICE.notice_minutes * 60 or not wish.allows(start.local):
                continue
            free = tuple(
                c
                for c in (() if isinstance(who, Nobody) else who)
                if suits_age(c, request.born, day.date)
                and any(
                    shift.start <= start.instant and start.instant + seconds <= shift.end
                    for shift in shifts_of(PRACTICE, c, day, request.new_patient)
                )
                and all(
                    stop <= start.instant or begin >= start.instant + seconds
                    for begin, stop in (stretch(b, c.buffer_minutes) for b in busy if b.clinician == c.id)
                )
            )
            found += [Opening(start, day.date, 0, free)] if free else []
    return found


@settings(max_examples=60)
@given(
    requests,
    st.lists(busy_times, max_size=3).map(lambda some: [busy for times in some for busy in times]),
    moments,
    days,
    days,
    st.booleans(),
)
def test_a_search_that_looks_at_few_days_offers_what_looking_at_every_time_of_the_wish_offers(
    request: FindSlots, busy: list[Busy], now: datetime, first: date, last: date, refuse: bool
) -> None:
    wish = replace(Wish.loads(request.wish), any_of=(Window(first=first, last=last),), soonest=False)
    request = replace(request, wish=wish.dumps(), page=0)
    every, refused = openings_one_by_one(busy, request, now), frozenset[date]()
    if refuse and every:
        instant = every[0].start.instant
        request = replace(request, refused=(every[0].start.local.isoformat(),))
        every, refused = [o for o in every if o.start.instant != instant], frozenset({every[0].day})
    found = find_slots(PRACTICE, Diary(list(busy)), request, now).slots
    wanted = [(start.local, clinician.id) for start, clinician in choose(every, wish, refused)]
    assert [(slot.start, slot.clinician) for slot in found] == wanted


def test_the_clock_changes_lie_within_what_the_properties_try() -> None:
    offsets = {(FROM + timedelta(days=n)).utcoffset() for n in range(41)}
    assert len(offsets) == 2
