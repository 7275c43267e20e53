"""How what a person said changes the state: corrections overwrite, a choice resolves against the last offer, a yes
counts for what was read out.

Rules of this room: as in `state.py`; only the acts and the state, never the words, a practice or a clock.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import singledispatch

from lamplighter.conversation import acts as a
from lamplighter.conversation import events as e
from lamplighter.conversation.details import Detail, Errand, Key, key
from lamplighter.conversation.model import Known, State
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.understanding.spelling import looks_like
from lamplighter.conversation.wish import Window, Wish

ALIKE = 0.5
SURELY_HEARD = 0.97  # recognition below this may have a name wrong
MENDED = 2  # corrections of one name that are taken as heard; with the next it is spelled
MENDED_ON_A_LINE = 1  # the same where the recogniser is in doubt
_NAMES = (Detail.FIRST_NAME, Detail.LAST_NAME)
_WHO = (*_NAMES, Detail.DATE_OF_BIRTH)
_PLACES = (Detail.CHOICE, Detail.CONFIRM, Detail.CONFIRM_DETAIL, Detail.ANYTHING_ELSE)
_OF_THE_CONTACT = ("find_person:", "send_code:", "check_code:")  # answers that outlive an errand
_POLITE = (a.Aside.GREETING, a.Aside.THANKS, a.Aside.GOODBYE, a.Aside.NOISE, a.Aside.BACKGROUND)
_OF_ONE_ERRAND = (
    Detail.AVAILABILITY,
    Detail.CLINICIAN,
    Detail.MODALITY,
    Detail.MESSAGE,
    Detail.CALLBACK_TIME,
    Detail.WAITLIST,
    Detail.PERSON,
    Detail.VISIT_KIND,
    Detail.SERIES,
    Detail.HOW_OFTEN,
)
_ANSWERS = (a.Give, a.Affirm, a.Deny, a.Wrong, a.Choose, a.NoneOfThose, a.Unmatched)
_NOT_BY_NO = (*_WHO, Detail.CALLER_NAME, Detail.AVAILABILITY, Detail.MODALITY, Detail.CLINICIAN)
"""What a bare no is no answer to."""

_OF_A_PATIENT = (
    Detail.FIRST_NAME,
    Detail.LAST_NAME,
    Detail.PREFERRED_NAME,
    Detail.DATE_OF_BIRTH,
    Detail.NEW_PATIENT,
    Detail.INSURANCE,
    Detail.MEMBER_ID,
    Detail.SUBSCRIBER,
    Detail.SELF_PAY,
    Detail.PLAN_CHECK,
)
_ABOUT_PLAN = (*_WHO, Detail.RELATIONSHIP, Detail.INSURANCE, Detail.SUBSCRIBER)
"""What a yes to a question to the plan is for: with any of them another, it was given to something else."""

_OF_A_CARD = (
    Detail.INSURANCE,
    Detail.MEMBER_ID,
    Detail.SUBSCRIBER,
    Detail.SELF_PAY,
    Detail.CARD_PICTURE,
)
_YES_NO = (
    Detail.LEAVE_MESSAGE,
    Detail.REMINDER_CONSENT,
    Detail.WAITLIST,
    Detail.PERSON,
    Detail.PLAN_CHECK,
    Detail.NEW_PATIENT,
    Detail.SELF_PAY,
)


_OF_THE_VISIT = {Detail.CLINICIAN, Detail.MODALITY, Detail.AVAILABILITY}
_CHOSEN = (Detail.CHOICE, Detail.CONFIRM, *_OF_THE_VISIT)


def take_acts(s: State, said: tuple[a.Act, ...]) -> None:
    """Folds what a person said: corrections overwrite, a choice resolves against the last offer, a yes against what
    was read out."""
    said = _first_values(said)
    given = {act.key for act in said if isinstance(act, a.Give)}
    digressed = any(_digresses(act) for act in said) and not any(isinstance(act, a.Decline) for act in said)
    waiting = key(Detail.CONFIRM) if _puts_right(said, s) else None
    elsewhere = (
        bool(given) and not given & set(s.asked) and {place.detail for place in given} <= _OF_THE_VISIT
    )
    for place in s.asked:
        if place == waiting or (elsewhere and place.detail not in _CHOSEN):
            continue  # "make it with Mei Tan instead", said to another question, is no try at that one
        if not digressed or (given and place.detail is not Detail.AVAILABILITY):
            s.attempts[place] = s.attempts.get(place, 0) + 1
    chose = any(isinstance(act, a.Choose) for act in said)
    answers = any(
        isinstance(act, a.Give | a.Decline) and Key(act.subject, act.detail) in s.asked for act in said
    )
    before, was_done, plan = s.errand_no, s.errand_done, _plan(s)
    anew = was_done or s.errand is None
    _count_answers(s, said)
    insurer = s.known.get(key(Detail.INSURANCE))
    for act in said:
        if isinstance(act, a.Intend) and not _may_switch(act, s, answers):
            continue
        if not (chose and isinstance(act, a.Give) and act.detail is Detail.AVAILABILITY):
            _take(act, s)
    if was_done and s.errand_no > before:
        _forget_patient(s, said)
    if anew and s.errand_no > before:
        s.told, s.unanswered, s.beside_question = False, 0, _only_asks(said)
    if _plan(s) != plan:
        _forget_answer_about_plan(s)
    if insurer is not None and s.known.get(key(Detail.INSURANCE)) != insurer:
        _forget_number(insurer, s)
    _take_yes_or_no(s, said, given)


def _count_answers(s: State, said: tuple[a.Act, ...]) -> None:
    """Whether anything that the errand under way asks was ever answered, and how often nothing was."""
    if s.told or s.errand_done or s.errand is None or not s.asked or key(Detail.ERRAND) in s.asked:
        return
    refused = any(isinstance(act, a.Deny) for act in said) and s.asked[0].detail in _NOT_BY_NO
    if any(isinstance(act, _ANSWERS) for act in said) and not (refused and not _gives(said)):
        s.told = True
    elif all(place.detail in _YES_NO for place in s.asked):
        return  # whether they have been here before: on it goes without
    elif not any(isinstance(act, a.Intend) or _digresses(act) for act in said):
        s.unanswered += 1


def _gives(said: tuple[a.Act, ...]) -> bool:
    return any(isinstance(act, _ANSWERS) and not isinstance(act, a.Deny) for act in said)


def _only_asks(said: tuple[a.Act, ...]) -> bool:
    """A question, and no word of a visit that would go with what they came for."""
    wishes = any(isinstance(act, a.Give) and act.detail in _OF_ONE_ERRAND for act in said)
    return any(isinstance(act, a.AskAbout) for act in said) and not wishes


def _puts_right(said: tuple[a.Act, ...], s: State) -> bool:
    """Whether something of what was read out is now otherwise: then a yes is waited for anew."""
    told = (s.known.get(act.key) for act in said if isinstance(act, a.Give))
    values = (act.value for act in said if isinstance(act, a.Give))
    changed = any(known is None or known.value != value for known, value in zip(told, values, strict=True))
    return changed or any(isinstance(act, a.Choose) for act in said)


def _plan(s: State) -> tuple[str | None, ...]:
    found = (s.known.get(key(detail)) for detail in _ABOUT_PLAN)
    return tuple(each.value if each else None for each in found)


def _forget_answer_about_plan(s: State) -> None:
    """Also one of this utterance ("yes, but it's my husband's")."""
    place = key(Detail.PLAN_CHECK)
    s.plan_asked, s.asked = None, tuple(each for each in s.asked if each != place)
    for kept in (s.known, s.attempts, s.declined):
        kept.pop(place, None)


def _forget_number(before: Known, s: State) -> None:
    """The number stands on the card of the insurer that was named with it; asked which one that was, they tell of the
    same card."""
    place = key(Detail.INSURANCE)
    now = s.known.get(place)
    if place not in s.asked and (now is None or now.value != before.value):
        _forget_older((Detail.MEMBER_ID,), s)


def _forget_patient(s: State, said: tuple[a.Act, ...]) -> None:
    """The next errand is for somebody else ("and one for my daughter"): whoever it was for acts for them."""
    others = any(
        isinstance(act, a.Give) and act.detail is Detail.RELATIONSHIP and act.value != "self" for act in said
    )
    if not others:
        return
    first, last = (s.known.get(key(detail)) for detail in (Detail.FIRST_NAME, Detail.LAST_NAME))
    if first and last and key(Detail.CALLER_NAME) not in s.known:
        s.known[key(Detail.CALLER_NAME)] = Known(f"{first.value} {last.value}", s.seq)
    _forget_older(_OF_A_PATIENT, s)


def _forget_older(details: Iterable[Detail], s: State) -> None:
    """What was known before this utterance goes, and with it how often it was asked."""
    for place in map(key, details):
        known = s.known.get(place)
        if known and known.seq != s.seq:
            del s.known[place]
        s.attempts.pop(place, None)
        s.declined.pop(place, None)


def _first_values(said: tuple[a.Act, ...]) -> tuple[a.Act, ...]:
    """Of two values for one detail in one breath the first stands, unless the later is a correction or spells it."""
    seen: set[Key] = set()
    kept: list[a.Act] = []
    for act in said:
        if isinstance(act, a.Give):
            if act.key in seen and not (act.correction or act.spelled):
                continue
            seen.add(act.key)
        kept.append(act)
    return tuple(kept)


def _digresses(act: a.Act) -> bool:
    """Whether it is something other than a try at what was asked."""
    if isinstance(act, a.Interject):
        return act.aside not in _POLITE
    return isinstance(act, a.AskAbout | a.SpeakIn)


def _take_yes_or_no(s: State, said: tuple[a.Act, ...], given: set[Key]) -> None:
    yes = any(isinstance(act, a.Affirm) for act in said)
    no = any(isinstance(act, a.Deny | a.Wrong | a.NoneOfThose) for act in said)
    if yes == no:
        return
    if yes and key(Detail.CHOICE) in s.asked and s.offer and s.attempts.get(key(Detail.CHOICE), 0) > 1:
        _take(
            a.Choose(0), s
        )  # a yes to several times, said twice: the first of them, which is read back anyway
    waits = key(Detail.CONFIRM) in s.asked or key(Detail.CONFIRM_DETAIL) in s.asked
    changed = any(isinstance(act, a.Give) and act.detail not in _PLACES for act in said)
    if waits and s.about and not changed:
        if not yes:
            s.denied |= {s.about}
        elif not _asked_what_to_change(s):
            s.confirmed |= {s.about}
    asked = [place for place in s.asked if place.detail in _YES_NO]
    if not given.intersection(asked):
        s.known |= {place: Known("true" if yes else "false", s.seq) for place in asked}
    if yes and key(Detail.PHONE) in s.asked and key(Detail.PHONE) not in given and s.address:
        s.known[key(Detail.PHONE)] = Known(s.address, s.seq, "caller_id")


def _asked_what_to_change(s: State) -> bool:
    """Over a line a yes is none to what was refused a moment ago: it is read out again."""
    return not s.heard_surely and any(said.phrase == "ask.what_to_change" for said in s.last_words)


@singledispatch
def _take(act: object, s: State) -> None:
    """Acts that leave the state alone: questions and asides are answered by the engine in the same turn."""


def _may_switch(act: a.Intend, s: State, answers: bool) -> bool:
    """In the middle of an errand, words that answer what was asked don't begin another ("a call, but don't leave a
    message"), and while a new visit is being arranged "make it Friday" moves nothing that is booked."""
    under_way = s.errand is not None and s.frozen is None and key(Detail.ANYTHING_ELSE) not in s.asked
    if not under_way or act.errand is Errand.PERSON or key(Detail.ERRAND) in s.asked:
        return True
    arranging = s.errand in (Errand.FIRST_APPOINTMENT, Errand.FOLLOW_UP) and s.offers_made > 0
    return not answers and not (arranging and act.errand is Errand.MOVE)


