"""What people say unasked: who they are, when they can come, how they pay, whom they want, in one breath."""

from collections.abc import Callable

from lamplighter.conversation.acts import Act, AskAbout, Give, Topic
from lamplighter.conversation.details import Detail, Key, Subject
from lamplighter.conversation.understanding import preferences as prefer
from lamplighter.conversation.understanding import values, when
from lamplighter.conversation.understanding.bill import BILLS
from lamplighter.conversation.understanding.context import Found
from lamplighter.conversation.understanding.insurers import read_cover
from lamplighter.conversation.understanding.intents import plain
from lamplighter.conversation.understanding.introductions import Found3, names_told, related
from lamplighter.conversation.understanding.modality import find_modality
from lamplighter.conversation.understanding.offers import timeless_masked
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.wish import Wish

_SILENCED_BY: dict[Topic, frozenset[Detail]] = {
    Topic.PRICES: frozenset({Detail.NEW_PATIENT, Detail.SELF_PAY, Detail.VISIT_KIND, Detail.INSURANCE}),
    Topic.SLIDING_SCALE: frozenset({Detail.SELF_PAY}),
    Topic.PAYMENT_METHODS: frozenset({Detail.SELF_PAY}),
    Topic.PAYMENT_PLANS: frozenset({Detail.SELF_PAY}),
    Topic.SUPERBILLS: frozenset({Detail.SELF_PAY, Detail.INSURANCE}),
    Topic.TELEHEALTH: frozenset({Detail.MODALITY}),
    Topic.CLINICIANS: frozenset({Detail.CLINICIAN, Detail.VISIT_KIND, Detail.LANGUAGE}),
    Topic.NEW_PATIENTS: frozenset({Detail.CLINICIAN, Detail.NEW_PATIENT}),
    Topic.AGES: frozenset({Detail.CLINICIAN}),
    Topic.INSURERS: frozenset({Detail.SELF_PAY}),
    Topic.OTHER: frozenset({Detail.VISIT_KIND, Detail.CLINICIAN}),
    Topic.LANGUAGES: frozenset({Detail.LANGUAGE}),
    Topic.HOURS: frozenset({Detail.AVAILABILITY}),
    Topic.VISIT_LENGTH: frozenset({Detail.VISIT_KIND, Detail.NEW_PATIENT}),
    Topic.DIRECTIONS: frozenset({Detail.MODALITY}),
    Topic.ADDRESS: frozenset({Detail.MODALITY}),
    Topic.CANCEL_POLICY: frozenset({Detail.AVAILABILITY, Detail.INSURANCE}),
}


def read_volunteered(said: Said, listening: Listening, topics: list[AskAbout]) -> list[Act]:
    """Details said without being asked. A question about something gives no value of it."""
    silenced = frozenset[Detail]().union(*(_SILENCED_BY.get(act.topic, frozenset()) for act in topics))
    if listening.lex.pattern("both_of_us").search(said.low):
        silenced -= {Detail.VISIT_KIND}  # "do you do couples therapy? My girlfriend and I want to book"
    if {Detail.INSURANCE, Detail.SUBSCRIBER} & {key.detail for key in listening.context.asked}:
        silenced |= {Detail.RELATIONSHIP}
    if Detail.DATE_OF_BIRTH in _asked(listening) and Detail.AVAILABILITY not in _asked(listening):
        silenced |= {Detail.AVAILABILITY}
    if any(key.subject is Subject.SECOND for key in listening.context.asked):
        silenced |= {Detail.FIRST_NAME, Detail.LAST_NAME, Detail.CALLER_NAME}
    silenced |= _out_of_place(said, listening)
    acts: list[Act] = []
    rest = said
    for detail, read in _READERS:
        if detail in silenced or not rest.words:
            continue
        for act, start, end in read(rest, listening):
            if isinstance(act, Give) and act.detail in silenced:
                continue
            acts.append(act)
            rest = Said(rest.text[:start] + " " * (end - start) + rest.text[end:])
            if detail is Detail.ORGANISATION:
                silenced |= {Detail.RELATIONSHIP, Detail.INSURANCE, Detail.NEW_PATIENT, Detail.VISIT_KIND}
    if Topic.INSURERS in {act.topic for act in topics} and not listening.lex.pattern("has_plan").search(
        said.low
    ):
        acts = [act for act in acts if not (isinstance(act, Give) and act.detail is Detail.INSURANCE)]
    return acts


_NAMES = frozenset({Detail.FIRST_NAME, Detail.LAST_NAME, Detail.CALLER_NAME, Detail.PREFERRED_NAME})
_AT_THE_START = frozenset({Detail.NEW_PATIENT, Detail.AVAILABILITY, Detail.CLINICIAN, Detail.VISIT_KIND,
                           Detail.MODALITY, Detail.CHOICE})  # fmt: skip


