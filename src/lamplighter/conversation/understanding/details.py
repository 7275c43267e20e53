"""One reader a detail: what the answer to a question for it says, were it asked for."""

import re
from collections.abc import Callable
from functools import cache

from lamplighter.conversation.acts import Act, Decline, Give
from lamplighter.conversation.details import Detail, Key, Subject
from lamplighter.conversation.understanding import preferences as prefer
from lamplighter.conversation.understanding import values, when
from lamplighter.conversation.understanding.choosing import read_choice
from lamplighter.conversation.understanding.closed import bare_answer, self_pay, yes_or_no
from lamplighter.conversation.understanding.context import Found
from lamplighter.conversation.understanding.digits import runs
from lamplighter.conversation.understanding.insurers import (
    find_insurer,
    names_insurer,
    pays_oneself,
    read_cover,
)
from lamplighter.conversation.understanding.lexicon import Lexicon, anywhere
from lamplighter.conversation.understanding.mended_digits import of_number
from lamplighter.conversation.understanding.modality import both_modalities, find_modality, other_modality
from lamplighter.conversation.understanding.names import Name, read_name, strip_lead
from lamplighter.conversation.understanding.offers import read_availability, read_callback
from lamplighter.conversation.understanding.reading import Listening, Reading, given
from lamplighter.conversation.understanding.spelling import looks_like
from lamplighter.conversation.understanding.text import Said, fold
from lamplighter.conversation.understanding.told import told_again
from lamplighter.conversation.understanding.yesno import declines, read_yes_no

YES_NO = frozenset(
    {Detail.LEAVE_MESSAGE, Detail.REMINDER_CONSENT, Detail.WAITLIST, Detail.PERSON, Detail.PLAN_CHECK,
     Detail.NEW_PATIENT, Detail.SELF_PAY}
)  # fmt: skip
YES_NO_ONLY = frozenset({Detail.CONFIRM, Detail.CONFIRM_DETAIL, Detail.ANYTHING_ELSE})
FREE_TEXT = frozenset({Detail.MESSAGE})
REFUSABLE_BY_NO = frozenset({Detail.EMAIL, Detail.MEMBER_ID, Detail.CLINICIAN, Detail.PREFERRED_NAME, Detail.LOCATION,
                             Detail.LANGUAGE, Detail.ORGANISATION, Detail.MESSAGE, Detail.CALLBACK_TIME})  # fmt: skip
INDIFFERENT = frozenset({Detail.MODALITY, Detail.CLINICIAN, Detail.LOCATION, Detail.CONTACT_CHANNEL,
                         Detail.CALLBACK_TIME, Detail.LANGUAGE, Detail.VISIT_KIND})  # fmt: skip

_ALIKE = 0.6

Reader = Callable[[Said, Key, Listening], Reading | None]


def read_detail(said: Said, key: Key, listening: Listening) -> Reading | None:
    """What `said` gives for `key`: its value, a refusal, a yes or no; None where it gives nothing."""
    place = (said.text, key)
    if place not in listening.read:
        listening.read[place] = _read(said, key, listening)
    return listening.read[place]


def _read(said: Said, key: Key, listening: Listening) -> Reading | None:
    reader = _READERS.get(key.detail)
    reading = reader(said, key, listening) if reader else None
    if reading and reading.sure >= 0.9:
        return reading
    if reading and key.detail in YES_NO and reading.sure >= 0.8:
        return reading
    if key.detail in FREE_TEXT | YES_NO_ONLY or key.detail is Detail.CHOICE:
        return reading
    declined = _declined(said, key, listening)
    if declined and key.detail is Detail.CLINICIAN:
        if prefer.named_clinicians(said, listening.context.practice, listening.lex):
            return reading
    return declined or reading


def _declined(said: Said, key: Key, listening: Listening) -> Reading | None:
    lex, whole = listening.lex, len(said.text)
    indifferent = key.detail in INDIFFERENT and lex.pattern("any").search(said.low)
    if indifferent or (declines(said, lex) and not _of_another(said, key, listening)):
        return Reading((Decline(key.detail, key.subject),), 0, whole, 0.7)
    answer = read_yes_no(said, lex)
    if answer and answer.whole and not answer.yes:
        if key.detail in REFUSABLE_BY_NO or key.subject is Subject.SECOND:
            return Reading((Decline(key.detail, key.subject),), 0, whole, 0.6)
        if key.detail is Detail.INSURANCE:
            return Reading((Give(Detail.SELF_PAY, "true"),), 0, whole, 0.6)
    if answer and answer.whole and answer.yes:
        return _assented(key, listening, whole)
    return None