@_take.register
def _(act: a.Intend, s: State) -> None:
    done = s.errand_done
    s.about_bill = s.about_bill or act.bill
    if act.errand is s.errand and not done:
        return
    if s.errand is None or done or act.sure or key(Detail.ERRAND) in s.asked:
        begin_errand(s, act.errand)
        s.changing = s.visit.id if act.last and s.visit else None
        s.ours = act.ours


def begin_errand(s: State, errand: Errand) -> None:
    """A new errand keeps who the person is and forgets what was agreed for one that was done."""
    was_done = s.errand_done
    s.errand, s.errand_no = errand, s.errand_no + 1
    s.recorded, s.changing, s.ours = s.frozen or s.recorded, None, False
    s.frozen, s.offer, s.chosen, s.agreed, s.picked = None, None, None, None, None
    s.answers = {place: answer for place, answer in s.answers.items() if place.startswith(_OF_THE_CONTACT)}
    s.refused, s.page, s.narrowed, s.none_suits = (), 0, (), False
    s.confirmed, s.denied, s.said_once = frozenset(), frozenset(), frozenset()
    if was_done:
        _forget_older(_OF_ONE_ERRAND, s)
        if errand is Errand.NEW_PLAN:  # another card than the one that was told
            _forget_older(_OF_A_CARD, s)


