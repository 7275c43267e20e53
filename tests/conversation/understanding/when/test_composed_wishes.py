"""Wishes of several parts, checked by what each part means: all hold at once, in whatever order they are said."""

from random import Random

import pytest

from lamplighter.conversation.understanding.when import find_wish

from .composed import STARTS, Composed, composed
from .sample import NOW, PRACTICE


def wrong(wish: Composed) -> list[str]:
    """The starts of which the wish that was heard says the opposite of its parts."""
    found = find_wish(wish.said, wish.locale, NOW, PRACTICE)
    if found is None:
        return ["no wish is heard"]
    told = [(start, wish.admits(start)) for start in STARTS]
    return [
        f"{start:%a %d %b %H:%M}" for start, meant in told if meant not in (None, found.value.allows(start))
    ]


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize(("size", "one_in"), [(2, 1), (3, 5), (4, 25)])
def test_a_wish_of_several_parts_admits_just_the_starts_that_all_of_them_do(
    locale: str, size: int, one_in: int
) -> None:
    wishes = list(composed(locale, size, Random(20261125), one_in=one_in))
    misheard = {wish.said: starts[:4] for wish in wishes if (starts := wrong(wish))}
    assert len(wishes) > 100 and misheard == {}