def _of_another(said: Said, key: Key, listening: Listening) -> bool:
    """ "But I won't give my phone" refuses the phone, where that was asked too."""
    if len(listening.context.asked) < 2:
        return False
    named = listening.lex.group("detail_names")
    own = named.get(key.detail.value)
    others = [named[k.detail.value] for k in listening.context.asked if k != key and k.detail.value in named]
    return any(each.search(said.low) for each in others) and not (own and own.search(said.low))


def _assented(key: Key, listening: Listening, whole: int) -> Reading | None:
    """A yes to "is this the best number?" or "will you be in New York?"."""
    context = listening.context
    if key == Key(Subject.PATIENT, Detail.PHONE) and context.caller_id:
        return Reading((Give(Detail.PHONE, context.caller_id),), 0, whole, 0.5)
    if key.detail is Detail.STATE:
        return Reading((Give(Detail.STATE, context.practice.state, key.subject),), 0, whole, 0.5)
    if key.detail is Detail.SUBSCRIBER:
        return Reading((Give(Detail.SUBSCRIBER, "self", key.subject),), 0, whole, 0.5)
    return None


# --- names


def _first_name(said: Said, key: Key, listening: Listening) -> Reading | None:
    return _name(said, key, listening, first=True)


def _last_name(said: Said, key: Key, listening: Listening) -> Reading | None:
    return _name(said, key, listening, first=False)


def _name(said: Said, key: Key, listening: Listening, *, first: bool) -> Reading | None:
    known = listening.context.known
    asked = {asked.detail for asked in listening.context.asked if asked.subject is key.subject}
    if not first and key.subject is Subject.SECOND and listening.lex.pattern("same_as").search(said.low):
        own = known.get(Key(Subject.PATIENT, Detail.LAST_NAME))
        return Reading((Give(Detail.LAST_NAME, own, key.subject),), 0, len(said.text), 0.9) if own else None
    if key in listening.context.confirmed and (again := told_again(said, known.get(key, ""), listening.lex)):
        value, spelled_out = again
        changed = fold(value) != fold(known.get(key, ""))
        given = Give(key.detail, value, key.subject, spelled=spelled_out)
        return Reading((given,), 0, len(said.text), 0.6) if changed else None
    if first and key not in listening.context.asked and listening.lex.pattern("family_name").search(said.low):
        return None
    wants_last = not first or Detail.LAST_NAME in asked
    said = _without_life(said, listening)
    if declines(said, listening.lex) or (
        key not in listening.context.asked and _detail_named(said, listening)
    ):
        return None
    name = read_name(
        said, listening.lex, first, wants_last, known.get(Key(key.subject, Detail.FIRST_NAME), "")
    )
    if name is None or _self_told(said, name, listening.lex) or _is_a_plan(said, name, key, listening):
        return None
    return _name_acts(name, key, first=first, whole=len(said.text))


def _is_a_plan(said: Said, name: Name, key: Key, listening: Listening) -> bool:
    """ "No, UnitedHealthcare, no es Oxford", said to a summary: an insurer, unless it is like the name that it would
    put right."""
    known = listening.context.known.get(key, "")
    if key in listening.context.asked or not names_insurer(said, listening.context.practice, listening.lex):
        return False
    return max((looks_like(known, part) for part in name.full.split()), default=0) < _ALIKE


def _without_life(said: Said, listening: Listening) -> Said:
    """Full stops for what somebody tells of their life, so that no word of it is a name."""
    chars = list(said.text)
    for match in listening.lex.group("asides")["background"].finditer(said.low):
        chars[match.start() : match.end()] = "." * (match.end() - match.start())
    return Said("".join(chars))


def _detail_named(said: Said, listening: Listening) -> bool:
    """ "No, the state" names what is wrong and gives no value."""
    bare = said.low[slice(*strip_lead(said, listening.lex))].strip(" .,!?")
    return any(each.fullmatch(bare) for each in listening.lex.group("detail_names").values())


