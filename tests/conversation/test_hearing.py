"""Where the recogniser is in doubt, what answers counts."""

from lamplighter.conversation import acts as a
from lamplighter.conversation.details import Detail, Key
from lamplighter.conversation.hearing import best_hearing
from lamplighter.conversation.understanding import Understanding
from tests.conversation.understanding.scene import context

UNDERSTANDING = Understanding.load()


def heard(text: str, *others: str, asked: str, locale: str = "en") -> tuple[a.Act, ...]:
    scene = context(locale, asked)
    return best_hearing(text, others, scene.asked, lambda said: UNDERSTANDING.understand(said, scene))


def test_a_second_reading_that_answers_counts_where_the_first_means_nothing() -> None:
    acts = heard("El hueve.", "el jueves", asked="availability", locale="es")
    assert [act.detail for act in acts if isinstance(act, a.Give)] == [Detail.AVAILABILITY]


def test_a_first_reading_that_answers_is_kept_whatever_else_was_possible() -> None:
    acts = heard("In person.", "on the computer", asked="modality")
    assert a.Give(Detail.MODALITY, "in_person") in acts


def test_a_second_reading_that_answers_nothing_changes_nothing() -> None:
    assert heard("blurry words", "burly swords", asked="date_of_birth") == heard(
        "blurry words", asked="date_of_birth"
    )


def test_no_second_reading_is_taken_for_a_name() -> None:
    acts = heard("mm", "Seymour Koy", asked="first_name last_name")
    assert Key.parse("first_name") not in {act.key for act in acts if isinstance(act, a.Give)}