@_take.register
def _(act: a.Interject, s: State) -> None:
    """Starting over forgets every answer of the errand; other asides leave the state alone."""
    if act.aside is not a.Aside.START_OVER or s.frozen is not None:
        return
    s.known = {place: known for place, known in s.known.items() if known.source != "said"}
    s.declined, s.attempts = {}, {}
    s.offer, s.chosen, s.picked = None, None, None
    s.refused, s.page, s.narrowed, s.none_suits = (), 0, (), False


@_take.register
def _(act: a.Give, s: State) -> None:
    if act.detail in _PLACES:
        return
    s.declined.pop(act.key, None)
    if _other_name(act, s):
        return
    if act.detail in _NAMES and not act.spelled and _mends(act, s) and _misheard(act.key, s):
        return
    if act.detail in _WHO:
        s.unsure = s.unsure - {act.key} if s.heard_surely else s.unsure | {act.key}
    if act.detail is Detail.AVAILABILITY:
        wish = _availability(act.value, s)
        if s.offer is not None and _says_it_again(wish, s.offer, s):
            s.chosen = s.offer.slots[0]
            return
        s.known[act.key] = Known(wish, s.seq)
        s.agreed = s.chosen if key(Detail.CONFIRM) in s.asked else None
        s.offer, s.chosen, s.narrowed, s.page, s.none_suits = None, None, (), 0, False
    else:
        s.known[act.key] = Known(act.value, s.seq)


