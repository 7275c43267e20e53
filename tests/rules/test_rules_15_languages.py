"""Rule 15: languages are honest. Whoever speaks one that the practice has not signed reaches a person who is told which
it is, with an interpreter beside them; and hears a sentence in it only where somebody has reviewed it."""

from dataclasses import replace
from importlib import resources

import pytest
from ruamel.yaml import YAML

from lamplighter.conversation.events import Said
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import core_sentences, files, reviewed
from lamplighter.desk.card import card
from lamplighter.practice.load import load_files
from lamplighter.practice.model import Practice, Rung
from lamplighter.practice.sample import SAMPLE_FOLDER, load_sample
from lamplighter.wiring.signing import folder_files
from tests.promises.desks import Call, House, of_kind

LINE = Rung("interpreter", "Interpreters by telephone", "+12125550177", kind="interpreter")
SAFETY = resources.files("lamplighter.rehearsal") / "safety"
ELSEWHERE = sorted(set(core_sentences()) - {"en", "es"})
CORE = ("core.crisis", "core.person", "core.keys", "core.interpreter")


def lines_in(locale: str) -> dict[str, str]:
    """What the safety rehearsal says in this language: a crisis, and a plain wish for a visit."""
    read: dict[str, str] = YAML(typ="safe").load((SAFETY / f"{locale}.yaml").read_text("utf-8"))["says"]
    return read


def with_line() -> Practice:
    sample = load_sample()
    return replace(sample, ladder=replace(sample.ladder, interpreter=LINE))


def tongue_of(call: Call) -> str:
    assert call.state.handoff is not None
    return (call.state.handoff.language or "en").partition("-")[0]


def said_in(call: Call) -> list[tuple[str, str]]:
    return [(said.phrase, said.locale) for said in of_kind(call.bodies, Said)]


def test_rule_15_all_24_languages_have_the_core_sentences_and_no_unreviewed_one_is_said_to_anybody_real() -> (
    None
):
    core = core_sentences()
    assert len(core) == 24
    for phrases in core.values():
        assert tuple(phrases) == CORE
        assert all(phrase.author and phrase.status == "draft" for phrase in phrases.values())
        assert "988" in phrases["core.crisis"].text and "911" in phrases["core.crisis"].text
        assert "0" in phrases["core.keys"].text and "PERSON" in phrases["core.keys"].text
    signed = Phrasebook.of(files())
    unread = [locale for locale, each in core.items() if each["core.crisis"].reviewer == "none"]
    assert not any(signed.has(locale, "core.crisis") for locale in unread)
    read = {"vi": {name: replace(phrase, reviewer="Dr. Ngo") for name, phrase in core["vi"].items()}}
    assert tuple(reviewed({**core, **read})) == (*reviewed(core), "vi")


@pytest.mark.parametrize("locale", ELSEWHERE)
def test_rule_15_in_a_crisis_the_ladder_and_the_card_name_the_language_and_an_interpreter_is_rung_beside(
    locale: str,
) -> None:
    house = House(practice=with_line())
    call = house.call("chat")
    call.say(lines_in(locale)["crisis_direct"])
    house.pass_time(1)
    first, beside = house.pager.rings
    assert (first.route, beside.rung, first.step) == ("crisis", "interpreter", beside.step)
    assert {ring.locale.partition("-")[0] for ring in (first, beside)} == {locale.partition("-")[0]}
    state, events = call.state, call.events
    with house.store.transaction("demo") as tx:
        seen = card(tx, house.practice, Phrasebook.load(), state, events)
    assert seen is not None and seen.language == first.locale
    ours, *theirs = said_in(call)[-4:]
    assert ours == ("handoff.crisis.text", "en")
    assert theirs == [(f"core.{name}", locale) for name in ("crisis", "keys", "interpreter")]


@pytest.mark.parametrize("locale", ELSEWHERE)
def test_rule_15_a_plain_errand_in_another_language_goes_to_a_person_by_the_second_turn(locale: str) -> None:
    house = House()
    call = house.call("chat")
    wish = lines_in(locale)["first_visit"]
    call.say(wish)
    if not call.state.handed_over:
        call.say(wish)
    assert tongue_of(call) == locale.partition("-")[0]
    assert ("handoff.language.text", "en") in said_in(call)
    assert not [phrase for phrase, _ in said_in(call) if phrase.startswith("core.interpreter")]
    house.pass_time(1)
    assert house.pager.rings[0].locale == call.state.handoff.language  # type: ignore[union-attr]


def test_rule_15_whoever_asks_for_a_language_by_name_reaches_a_person_who_is_told_which() -> None:
    call = House().call()
    call.say("do you speak Vietnamese?")
    assert call.said[-3:-2] == ["handoff.language"] and tongue_of(call) == "vi"


def test_rule_15_a_signed_practice_says_its_own_sentence_alone_where_theirs_is_not_reviewed() -> None:
    house = House(practice=with_line())
    house.conversation = replace(house.conversation, phrasebook=Phrasebook.of(files()))
    house.reopen()
    call = house.call()
    call.say(lines_in("pl")["crisis_direct"])
    assert call.said[-1] == "handoff.crisis" and tongue_of(call) == "pl"
    house.pass_time(1)
    assert [ring.rung for ring in house.pager.rings][1:] == ["interpreter"]


def test_rule_15_names_and_short_words_of_other_languages_fetch_nobody() -> None:
    call = House().call()
    for words in (
        "I'd like to book a first visit",
        "Giulia Di Marco",
        "Nguyen Van Anh",
        "merci",
        "Ortiz Müller",
    ):
        call.say(words)
    assert "handoff.language" not in call.said and (call.state.handoff is None or tongue_of(call) == "en")


def test_rule_15_the_interpreter_line_is_read_from_the_ladders_file_and_signed_with_it() -> None:
    found = folder_files(SAMPLE_FOLDER)
    more = b"\ninterpreter:\n  name: Interpreters by telephone\n  phone: (212) 555-0177\n"
    practice = load_files({**found, "ladder.yaml": found["ladder.yaml"] + more})
    assert practice.ladder.interpreter == LINE and load_files(found).ladder.interpreter is None
