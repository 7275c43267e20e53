"""What a practice says first is ready before the first call."""

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.practice.sample import load_sample
from lamplighter.wiring.speech import fixed_sentences, opening_sentences


def test_greetings_and_crisis_words_of_every_language_are_among_what_is_rendered_ahead() -> None:
    practice, book = load_sample(), Phrasebook.load()
    first = opening_sentences(practice, book)
    crisis = {
        (each, book.render(each, "handoff.crisis", {}, spoken=True)) for each in practice.languages_signed
    }
    assert crisis < first
    assert first <= set(fixed_sentences(practice, book, practice.languages_signed))
