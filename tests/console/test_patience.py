from lamplighter.console.patience import TRIES, WITHIN, Patience
from tests.console.watch import Watch


def test_the_waiting_counts_from_the_first_of_the_wrong_tries_and_gets_shorter() -> None:
    watch = Watch()
    patience = Patience(watch)
    for _ in range(TRIES):
        patience.was_wrong("Rosa")
        watch.seconds += 10
    assert patience.seconds("Rosa") == WITHIN - TRIES * 10
    watch.seconds += 100
    assert patience.seconds("rosa") == WITHIN - TRIES * 10 - 100
    assert patience.seconds("Ben") == 0


def test_a_right_try_begins_anew() -> None:
    patience = Patience(Watch())
    for _ in range(TRIES - 1):
        patience.was_wrong("Rosa")
    patience.was_right("Rosa")
    patience.was_wrong("Rosa")
    assert patience.seconds("Rosa") == 0


def test_names_that_are_only_asked_about_are_not_kept() -> None:
    patience = Patience(Watch())
    for number in range(5000):
        patience.seconds(f"Somebody {number}")
    for number in range(5000):
        patience.was_wrong(f"Somebody {number}")
    assert len(patience._wrong) <= 1000
