"""How many pieces a text takes on the air."""

import pytest

from lamplighter.channels.sms.segments import segments


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ñ" * 160, 1),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
        ("x" + "🙂" * 66, 2),
        ("", 1),
    ],
)
def test_plain_letters_take_160_to_a_piece_and_others_70_and_no_letter_is_cut(text: str, pieces: int) -> None:
    assert segments(text) == pieces
