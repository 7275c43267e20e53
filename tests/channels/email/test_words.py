"""What every email of ours, and what is said of how to reach somebody, must be, in every language: neutral, without
pressing; and an email has a way to a person."""

import re

import pytest

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.letters import CLOSING
from tests.conversation.test_phrasebook import sample
from tests.conversation.test_text_messages import NEVER_IN_A_TEXT, PRESSING

BOOK = Phrasebook.load()
WORDS = [
    (locale, name)
    for locale in BOOK.locales
    for name in BOOK.phrases(locale)
    if name.startswith(("email.", "greeting.email.", "reach."))
]
LONGEST_SUBJECT = 78
"""Characters: what is shown of one in a list of letters."""


def said(locale: str, name: str) -> str:
    given = {"sender": "HLC Office", "practice_phone": "+12125550100"}
    args = {each: given.get(each) or sample(each) for each in BOOK.phrase(locale, name).arguments}
    return BOOK.render(locale, name, args)


@pytest.mark.parametrize(("locale", "name"), WORDS)
def test_prv_03_no_email_says_what_kind_of_office_it_is_presses_or_names_a_cost(
    locale: str, name: str
) -> None:
    words = said(locale, name)
    assert NEVER_IN_A_TEXT.search(words) is None, words
    assert PRESSING.search(words) is None, words


@pytest.mark.parametrize(("locale", "name"), [each for each in WORDS if each[1].endswith(".subject")])
def test_prv_03_a_subject_is_short_and_every_one_has_its_body(locale: str, name: str) -> None:
    assert len(said(locale, name)) <= LONGEST_SUBJECT
    assert name == "email.answer.subject" or BOOK.has(locale, name.removesuffix("subject") + "body")


@pytest.mark.parametrize("locale", BOOK.locales)
def test_rem_02_what_stands_below_every_email_leads_to_a_person_to_help_in_danger_and_out(
    locale: str,
) -> None:
    how, person, leave = (said(locale, name) for name in CLOSING)
    assert {"en": "your own words", "es": "sus propias palabras"}[locale] in how
    assert "(212) 555-0100" in person and re.search(r"\b911\b", person) and re.search(r"\b988\b", person)
    assert {"en": "“stop”", "es": "«baja»"}[locale] in leave
