"""Long answers go as several texts, cut where a reader would pause."""

from hypothesis import given
from hypothesis import strategies as st

from lamplighter.desk.texting import LONGEST, pieces


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=3000))
def test_no_piece_is_too_long_and_nothing_but_room_between_them_is_lost(text: str) -> None:
    cut = pieces(text)
    assert all(units(piece) <= LONGEST for piece in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())


def test_a_short_answer_is_left_as_it_is() -> None:
    assert pieces("See you on Tuesday.\n We are at the corner. ") == (
        "See you on Tuesday.\n We are at the corner. ",
    )


def test_sentences_stay_whole() -> None:
    sentences = [f"This is sentence number {n} and it is of middling length." for n in range(40)]
    for piece in pieces(" ".join(sentences)):
        assert piece.startswith("This")
        assert piece.endswith(".")
