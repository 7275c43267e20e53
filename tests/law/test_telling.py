from lamplighter.law.states import SHIPPED, STATES
from lamplighter.law.telling import told


def test_the_law_is_told_with_its_date_and_what_is_held_back_once_it_is_stale() -> None:
    text = told(["NY"], SHIPPED)

    assert "Data of 2026-07-31, stale from 2027-01-28." in text
    assert "  the optional large model is asked nothing" in text
    assert "New York (NY)\n  recording: one party must agree; it is announced to all in any case\n" in text
    assert "(MHL 33.21)" in text
    assert "Illinois" not in text
    assert "narrow" not in text


def test_a_narrow_state_is_called_narrow_and_counsel_is_named() -> None:
    text = told(["NY", "IL"], SHIPPED)

    assert "  narrow: plain administration alone" in text
    assert "ask counsel before going live in Illinois" in text.partition("Ask counsel")[2]


def test_the_law_of_every_state_can_be_told_on_a_page() -> None:
    texts = [told([state], SHIPPED) for state in STATES]

    assert all(len(text.split()) < 450 and "None" not in text for text in texts)
