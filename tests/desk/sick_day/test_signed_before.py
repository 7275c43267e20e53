"""Rule 28: nobody is asked whether they keep a time in words that their practice has not signed."""

import pytest

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import sick_day_choices
from tests.desk.sick_day.days import DAY, Morning
from tests.desk.sick_day.test_choices import after_nine, called, is_done, sent


def signed_without(*names: str) -> Phrasebook:
    book = Phrasebook.load()
    found = {
        locale: {name: phrase for name, phrase in book.phrases(locale).items() if name not in names}
        for locale in book.locales
    }
    return Phrasebook(found, book._formats)


@pytest.mark.parametrize(
    ("missing", "can_not"),
    [
        ("sms.called_off.cover", {"cover"}),
        ("sms.called_off.by_video", {"video"}),
        ("day.where", {"video"}),
        ("sms.called_off.noted", {"cover", "video"}),
    ],
)
def test_rule_28_what_is_asked_in_words_that_are_not_signed_can_not_be_chosen_and_says_why(
    missing: str, can_not: set[str]
) -> None:
    morning = Morning()
    with morning.tx() as tx:
        [_, _, at_two, _] = sick_day_choices.choosing(
            tx, morning.house.practice, DAY, morning.now, book=signed_without(missing)
        )
    why = {each.choice: each.why for each in at_two.options}
    assert {choice for choice, word in why.items() if word == "not_signed"} == can_not


def test_rule_28_what_was_chosen_before_its_words_were_lost_is_told_as_to_anybody_and_a_yes_books_nothing(
) -> None:  # fmt: skip
    morning = Morning()
    parts = morning.house.conversation
    book = signed_without("sms.called_off.cover")
    morning.house.conversation = type(parts)(
        parts.practice, book, parts.guard, parts.understanding, texts=True
    )
    morning.house.reopen()
    is_done(morning, v2="cover")
    after_nine(morning)
    assert "p2" in {each.person for each in sent(morning, "sms.called_off")}
    assert morning.thread(2).writes("yes")[-1] != "sms.called_off.with_colleague"
    assert morning.visit(2).status == "cancelled" and "p2" not in called(morning)