def _out_of_place(said: Said, listening: Listening) -> frozenset[Detail]:
    """What nobody adds to an answer about something else: heard there, it was a slip of ours."""
    asked = _asked(listening)
    if not asked or asked & {Detail.ERRAND, Detail.ANYTHING_ELSE, Detail.MESSAGE}:
        return frozenset()
    known = asked | {key.detail for key in listening.context.confirmed}
    out: set[Detail] = set()
    if not known & (_NAMES | {Detail.RELATIONSHIP}) and not listening.lex.pattern("name_cue").search(
        said.low
    ):
        out |= _NAMES
    if asked == {Detail.MODALITY} and listening.lex.pattern("any").search(said.low):
        out |= {Detail.AVAILABILITY}  # "las dos", which is no hour there
    if not asked & _AT_THE_START:
        changes_kind = listening.lex.pattern("changes_kind").search(said.low)
        out |= {Detail.NEW_PATIENT} if changes_kind else {Detail.VISIT_KIND, Detail.NEW_PATIENT}
        changes = listening.lex.pattern("changes_time").search(said.low)
        out |= set() if changes or Detail.CONFIRM in asked else {Detail.AVAILABILITY}
    if Detail.CHOICE in asked:
        out |= {Detail.NEW_PATIENT, Detail.VISIT_KIND}
    if Detail.CONFIRM in asked and listening.context.errand in BILLS:
        out |= {Detail.SELF_PAY, Detail.AVAILABILITY}  # "no, just that payment, the one of March"
    if not known & {Detail.STATE, Detail.PHONE, Detail.MODALITY}:
        out |= {Detail.STATE}
    return frozenset(out - asked)


def _single(detail: Detail, found: Found[str] | None) -> Found3:
    return [(Give(detail, found.value), found.start, found.end)] if found else []


def _email(said: Said, listening: Listening) -> Found3:
    return _single(Detail.EMAIL, values.find_email(said, listening.lex))


def _birth(said: Said, listening: Listening) -> Found3:
    if not listening.lex.pattern("birth_cue").search(said.low):
        return []
    found = when.find_birth_date(said.text, listening.locale, listening.context.now.date())
    if not found:
        return []
    return [(Give(Detail.DATE_OF_BIRTH, found.value.isoformat()), found.start, found.end)]


def _phone(said: Said, listening: Listening) -> Found3:
    return _single(Detail.PHONE, values.find_phone(said, listening.lex, None))


def _member_id(said: Said, listening: Listening) -> Found3:
    return _single(Detail.MEMBER_ID, values.find_member_id(said, listening.lex, asked=False))


def _card_picture(said: Said, listening: Listening) -> Found3:
    found = listening.lex.pattern("plan_card").search(said.low)
    return [(Give(Detail.CARD_PICTURE, "true"), found.start(), found.end())] if found else []


def _organisation(said: Said, listening: Listening) -> Found3:
    found = prefer.find_organisation(said, listening.lex)
    ours = found and prefer.named_clinicians(Said(found.value), listening.context.practice, listening.lex)
    return [] if ours else _single(Detail.ORGANISATION, found)


def _state(said: Said, listening: Listening) -> Found3:
    return _single(Detail.STATE, values.find_state(said, listening.lex, asked=False))


def _clinician(said: Said, listening: Listening) -> Found3:
    lex = listening.lex
    found = prefer.find_clinician(said, listening.context.practice, lex, asked=False)
    if found:
        return [(Give(Detail.CLINICIAN, found.value), found.start, found.end)]
    gender = lex.pattern("gender_wish").search(said.low)
    sex = prefer.find_gender(Said(gender.group()), lex) if gender else None
    if gender and sex:
        return [(Give(Detail.CLINICIAN, f"gender:{sex.value}"), gender.start(), gender.end())]
    return []


def _language(said: Said, listening: Listening) -> Found3:
    cue = listening.lex.pattern("language_wish").search(said.low)
    found = prefer.find_in(Said(said.text[cue.start() :]), listening.lex, "language") if cue else None
    if cue and found:
        return [(Give(Detail.LANGUAGE, found.value), cue.start(), cue.start() + found.end)]
    return []


def _modality(said: Said, listening: Listening) -> Found3:
    said = Said(listening.lex.pattern("found_online").sub(lambda at: " " * len(at.group()), said.low))
    return _single(
        Detail.MODALITY, find_modality(said, listening.lex, asked=Detail.MODALITY in _asked(listening))
    )


def _cover(said: Said, listening: Listening) -> Found3:
    found = read_cover(said, listening.context.practice, listening.lex, asked=False)
    return [(act, where.start, where.end) for act, where in found]


def _kind(said: Said, listening: Listening) -> Found3:
    return _single(Detail.VISIT_KIND, prefer.find_kind(said, listening.context.practice, listening.lex))