def _self_told(said: Said, name: Name, lex: Lexicon) -> bool:
    """ "I'm divorced": one small word behind "I'm" that is shaped like a state somebody is in."""
    words = name.full.split()
    spelled = name.first_spelled or name.last_spelled
    if len(words) != 1 or spelled or not lex.pattern("i_am").search(said.low):
        return False
    if fold(words[0]) in lex.words("roles") - lex.words("also_names"):
        return True
    return bool(lex.pattern("not_name_shape").fullmatch(fold(words[0])))


def _name_acts(name: Name, key: Key, *, first: bool, whole: int) -> Reading | None:
    if not first and name.first and not name.last and not name.labelled:
        name = Name("", name.first, False, name.first_spelled, name.end)
    acts: list[Act] = []
    if name.first:
        acts.append(Give(Detail.FIRST_NAME, name.first, key.subject, spelled=name.first_spelled))
    if name.last:
        acts.append(Give(Detail.LAST_NAME, name.last, key.subject, spelled=name.last_spelled))
    sure = 0.5 if name.end >= whole - 2 else 0.35
    if name.first_spelled or name.last_spelled:
        sure += 0.1
    return Reading(tuple(acts), 0, max(name.end, 1), sure)


def _whole_name(said: Said, key: Key, listening: Listening) -> Reading | None:
    said = _without_life(said, listening)
    if declines(said, listening.lex):
        return None
    name = read_name(said, listening.lex, True, True)
    if name is None or _self_told(said, name, listening.lex):
        return None
    return Reading((Give(key.detail, name.full, key.subject),), 0, name.end, 0.5)


def _preferred_name(said: Said, key: Key, listening: Listening) -> Reading | None:
    said = _without_life(said, listening)
    name = read_name(said, listening.lex, True, False)
    answer = read_yes_no(said, listening.lex)
    if not name or (answer and answer.whole):
        return None
    return Reading((Give(key.detail, name.first, key.subject, spelled=name.first_spelled),), 0, name.end, 0.5)


# --- values with a shape


def _phone(said: Said, key: Key, listening: Listening) -> Reading | None:
    caller_id = listening.context.caller_id if key.subject is Subject.PATIENT else None
    found = values.find_phone(said, listening.lex, caller_id)
    if found:
        return given(found, key)
    if last := _last_digits(said, key, listening):
        return given(last, key, 0.5)
    if caller_id and key in listening.context.asked and _means_this_one(said, listening):
        return Reading((Give(key.detail, caller_id, key.subject),), 0, len(said.text), 0.3)
    return None


def _means_this_one(said: Said, listening: Listening) -> bool:
    """ "My house phone", "the number from which I write": an answer to whether the number in use is the best one that
    has no digits, refuses nothing and names no other. It is read back."""
    lex = listening.lex
    if "?" in said.text or any(run for run in runs(said, lex) if len(run.digits) > 1):
        return False
    if not lex.pattern("of_a_number").search(said.low) or lex.pattern("another_number").search(said.low):
        return False
    return not (declines(said, lex) or lex.pattern("negation").search(said.low))


def _last_digits(said: Said, key: Key, listening: Listening) -> Found[str] | None:
    """ "No, 0144 at the end", "it ends in 91", of a number just read back."""
    known = listening.context.known.get(key, "")
    if not known or key not in listening.context.confirmed:
        return None
    ends = listening.lex.pattern("ends_in").search(said.low)
    start = ends.end() if ends else 0
    lengths = {2, 3, 4} if ends else {4}
    for run in runs(Said(said.text[start:]), listening.lex):
        if number := of_number(run, known):
            return Found(number, start + run.start, start + run.end)
        if len(run.digits) in lengths and not known.endswith(run.digits):
            return Found(known[: -len(run.digits)] + run.digits, start + run.start, start + run.end)
    return None


def _email(said: Said, key: Key, listening: Listening) -> Reading | None:
    return given(values.find_email(said, listening.lex), key)


def _birth(said: Said, key: Key, listening: Listening) -> Reading | None:
    if not listening.lex.pattern("birth_cue").search(said.low) and _is_a_number(said, listening):
        return None
    found = when.find_birth_date(
        re.sub(r"\.(?=\s)", " ", said.text), listening.locale, listening.context.now.date()
    )
    if found is None:
        return None
    return given(Found(found.value.isoformat(), found.start, found.end), key)


