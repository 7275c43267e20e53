"""What the recogniser is shown before it listens, and what it may not take from there."""

from lamplighter.channels.speech.examples import echoes, example

ASKED = ("first_name", "date_of_birth", "phone")


def test_what_was_asked_has_its_example_in_the_order_it_was_asked() -> None:
    shown = example(ASKED, "en")
    assert shown.index("March 4") < shown.index("914-555")
    assert example(("phone",), "es") != ""


def test_what_has_no_form_has_no_example_nor_has_a_language_that_nobody_wrote_them_for() -> None:
    assert example(("first_name", "choice"), "en") == ""
    assert example(ASKED, "ko") == ""


def test_a_text_that_repeats_the_example_is_known_for_one() -> None:
    shown = example(ASKED, "en")
    assert echoes("Monica Adler. This number is 914-555-0138.", shown)
    assert echoes("born march 4 1958", shown)
    assert not echoes("Monica Adler, this number, extension 12", shown)
    assert not echoes("March 4, 1990. 914-555-0183", shown)


def test_an_insurer_that_stands_in_the_example_may_be_said() -> None:
    shown = example(("insurance",), "en")
    assert not echoes("Aetna", shown)
    assert not echoes("Medicare, no, Medicaid", shown)
    assert echoes("Aetna, Cigna, UnitedHealthcare, Medicare, Medicaid", shown)
