"""The guard alone: everything that comes in passes it before anything else reads it."""

from functools import partial

from bench import Budget, Budgets, Stopwatch
from bench._said import utterances
from lamplighter.conversation.guard import Guard

UTTERANCES = 10_000


def budgets() -> Budgets:
    guard = Guard.load()
    said = utterances(UTTERANCES)
    guard.check("good morning", "en", "voice")
    for locale, text in said:  # patterns are made when a text first asks for them, once a process
        guard.interim(text, locale, "voice")
    watch, interim = Stopwatch(), Stopwatch()
    for locale, text in said:
        watch.time(partial(guard.check, text, locale, "voice"))
        interim.time(partial(guard.interim, text, locale, "voice"))
    how = f"{UTTERANCES:,} utterances, {len({locale for locale, _ in said})} locales"
    yield Budget("guard, one utterance, p99", 10, watch.percentile(0.99), "ms CPU", how)
    yield Budget(
        "guard, interim speech (patterns), p99", 10, interim.percentile(0.99), "ms CPU", "the same utterances"
    )
