"""Rule 15: languages are honest. Whoever speaks one that the practice has not signed reaches a person who is told which
it is, with an interpreter beside them; and hears a sentence in it only where somebody has reviewed it."""

import itertools
from dataclasses import replace
from importlib import resources

import pytest
from ruamel.yaml import YAML

from lamplighter.conversation.events import Said
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import core_files, files, parse
from lamplighter.desk.card import card
from lamplighter.practice.approvals import ApprovalWrong, approve, counts
from lamplighter.practice.files.core import NAMES, SENTENCES, read_core
from lamplighter.practice.load import load_files
from lamplighter.practice.model import Practice, Rung
from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.protocol import Protocol, snapshot
from lamplighter.practice.reading import parse as read_file
from lamplighter.practice.sample import SAMPLE_FOLDER, load_sample
from lamplighter.practice.sections import cut
from lamplighter.wiring.lines import protocol_of, signed_line, signed_phrases
from lamplighter.wiring.signed_words import newer_phrases
from lamplighter.wiring.signing import folder_files
from tests.promises.desks import NOON, Call, Channel, House, of_kind, with_nobody

LINE = Rung("interpreter", "Interpreters by telephone", "+12125550177", kind="interpreter")
SAFETY = resources.files("lamplighter.rehearsal") / "safety"
ELSEWHERE = sorted(set(core_files()) - {"en", "es"})
RIGHT_TO_LEFT = ("ar", "fa", "ur")
AUTOMATED = {
    "ar": "آلي", "bn": "স্বয়ংক্রিয়", "de": "automatisch", "en": "automated", "es": "automático", "fa": "خودکار",
    "fr": "automatique", "gu": "સ્વયંસંચાલિત", "hi": "स्वचालित", "ht": "otomatik", "it": "automatico", "ja": "自動",
    "ko": "자동", "pa": "ਆਟੋਮੈਟਿਕ", "pl": "automatyczn", "pt-BR": "automático", "ru": "автоматический",
    "te": "ఆటోమేటిక్", "tl": "automated", "uk": "автоматичний", "ur": "خودکار", "vi": "tự động",
    "zh-Hans": "自动", "zh-Hant-HK": "自動",
}  # fmt: skip


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


def listing(*languages: str, **own: str) -> dict[str, bytes]:
    """The sample's files, where it lists these languages for the twelve sentences; `own` are files of its own."""
    found = folder_files(SAMPLE_FOLDER)
    more = f"  core: [{', '.join(languages)}]\n  draft: []\n".encode()
    practice = found["practice.yaml"].replace(b"  draft: []\n", more)
    written = {f"core.{name}.yaml": text.encode() for name, text in own.items()}
    return {**found, "practice.yaml": practice, **written}


def answered_under(protocol: Protocol, house: House) -> House:
    line = signed_line(protocol)
    house.conversation = replace(line.conversation, practice=house.practice)  # type: ignore[type-var]
    house.desk = house.wired_with(replace(line, conversation=house.conversation))
    return house


@pytest.mark.parametrize("locale", sorted(core_files()))
def test_rule_15_all_24_languages_have_the_twelve_core_sentences_with_an_author_and_what_each_must_name(
    locale: str,
) -> None:
    assert len(core_files()) == 24 and len(SENTENCES) == 12
    phrases, _ = parse(locale, core_files()[locale].decode())
    assert tuple(phrases) == tuple(f"core.{name}" for name in SENTENCES)
    assert all(phrase.author and phrase.status == "draft" for phrase in phrases.values())
    assert read_file(f"core.{locale}.yaml", core_files()[locale], read_core)[1] == []
    text = {name: phrases[f"core.{name}"].text for name in SENTENCES}
    assert len(set(text.values())) == 12 and not any(phrase.arguments for phrase in phrases.values())
    for name in ("crisis", "person", "medical", "home", "licensed", "nobody"):
        assert AUTOMATED[locale] in text[name].lower()
    assert all(number in text[name] for name, numbers in NAMES.items() for number in numbers)
    assert "988" not in text["medical"] and text["medical"].index("911") < len(text["medical"]) / 2
    assert text["home"].rstrip()[-1] in "?？؟か。" and "800-799-7233" in text["home"]
    if locale in RIGHT_TO_LEFT:
        assert "\u200e800-799-7233" in text["home"]  # else the hyphens turn its three parts round


def test_rule_15_none_of_the_sentences_is_said_that_the_practice_has_not_signed_and_all_that_it_has() -> None:
    assert not Phrasebook.of(files()).core_locale("vi")
    unlisted, listed = protocol_of(folder_files(SAMPLE_FOLDER)), protocol_of(listing("vi", "pt-BR"))
    assert not any(name.startswith("core") for name in unlisted.files)
    assert [name for name in listed.files if name.startswith("core")] == ["core/pt-BR.yaml", "core/vi.yaml"]
    assert listed.hash != unlisted.hash
    book = signed_phrases(listed)
    assert (book.core_locale("vi"), book.core_locale("pt"), book.core_locale("ar")) == ("vi", "pt-BR", None)


