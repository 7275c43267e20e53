"""What the files of ways to be left alone promise, a file per language, read on every text: TEL-06 and TEL-07."""

from importlib.resources import files

import pytest

from lamplighter.conversation.answers import Hearing, found_in, meant_by_cancel, stop_in
from lamplighter.conversation.left_alone import reading
from lamplighter.conversation.left_alone.reading import Page, WordsUnreadable
from lamplighter.conversation.phrasebook import Phrasebook

OURS = [
    "en", "es", "zh-Hans", "zh-Hant-HK", "vi", "tl", "ar", "fr", "ht", "ko", "ru", "pt-BR", "hi", "de",
    "pl", "it", "ja", "fa", "ur", "bn", "pa", "gu", "uk", "te",
]  # fmt: skip
PAGES = reading.pages()
BY_CARRIERS = ("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "start", "unstop", "help")
EVERYDAY = """can you stop by|when does the bus stop|don't stop the treatment reminders|I had to cancel work
which stop is yours|I can stop in at four|please end the video early|I quit smoking|can you help me move it to three
stop me if this is silly|start at nine please|my visit starts at two|how do i get off at the right stop
no puedo parar a esa hora|la parada del autobús|no dejen de recordarme la cita"""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.locale)
def test_tel_06_every_language_has_its_ways_and_what_they_must_and_must_not_mean(page: Page) -> None:
    read = {
        (meaning, text): found.meaning if (found := found_in(text, "sms")) else None
        for meaning, said in page.must.items()
        for text in said
    }
    wrong = {text: heard for (meaning, text), heard in read.items() if heard != meaning}
    caught = {text: found.meaning for text in page.must_not if (found := found_in(text, "sms"))}
    assert (wrong, caught) == ({}, {})
    assert set(page.must) == {"stop", "not_theirs"} and len(page.must["stop"]) >= 8
    assert len(page.must_not) >= 6


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.locale)
def test_tel_06_a_word_alone_means_it_in_a_text_and_nothing_on_the_telephone(page: Page) -> None:
    for meaning in ("stop", "cancel", "start", "help"):
        for word in page.whole.get(meaning, ()):
            found = found_in(f"{word.upper()}!", "sms")
            assert found is not None and (found.meaning, found.whole) == (meaning, True), word


def test_tel_06_all_24_languages_have_a_file_that_a_native_speaker_can_mend() -> None:
    assert sorted(page.locale for page in PAGES) == sorted(OURS)
    for page in PAGES:
        assert page.reviewer is None, "who has reviewed it makes it other than a draft"
        assert page.locale in ("en", "es") or {"stop", "start", "help", "cancel"} <= set(page.whole)


def test_no_word_alone_means_two_things_whatever_the_language() -> None:
    first: dict[str, set[str]] = {}
    for page in PAGES:
        for meaning in ("stop", "cancel", "start", "help"):
            for word in page.whole.get(meaning, ()):
                first.setdefault(word, set()).add(meaning)
    assert {word: meant for word, meant in first.items() if len(meant) > 1} == {}
    later = [
        word for page in PAGES for word in page.whole.get("visit", ()) if meant_by_cancel(word) != "visit"
    ]
    assert later == []
    texts = [
        word for page in PAGES for word in page.whole.get("texts", ()) if meant_by_cancel(word) != "texts"
    ]
    assert texts == []


@pytest.mark.parametrize("text", [each for line in EVERYDAY.splitlines() for each in line.split("|")])
@pytest.mark.parametrize("channel", ["sms", "voice", "email"])
def test_tel_06_everyday_words_are_no_wish_to_be_left_alone(text: str, channel: str) -> None:
    assert found_in(text, channel) is None


@pytest.mark.parametrize("word", BY_CARRIERS)
def test_tel_07_what_carriers_act_on_stays_a_word_and_nothing_else(word: str) -> None:
    whole = found_in(word.upper(), "sms")
    assert whole is not None and whole.whole
    assert found_in(f"the {word} is near", "sms") is None


ANYWHERE = ("stop", "cancel", "start", "help")
LISTS = files("lamplighter.conversation.understanding") / "locales"
NAMES = [*(LISTS / "en/given.txt").read_text().split(), *(LISTS / "es/given.txt").read_text().split(),
         "Dung", "Huy", "Ting", "Ed", "Band", "Halt", "Thamo", "Roko", "TD", "Fin", "Radd", "Batil", "Dung Lai",
         "Ting Zi"]  # fmt: skip
WORDS_OF_THEIRS = {"de": {"Halt"}, "es": {"Fin"}}


