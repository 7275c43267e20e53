"""What people say to a summary, or midway to what was read back, when one thing of it is wrong."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from lamplighter.conversation.events import Event, Heard
from lamplighter.conversation.state import State, apply
from lamplighter.conversation.wish import Wish
from tests.promises.desks import Call, House, phrases

HERE = Path(__file__).parent
LANGUAGES = ("en", "es")
WORDS = {
    "en": ("first appointment, monday by video", "anyone", "first", "Ana Lopez, March 3 1980",
           "this number, New York, no email", "Aetna", "W123456789, and it's mine", "yes", "text, yes and yes"),
    "es": ("primera cita, el lunes por video", "cualquiera", "la primera", "Ana López, tres de marzo de 1980",
           "este número, Nueva York, sin correo", "Aetna", "W123456789, y está a mi nombre", "sí",
           "por texto, sí y sí"),
}  # fmt: skip
SAID = {"who": 4, "pays": 5, "summary": 9}
OF_A_MOMENT = {"availability", "choice", "confirm", "confirm_detail", "anything_else"}
WHAT_A_PLAN_IS_ASKED_FOR = {"first_name", "last_name", "date_of_birth", "insurance"}
HOUSE = House()


def summed_up(language: str) -> Call:
    call = House().call("voice")
    for words in WORDS[language]:
        call.say(words)
    return call


@cache
def moment(language: str, at: str) -> State:
    call = House().call("voice")
    for words in WORDS[language][: SAID[at]]:
        call.say(words)
    return call.state


def after(state: State, words: str) -> State:
    """What is known once the words were heard; the desk has done nothing of it yet."""
    bodies: list[Any] = [Heard(words)]
    event = _event(state, bodies[0])
    made, _ = HOUSE.conversation.turn(state, event)
    for body in (*bodies, *made):
        state = apply(state, _event(state, body))
    return state


def _event(state: State, body: Any) -> Event:
    assert state.at is not None
    return Event(state.seq + 1, state.at, state.practice, state.contact, state.protocol_hash, body)


def known(state: State) -> dict[str, str]:
    return {str(place): each.value for place, each in state.known.items() if str(place) not in OF_A_MOMENT}


def wrong(before: State, now: State, wanted: Mapping[str, Any]) -> list[str]:
    """What is not as it should be: changed without being asked for, or not changed."""
    times = {name: wanted[name] for name in ("clock", "weekday", "day") if name in wanted}
    asks = wanted.get("asks")
    values = {n: v for n, v in wanted.items() if n not in {*times, "asks"}} | ({asks: None} if asks else {})
    should = {**known(before), **values}
    if values.keys() & WHAT_A_PLAN_IS_ASKED_FOR:
        should["plan_check"] = None  # what was allowed was to ask about somebody else
    found = {name: known(now).get(name) for name in {*should, *known(now)} if name != "availability"}
    told = [f"{n} is {v}" for n, v in found.items() if v != should.get(n)]
    if asks and asks not in map(str, now.asked):
        told.append(f"asked {[str(each) for each in now.asked]}")
    if not times and asks != "availability":
        return told + (
            ["the time is lost"] if before.chosen and before.chosen not in (now.chosen, now.agreed) else []
        )
    return told + (["the time is not as wished for"] if times and not _suits(before, now, times) else [])


def _suits(before: State, now: State, times: Mapping[str, Any]) -> bool:
    assert before.chosen is not None
    local = before.chosen.start.replace(tzinfo=None)
    meant = local
    if "clock" in times:
        meant = datetime.combine(local.date(), time.fromisoformat(times["clock"]))
    if "weekday" in times:
        meant += timedelta(times["weekday"])
    if "day" in times:
        meant = datetime.combine(datetime.fromisoformat(times["day"]), meant.time())
    wish = next(Wish.loads(each.value) for place, each in now.known.items() if str(place) == "availability")
    return now.chosen is None and wish.allows(meant) and not wish.allows(local)


def cases(language: str) -> list[tuple[str, str, Mapping[str, Any]]]:
    pages = YAML(typ="safe").load(HERE.joinpath(f"{language}.yaml").read_text(encoding="utf-8"))
    return [(at, words, wanted) for at, said in pages.items() for words, wanted in said.items()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_put_right_in_ordinary_words_is_right_and_nothing_else_changes(language: str) -> None:
    found = {
        words: told
        for at, words, wanted in cases(language)
        if (told := wrong(moment(language, at), after(moment(language, at), words), wanted))
    }
    assert found == {}


LEADS = {
    "en": ("", "no, ", "no. ", "yes but ", "actually ", "wait, ", "sorry, ", "everything's right except "),
    "es": ("", "no, ", "no. ", "sí, pero ", "en realidad ", "espere, ", "perdón, ", "todo bien, solo que "),
}
ITEMS = {
    "en": (
        ("my birthday is the {n}th", "date_of_birth", "1980-03-{n:02}", tuple(range(13, 20))),
        ("my number ends in 01{n}", "phone", "+121255501{n}", tuple(range(30, 60))),
        ("my first name is {n}", "first_name", "{n}", ("Hannah", "Diane", "Tessa", "Priya")),
        ("my last name is {n}", "last_name", "{n}", ("Brennan", "Okafor", "Lindqvist")),
        ("my insurance is {n}", "insurance", "{n}", ("Cigna", "UnitedHealthcare", "Fidelis")),
        ("I'd like {n} instead of Dr. Osei", "clinician", "{n}", ("Luis Ortega", "Mei Tan")),
        ("I don't want {n}", "reminder_consent", "false", ("reminders", "any reminders")),
        ("I'd rather {n}", "modality", "in_person", ("come in", "meet in person")),
    ),
    "es": (
        ("mi cumpleaños es el {n}", "date_of_birth", "1980-03-{n}", tuple(range(13, 30))),
        ("mi número termina en 01{n}", "phone", "+121255501{n}", tuple(range(30, 60))),
        ("mi nombre es {n}", "first_name", "{n}", ("Hannah", "Diana", "Teresa", "Priya")),
        ("mi apellido es {n}", "last_name", "{n}", ("Brennan", "Okafor", "Lindqvist")),
        ("mi seguro es {n}", "insurance", "{n}", ("Cigna", "UnitedHealthcare", "Fidelis")),
        ("quiero con {n} en vez de la doctora Osei", "clinician", "{n}", ("Luis Ortega", "Mei Tan")),
        ("no quiero {n}", "reminder_consent", "false", ("recordatorios", "recordatorio")),
        ("prefiero {n}", "modality", "in_person", ("ir en persona", "que sea presencial")),
    ),
}  # fmt: skip


@st.composite
def corrections(draw: st.DrawFn) -> tuple[str, str, dict[str, str | None]]:
    language = draw(st.sampled_from(LANGUAGES))
    template, detail, value, choices = draw(st.sampled_from(ITEMS[language]))
    n = draw(st.sampled_from(choices))
    lead = draw(st.sampled_from(LEADS[language]))
    changed: dict[str, str | None] = {detail: value.format(n=n)}
    return (
        language,
        lead + template.format(n=n),
        changed | ({"member_id": None} if detail == "insurance" else {}),
    )


@given(corrections())
def test_a_correction_of_one_item_leaves_all_the_others(said: tuple[str, str, dict[str, str | None]]) -> None:
    language, words, wanted = said
    before = moment(language, "summary")
    assert wrong(before, after(before, words), wanted) == [], words


def test_the_time_stays_while_one_thing_after_another_of_it_is_put_right() -> None:
    call = summed_up("en")
    told = []
    for words in ("no, I'd rather come in", "can we do ten instead of nine", "Luis instead of Dr. Osei"):
        reply = call.say(words)
        assert phrases(reply) == ["summary.first_visit"], words
        args = reply.said[0].args
        told.append((args["clock"][:13], args["clinician"], args["modality"]))
    assert told == [
        ("2026-12-07T09", "Dr. Osei", "in_person"),
        ("2026-12-07T10", "Dr. Osei", "in_person"),
        ("2026-12-07T10", "Luis Ortega", "in_person"),
    ]
    assert phrases(call.say("yes"))[-2:] == ["booked", "anything_else"]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "hmm, there's something off"), ("es", "no, hay algo mal")]
)
def test_what_is_not_understood_asks_what_is_wrong_and_changes_nothing(language: str, words: str) -> None:
    before = moment(language, "summary")
    now = after(before, words)
    assert (known(now), now.chosen) == (known(before), before.chosen)
    assert [said.phrase for said in now.last_words] == ["ask.what_to_change"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "no, don't send me reminders"),
        ("es", "no me manden recordatorios"),
        ("es", "llámenme, no me escriban"),
    ],
)
def test_what_is_wanted_otherwise_of_one_summary_stops_no_other_texts(language: str, words: str) -> None:
    assert after(moment(language, "summary"), words).stops == 0