def test_rule_15_they_are_approved_by_a_clinician_who_reads_the_language_and_an_upgrade_changes_no_signed_one() -> (
    None
):
    protocol = protocol_of(listing("vi"))
    section = next(each for each in cut(protocol.files) if each.id == "core/vi")
    assert (section.title, section.approved_by) == ("The twelve safety sentences in Vietnamese", "clinician")
    with pytest.raises(ApprovalWrong, match="says that they read it"):
        approve(section, "Dr. Amara Osei", "clinician", NOON)
    assert counts(approve(section, "Dr. Amara Osei", "clinician", NOON, reads=True), section)
    before = core_files()["vi"].replace("Tôi vẫn ở đây với quý vị.".encode(), "Tôi ở đây.".encode())
    earlier = snapshot({**protocol.files, "core/vi.yaml": before})
    assert signed_phrases(earlier).phrase("vi", "core.waiting.1").text == "Tôi ở đây."
    [told] = newer_phrases(earlier)
    assert "core/vi.yaml" in told.message and "goes by what was signed" in told.message


def test_rule_15_a_reader_of_the_practice_puts_the_sentences_right_in_a_file_of_its_own_which_is_checked() -> (
    None
):
    ships = core_files()["vi"].decode()
    own = ships.replace("Tôi vẫn ở đây với quý vị.", "Tôi vẫn đang ở đây.").replace(
        "reviewer: none", "reviewer: Ngo"
    )
    protocol = protocol_of(listing("vi", vi=own))
    assert "core/vi.yaml" not in protocol.files
    assert signed_phrases(protocol).phrase("vi", "core.waiting.1").text == "Tôi vẫn đang ở đây."
    for was, became, told in (
        ("911", "112", "has to name"),
        ("core.nobody:", "core.nobodyy:", "core.nobody"),
        ("quý vị.", "{name}.", "braces"),
    ):
        with pytest.raises(PracticeProblems) as wrong:
            protocol_of(listing(vi=ships.replace(was, became)))
        assert any(told in f"{each.message} {each.remedy}" for each in wrong.value.problems)


@pytest.mark.parametrize("channel", ["voice", "chat"])
@pytest.mark.parametrize("locale", ["vi", "ar"])
def test_rule_15_whoever_is_in_danger_hears_the_signed_sentences_of_their_language_to_the_end(
    locale: str, channel: Channel
) -> None:
    alone = with_nobody(with_line())
    house = answered_under(protocol_of(listing(locale)), House(practice=alone))
    call = house.call(channel)
    call.say(lines_in(locale)["crisis_direct"])
    begun = [phrase for phrase, spoken in said_in(call) if spoken == locale]
    assert begun == ["core.crisis", "core.keys", "core.interpreter"]
    assert ("handoff.crisis.elsewhere", "en") in said_in(call)
    house.pass_time(60)
    for _ in range(5):
        call.say("…")
    theirs = [phrase for phrase, spoken in said_in(call) if spoken == locale][3:]
    assert theirs.index("core.nobody") < 5 and theirs.count("core.nobody") >= 2
    assert {f"core.waiting.{n}" for n in (1, 2, 3)} < set(theirs)
    assert all(one != other for one, other in itertools.pairwise(theirs))
    assert len([phrase for phrase, _ in said_in(call) if phrase.startswith("waiting.crisis")]) >= 5


def test_rule_15_a_call_back_is_promised_in_their_language_beside_the_practices_own_sentence() -> None:
    house = answered_under(protocol_of(listing("vi")), House(practice=with_nobody(load_sample())))
    call = house.call()
    wish = lines_in("vi")["first_visit"]
    call.say(wish)
    if not call.state.handed_over:
        call.say(wish)
    assert ("core.person", "vi") in said_in(call)
    house.pass_time(60)
    told = said_in(call)
    promised = told.index(("core.promised", "vi"))
    assert told[promised - 1] == ("handoff.human.promised", "en")
    assert ("handoff.crisis.elsewhere", "en") not in told


@pytest.mark.parametrize(("about", "name"), [("chest pain", "medical"), ("he hits me", "home")])
def test_rule_15_what_the_danger_is_decides_which_sentence_comes_first_in_their_language(
    about: str, name: str
) -> None:
    call = answered_under(protocol_of(listing("pl")), House()).call()
    call.say(f"{lines_in('pl')['crisis_direct']} {about}")
    assert [phrase for phrase, spoken in said_in(call) if spoken == "pl"][:1] == [f"core.{name}"]
    assert f"handoff.crisis.{name}" in call.said


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
    *_, ours, calls, crisis, keys, interpreter = said_in(call)
    theirs = [crisis, keys, interpreter]
    assert ours[0] in ("handoff.crisis.text", "handoff.crisis.beside")
    assert calls == ("handoff.crisis.elsewhere", "en")
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
    assert call.said[-2:] == ["handoff.crisis", "handoff.crisis.elsewhere"] and tongue_of(call) == "pl"
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