def _says_it_again(wish: str, offer: e.Offered, s: State) -> bool:
    """Asked twice which of some times, all of which they had wished for, they name the same wish once more: any of
    them will do, and the first is read back."""
    before = s.known.get(key(Detail.AVAILABILITY))
    asked_twice = s.attempts.get(key(Detail.CHOICE), 0) > 1 and key(Detail.CHOICE) in s.asked
    if not asked_twice or offer.of == "visits" or before is None or before.value != wish:
        return False
    return all(Wish.loads(wish).allows(slot.start.replace(tzinfo=None)) for slot in offer.slots)


def _other_name(act: a.Give, s: State) -> bool:
    """Over a line, "no, Vroomin" mends the name that it is like, and says nothing of the other one."""
    if act.detail not in _NAMES or not act.correction or s.heard_surely or len(act.value.split()) > 1:
        return False
    other = _NAMES[1 - _NAMES.index(act.detail)]
    here, there = (s.value(detail, act.subject) for detail in (act.detail, other))
    if here is None or there is None:
        return False
    return looks_like(act.value, there) > max(ALIKE, looks_like(act.value, here))


def _mends(act: a.Give, s: State) -> bool:
    """Whether it is said as a correction, or is heard otherwise over a line after it was read back."""
    before = s.known.get(act.key)
    other = before is not None and before.read_back and before.value != act.value
    return act.correction or (other and not s.heard_surely)


def _misheard(place: Key, s: State) -> bool:
    """Counts a correction of a name; one too many, and the name is asked again, to be spelled."""
    s.mended[place] = s.mended.get(place, 0) + 1
    if s.mended[place] <= (MENDED if s.heard_surely else MENDED_ON_A_LINE):
        return False
    s.known.pop(place, None)
    s.attempts[place], s.mended[place] = 1, 0
    return True


def _availability(value: str, s: State) -> str:
    """Said to an offer or a summary, a wish refines the one that led there; asked for, it stands alone."""
    before = s.known.get(key(Detail.AVAILABILITY))
    refines = before is not None and (key(Detail.CHOICE) in s.asked or key(Detail.CONFIRM) in s.asked)
    if not refines or before is None:
        return value
    return Wish.loads(before.value).refined(Wish.loads(value)).dumps()


@_take.register
def _(act: a.Decline, s: State) -> None:
    place = Key(act.subject, act.detail)
    if act.detail is Detail.PHONE and s.address:
        s.known[place] = Known(s.address, s.seq, "caller_id")
        return
    s.declined[place] = s.declined.get(place, 0) + 1


@_take.register
def _(act: a.Wrong, s: State) -> None:
    place = Key(act.subject, act.detail)
    s.known.pop(place, None)
    s.attempts.pop(place, None)
    if act.detail in (Detail.CHOICE, Detail.AVAILABILITY):
        s.offer, s.chosen = None, None


@_take.register
def _(act: a.Choose, s: State) -> None:
    if not s.offer or act.index >= len(s.offer.slots):
        return
    if s.offer.of == "visits":
        s.picked, s.offer = s.offer.slots[act.index], None
    else:
        s.chosen = s.offer.slots[act.index]


@_take.register
def _(act: a.NoneOfThose, s: State) -> None:
    if not s.offer or s.offer.of == "visits":
        return
    slots = s.offer.slots
    s.refused += tuple(slot.start.isoformat() for slot in slots if slot.start.isoformat() not in s.refused)
    s.page += 1
    s.none_suits = act.towards == "any"
    s.narrowed += _towards(act.towards, slots)
    s.offer, s.chosen = None, None


def _towards(where: str, slots: tuple[Slot, ...]) -> tuple[Window, ...]:
    """Windows to leave out so that the next search goes the way that was asked for."""
    times = [slot.start.time() for slot in slots]
    days = [slot.start.date() for slot in slots]
    if where == "later_time":
        return (Window(before=(datetime.combine(days[0], max(times)) + timedelta(minutes=1)).time()),)
    if where == "earlier_time":
        return (Window(start=min(times)),)
    if where == "later_date":
        return (Window(last=max(days)),)
    if where == "earlier_date":
        return (Window(first=min(days)),)
    if where == "other_day":
        return tuple(Window(first=day, last=day) for day in sorted(set(days)))
    return ()