def _is_a_number(said: Said, listening: Listening) -> bool:
    """ "Nine one seven, five five five..." is a phone number, whatever date stands in it; so is "five six, oh one five
    six" of one that ends so."""
    known = listening.context.known.get(Key(Subject.PATIENT, Detail.PHONE), "")
    if any(of_number(run, known) for run in runs(said, listening.lex)):
        return True
    found = values.find_phone(said, listening.lex, None)
    return found is not None and found.start <= 12 and found.end >= len(said.text) - 12


def _state(said: Said, key: Key, listening: Listening) -> Reading | None:
    return given(values.find_state(said, listening.lex, asked=True), key)


def _member_id(said: Said, key: Key, listening: Listening) -> Reading | None:
    found = given(values.find_member_id(said, listening.lex, asked=True), key, 0.9)
    if found is None and listening.lex.pattern("plan_picture").search(said.low):
        return Reading(
            (Decline(key.detail, key.subject), Give(Detail.CARD_PICTURE, "true")), 0, len(said.text), 0.9
        )
    return found


def _code(said: Said, key: Key, listening: Listening) -> Reading | None:
    return given(values.find_code(said, listening.lex), key)


def _amount(said: Said, key: Key, listening: Listening) -> Reading | None:
    return given(values.find_amount(said, listening.lex), key)


# --- preferences


def _modality(said: Said, key: Key, listening: Listening) -> Reading | None:
    asked = any(each.detail is Detail.MODALITY for each in listening.context.asked)
    found = find_modality(said, listening.lex, asked=asked)
    if not found and both_modalities(said, listening.lex):
        either = listening.lex.pattern("any").search(said.low)
        return Reading((Decline(key.detail, key.subject),), 0, len(said.text), 0.9) if either else None
    return given(found or other_modality(said, listening.lex), key)


def _channel(said: Said, key: Key, listening: Listening) -> Reading | None:
    return given(prefer.find_wanted(said, listening.lex, "contact_channel"), key)


def _clinician(said: Said, key: Key, listening: Listening) -> Reading | None:
    found = prefer.find_clinician(said, listening.context.practice, listening.lex, asked=True)
    whoever = listening.lex.pattern("whoever").search(said.low)
    if found and not (whoever and not prefer.exactly_named(said, found.value)):
        return given(found, key)
    if gender := prefer.find_gender(said, listening.lex):
        return given(Found(f"gender:{gender.value}", gender.start, gender.end), key, 0.9)
    if language := prefer.find_in(said, listening.lex, "language"):
        return Reading((Give(Detail.LANGUAGE, language.value),), language.start, language.end, 0.9)
    return Reading((Decline(key.detail, key.subject),), 0, whoever.end(), 0.9) if whoever else None


def _language(said: Said, key: Key, listening: Listening) -> Reading | None:
    return given(prefer.find_in(said, listening.lex, "language"), key)


def _kind(said: Said, key: Key, listening: Listening) -> Reading | None:
    return given(prefer.find_plain_kind(said, listening.context.practice, listening.lex), key)


def _pays_alone(said: Said, listening: Listening) -> bool:
    """ "Myself", which says who pays only where that was asked."""
    return bool(listening.lex.pattern("self_pay_asked").fullmatch(said.low.strip(" .,!?")))


def _of_insurance(said: Said, listening: Listening) -> bool:
    """Whether words about a plan correct one that was read back, rather than a name or a number."""
    named = listening.lex.group("detail_names")["insurance"]
    return bool(listening.lex.pattern("has_plan").search(said.low) or named.search(said.low))


def _insurance(said: Said, key: Key, listening: Listening) -> Reading | None:
    if _pays_alone(said, listening):
        return Reading((Give(Detail.SELF_PAY, "true"),), 0, len(said.text), 0.9)
    plainly_own = pays_oneself(said, listening.lex)
    known = find_insurer(said, listening.context.practice, listening.lex, asked=False)
    asks = any(mark in said.text for mark in "?¿")
    if (asks or declines(said, listening.lex)) and not known and not plainly_own:
        return None
    if key not in listening.context.asked and not (known or plainly_own or _of_insurance(said, listening)):
        return None
    cover = read_cover(said, listening.context.practice, listening.lex, asked=True)
    if not cover:
        return None
    act, found = cover[0]
    unlisted = not known and act.detail is Detail.INSURANCE
    if (
        unlisted
        and key not in listening.context.asked
        and not listening.lex.pattern("plan_is").search(said.low)
    ):
        return None
    sure = 0.4 if unlisted else 1.0
    return Reading((act,), found.start, found.end, sure)