@pytest.fixture(scope="module")
def doubtful() -> list[str]:
    """The names that are a wish in one of the languages, whichever, and some that are none."""
    anywhere = Hearing(frozenset(OURS), asked=True)
    return [name for name in NAMES if found_in(name.title(), "sms", anywhere)] + NAMES[::40]


@pytest.mark.parametrize("locale", OURS)
def test_tel_06_a_name_is_no_wish_where_a_name_was_asked_for(locale: str, doubtful: list[str]) -> None:
    asked = Hearing(frozenset({locale}), asked=True)
    heard = {name for name in doubtful if found_in(name.title(), "sms", asked)}
    assert heard == WORDS_OF_THEIRS.get(locale, set())
    assert stop_in(["Thank you,", "Dung"], asked) is None


def test_tel_06_a_bare_word_of_a_language_that_nobody_uses_here_is_no_wish() -> None:
    english = Hearing(frozenset({"en"}))
    words = (LISTS / "en/ordinary.txt").read_text().split()
    heard = {
        word for word in words if (found := found_in(word, "sms", english)) and found.meaning in ANYWHERE
    }
    assert heard == {"end", "information", "quit", "revoke", "stop"}
    assert {name for name in NAMES if len(name.split()) == 1 and found_in(name, "sms", english)} == {"Fin"}


@pytest.mark.parametrize(
    ("word", "locale", "asked"),
    [("dung", "vi", False), ("dừng", "en", False), ("dừng", "vi", True), ("停", "en", True), ("halt", "de", True),
     ("bas karo", "en", False), ("lasst mich in ruhe", "en", True), ("leave me alone", "vi", True),
     *((word, "vi", True) for word in (*BY_CARRIERS, "alto", "baja"))],
)  # fmt: skip
def test_tel_06_what_can_be_nothing_else_is_heard_whatever_was_asked(
    word: str, locale: str, asked: bool
) -> None:
    assert found_in(word.title(), "sms", Hearing(frozenset({locale}), asked)) is not None


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Dzień dobry, proszę przestać do mnie pisać, mieszkam z bratem", "prosze przestac do mnie pisac"),
        ("no me llamen más, estoy en el trabajo todo el día", "no me llamen mas"),
        ("昨天也说过了，请不要再给我发短信，谢谢", "请不要再给我发"),
    ],
)
def test_tel_06_of_a_sentence_only_the_words_that_say_it_are_kept(words: str, kept: str) -> None:
    found = found_in(words, "voice")
    assert found is not None and (found.meaning, found.words, found.whole) == ("stop", kept, False)


def test_an_email_is_stopped_by_the_word_for_emails_where_a_text_is_not() -> None:
    assert found_in("keine E-Mails mehr bitte", "email") is not None
    assert found_in("keine E-Mails mehr bitte", "sms") is None
    assert found_in("je ne veux plus recevoir de courriels", "email") is not None


@pytest.mark.parametrize("locale", Phrasebook.load().locales)
def test_nothing_that_we_say_ourselves_is_a_wish_to_be_left_alone(locale: str) -> None:
    """Whoever quotes us in an email asks for nothing."""
    phrases = Phrasebook.load().phrases(locale).items()
    said = [name for name, phrase in phrases if reading.said_within(phrase.text, "stop", by_email=True)]
    assert said == []


HEAD = "status: draft\nauthor: x\nreviewer: null\nlists: {}\nmust: {}\nmust_not: []\n"


@pytest.mark.parametrize(
    ("page", "says"),
    [
        (HEAD + "whole: {}\nwithin: {stop: {pattern: ['(halt']}}", "bracket is not closed"),
        (HEAD + "whole: {halt: [stopp]}\nwithin: {}", "unknown key 'halt'"),
        (HEAD + "whole: {}\nwithin: {stop: {pattern: [a], unless: b}}", "unknown key 'unless'"),
        (HEAD + "whole: {}\nwithin: {stop: {pattern: ['<nope> a']}}", "no list is called"),
        (HEAD + "whole: {}\nwithin: {stop: {pattern: ['halt?']}}", "without a word of its own"),
        ("whole: [", "left_alone/xx.yaml"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_file(page: str, says: str) -> None:
    with pytest.raises(WordsUnreadable, match=says) as caught:
        reading.read("xx", page)
    assert "left_alone/xx.yaml" in str(caught.value)


@pytest.mark.parametrize(
    "words", ["别" * 60_000, "nie piszcie " * 10_000, "बंद " * 20_000, "لا ترسلوا " * 9_000]
)
def test_words_of_any_length_are_read_in_no_time(words: str) -> None:
    found = found_in(words, "sms")
    assert found is None or len(found.words) < 60
