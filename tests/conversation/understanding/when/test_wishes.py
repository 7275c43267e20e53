"""Availability as callers say it, against starts that suit and starts that don't."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from lamplighter.conversation.understanding.lexicon import lexicon
from lamplighter.conversation.understanding.shorthand import written_out
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.understanding.when import find_wish
from lamplighter.conversation.wish import Wish

from .sample import NOW, PRACTICE

Case = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def cases(name: str) -> list[Case]:
    read: list[Case] = []
    for locale in ("en", "es"):
        lines = Path(__file__).with_name(f"{name}_{locale}.txt").read_text("utf-8").splitlines()
        for line in lines:
            if line and not line.startswith("#"):
                phrase, suits, not_suits, *_ = (*line.split("|"), "", "")
                read.append((locale, phrase.strip(), tuple(suits.split()), tuple(not_suits.split())))
    return read


def start(code: str) -> datetime:
    """A start in its short form: "m9", "2h14:30"."""
    week, rest = (int(code[0]), code[1:]) if code[0].isdigit() else (1, code)
    hour, _, minute = rest[1:].partition(":")
    day = date(2026, 11, 23) + timedelta(7 * week + "mtwhfsu".index(rest[0]))
    return datetime.combine(day, time(int(hour), int(minute or 0)))


def misheard(phrase: str, locale: str, suits: tuple[str, ...], not_suits: tuple[str, ...]) -> list[str]:
    """The starts of which a wish says the wrong thing; everything, where none is heard."""
    found = find_wish(phrase, locale, NOW, PRACTICE)
    if found is None:
        return ["no wish is heard"]
    refused = [f"{code} is refused" for code in suits if not found.value.allows(start(code))]
    return refused + [f"{code} is allowed" for code in not_suits if found.value.allows(start(code))]


@pytest.mark.parametrize("locale", ["en", "es"])
def test_a_wish_allows_what_was_said_and_nothing_that_was_refused(locale: str) -> None:
    here = [case for case in cases("wishes") if case[0] == locale]
    wrong = {phrase: told for _, phrase, *starts in here if (told := misheard(phrase, locale, *starts))}
    assert len(here) > 400 and wrong == {}


@pytest.mark.parametrize(("locale", "phrase", "suits", "not_suits"), cases("texted"))
def test_a_wish_in_the_short_forms_of_a_text_message_is_the_same_wish(
    locale: str, phrase: str, suits: tuple[str, ...], not_suits: tuple[str, ...]
) -> None:
    found = find_wish(written_out(Said(phrase), lexicon(locale)).text, locale, NOW, PRACTICE)
    assert found is not None
    assert [code for code in suits if not found.value.allows(start(code))] == []
    assert [code for code in not_suits if found.value.allows(start(code))] == []


@pytest.mark.parametrize(
    ("locale", "said", "suits", "not_suits"),
    [
        (
            "en",
            "the Wednesday or Thursday of that week, same time or later",
            "3w14 3h17",
            "3w9 3f14 2w14 4w14",
        ),
        ("en", "same time, the week after", "4m14 4f14", "3f14 4m13:30 4f15"),
        ("en", "same hour, another day", "3h14", "3h15 3h9"),
        ("en", "Thursday at three, or the same time on Friday", "3h15 3f15", "3f14"),
        ("es", "el jueves de esa semana, a la misma hora", "3h14", "3h9 2h14 4h14"),
        ("es", "la misma hora o más tarde, cualquier otro día de esa semana", "3h14 3f16", "3h9 4h14"),
    ],
)
def test_the_same_time_and_that_week_are_those_of_the_visit_being_moved(
    locale: str, said: str, suits: str, not_suits: str
) -> None:
    found = find_wish(said, locale, NOW, PRACTICE, moving=start("3t14"))
    assert found is not None
    assert [code for code in suits.split() if not found.value.allows(start(code))] == []
    assert [code for code in not_suits.split() if found.value.allows(start(code))] == []


@pytest.mark.parametrize(
    ("locale", "said", "suits", "not_suits"),
    [
        ("en", "can i move it to thursday, same time", "h14", "h9 h15 f14"),
        ("en", "thursday or friday of next week, same time or later", "h14 f16", "h9 f13:30 2f14"),
        ("es", "cámbiela para el jueves a la misma hora", "h14", "h9 f14"),
    ],
)
def test_the_same_time_said_before_the_visit_is_known_is_its_hour_once_it_is(
    locale: str, said: str, suits: str, not_suits: str
) -> None:
    found = find_wish(said, locale, NOW, PRACTICE)
    assert found is not None
    wish = Wish.loads(found.value.dumps()).at_the_hour(time(14))
    assert [code for code in suits.split() if not wish.allows(start(code))] == []
    assert [code for code in not_suits.split() if wish.allows(start(code))] == []