def _subscriber(said: Said, key: Key, listening: Listening) -> Reading | None:
    return given(prefer.find_subscriber(said, listening.lex), key, 0.9)


def _relationship(said: Said, key: Key, listening: Listening) -> Reading | None:
    return given(prefer.find_relationship(said, listening.lex, asked=True), key, 0.9)


def _site(said: Said, key: Key, listening: Listening) -> Reading | None:
    for site in listening.context.practice.sites:
        at = said.low.find(fold(site.name))
        if at >= 0:
            return given(Found(site.id, at, at + len(site.name)), key)
    return None


def _free(said: Said, key: Key, listening: Listening) -> Reading | None:
    answer = read_yes_no(said, listening.lex)
    if key.detail is Detail.MESSAGE and answer and answer.whole and not answer.yes:
        return Reading((Decline(key.detail, key.subject),), 0, len(said.text), 1.0)
    if len(said.words) <= 6 and declines(said, listening.lex):
        return Reading((Decline(key.detail, key.subject),), 0, len(said.text), 1.0)
    return Reading((Give(key.detail, said.text.strip(" ."), key.subject),), 0, len(said.text), 0.9)


@cache
def _called() -> re.Pattern[str]:
    return re.compile(rf"^{anywhere('called')} ", re.IGNORECASE)


@cache
def _and_beside() -> re.Pattern[str]:
    """Where it is, and how it is spelled."""
    return re.compile(rf", (?:{anywhere('beside_a_name')} |(?=\w[- ]\w[- ]\w\b))")


def _organisation(said: Said, key: Key, listening: Listening) -> Reading | None:
    if declines(said, listening.lex):
        return None
    if listening.lex.pattern("no_organisation").fullmatch(said.low.strip(" .,!?")):
        return Reading((Decline(key.detail, key.subject),), 0, len(said.text), 0.9)
    answer = read_yes_no(said, listening.lex)
    if answer and answer.whole:
        return None
    value = prefer.find_organisation(said, listening.lex)
    called = _called().sub("", prefer.whole_answer(said, listening.lex))
    whole = value or Found(_and_beside().split(called)[0], 0, len(said.text))
    return given(whole, key, 0.5) if whole.value else None


_READERS: dict[Detail, Reader] = {
    Detail.FIRST_NAME: _first_name, Detail.LAST_NAME: _last_name, Detail.PREFERRED_NAME: _preferred_name,
    Detail.CALLER_NAME: _whole_name, Detail.RELATIONSHIP: _relationship, Detail.ORGANISATION: _organisation,
    Detail.DATE_OF_BIRTH: _birth, Detail.PHONE: _phone, Detail.EMAIL: _email, Detail.LANGUAGE: _language,
    Detail.STATE: _state, Detail.VISIT_KIND: _kind, Detail.MODALITY: _modality, Detail.LOCATION: _site,
    Detail.CLINICIAN: _clinician, Detail.AVAILABILITY: read_availability, Detail.CHOICE: read_choice,
    Detail.CONFIRM: bare_answer, Detail.CONFIRM_DETAIL: bare_answer, Detail.ANYTHING_ELSE: bare_answer,
    Detail.INSURANCE: _insurance,
    Detail.MEMBER_ID: _member_id, Detail.SUBSCRIBER: _subscriber, Detail.SELF_PAY: self_pay,
    Detail.NEW_PATIENT: yes_or_no, Detail.CONTACT_CHANNEL: _channel, Detail.LEAVE_MESSAGE: yes_or_no,
    Detail.REMINDER_CONSENT: yes_or_no, Detail.WAITLIST: yes_or_no, Detail.PERSON: yes_or_no,
    Detail.PLAN_CHECK: yes_or_no,
    Detail.IDENTITY_CODE: _code, Detail.AMOUNT: _amount, Detail.CALLBACK_TIME: read_callback, Detail.MESSAGE: _free,
}  # fmt: skip