def _newness(said: Said, listening: Listening) -> Found3:
    heard = plain(said, listening.lex, listening.context.practice).low
    for name, value in (("new_yes", "true"), ("new_no", "false")):
        if listening.lex.pattern(name).search(heard):
            return [(Give(Detail.NEW_PATIENT, value), 0, 0)]
    return []


def _relationship(said: Said, listening: Listening) -> Found3:
    lex = listening.lex
    found = related(said, lex, of_times=bool(_asked(listening) & _TIMES))
    couples = lex.group("kinds")["couples"].search(said.low)
    without_why = lex.pattern("theirs_is_why").sub(" ", said.low)
    own = lex.pattern("mine").search(without_why) and not any(
        lex.pattern(name).search(without_why) for name in ("theirs", "theirs_by_name")
    )
    return [(Give(Detail.RELATIONSHIP, found.value), 0, 0)] if found and not (couples or own) else []


_TIMES = frozenset(
    {
        Detail.AVAILABILITY,
        Detail.CHOICE,
        Detail.MODALITY,
        Detail.CONFIRM,
        Detail.VISIT_KIND,
        Detail.REMINDER_CONSENT,
    }
)


def _channel(said: Said, listening: Listening) -> Found3:
    """Another way of reaching them than the one that was noted, said to a summary or when all is done."""
    known = listening.context.known.get(Key(Subject.PATIENT, Detail.CONTACT_CHANNEL))
    if not known or not _asked(listening) & {Detail.CONFIRM, Detail.ANYTHING_ELSE, Detail.ERRAND}:
        return []
    cue = listening.lex.pattern("reach_me").search(said.low)
    found = prefer.find_wanted(Said(cue.group()), listening.lex, "contact_channel") if cue else None
    if not cue or not found or found.value == known:
        return []
    return [(Give(Detail.CONTACT_CHANNEL, found.value), cue.start(), cue.end())]


def _asked(listening: Listening) -> set[Detail]:
    return {key.detail for key in listening.context.asked}


def _availability(said: Said, listening: Listening) -> Found3:
    context = listening.context
    said = timeless_masked(said, listening.lex)
    unasked = not _asked(listening) & {Detail.AVAILABILITY, Detail.CHOICE, Detail.CONFIRM}
    if unasked and (greeting := listening.lex.pattern("greets_by_the_hour").match(said.low)):
        said = Said(said.text[greeting.end() :])
    found = when.find_wish(
        said.text, listening.locale, context.now, context.practice, context.moving, unasked=unasked
    )
    if not found or (found.value == Wish() and Detail.AVAILABILITY not in _asked(listening)):
        return []
    return [(Give(Detail.AVAILABILITY, found.value.dumps()), 0, 0)]


def new_time(said: Said, listening: Listening) -> list[Act]:
    """The time that somebody who moves a visit wants, apart from the one they have: "my Tuesday to Thursday"."""
    lex, low = listening.lex, said.low.replace("¿", " ")
    move = lex.group("errands")["move"].search(low) or lex.group("errands")["cancel"].search(low)
    begin = move.start() if move else 0
    standing = when.standing_spans(said.text, listening.locale)
    cues = [
        cue
        for cue in lex.pattern("move_to").finditer(said.low)
        if cue.start() > begin + 4 and not any(start <= cue.start() < end for start, end in standing)
    ]
    asked = said.low.rfind("¿")  # "tengo cita a las nueve, ¿me la ponen después de las cuatro?"
    for cue in sorted(cues, key=lambda cue: cue.start() < asked):
        after = said.cut(cue.end(), len(said.text))
        if lex.group("errands")["move"].search(after.low) or lex.pattern("own_visit").match(after.low):
            continue
        if found := _availability(after, listening):
            return [found[0][0]]
    later = [sentence for sentence in said.sentences if move and said.text.find(sentence.text) > move.end()]
    return [act for sentence in later for act, _, _ in _availability(sentence, listening)][:1]


# --- names that nobody asked for


_READERS: tuple[tuple[Detail, Callable[[Said, Listening], Found3]], ...] = (
    (Detail.CARD_PICTURE, _card_picture),
    (Detail.EMAIL, _email),
    (Detail.CONTACT_CHANNEL, _channel),
    (Detail.DATE_OF_BIRTH, _birth),
    (Detail.MEMBER_ID, _member_id),
    (Detail.PHONE, _phone),
    (Detail.ORGANISATION, _organisation),
    (Detail.RELATIONSHIP, _relationship),
    (Detail.NEW_PATIENT, _newness),
    (Detail.VISIT_KIND, _kind),
    (Detail.INSURANCE, _cover),
    (Detail.CLINICIAN, _clinician),
    (Detail.LANGUAGE, _language),
    (Detail.MODALITY, _modality),
    (Detail.STATE, _state),
    (Detail.AVAILABILITY, _availability),
    (Detail.FIRST_NAME, names_told),
)
