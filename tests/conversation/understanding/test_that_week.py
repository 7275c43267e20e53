"""What "that week" points at once times were offered for a visit that is moved."""

from dataclasses import replace
from datetime import timedelta

from lamplighter.conversation.acts import Give
from lamplighter.conversation.details import Detail
from lamplighter.conversation.understanding import Understanding
from lamplighter.conversation.wish import Wish
from tests.conversation.understanding.scene import THREE, context


def test_that_week_said_to_an_offer_is_the_week_of_the_offer_and_not_of_the_visit_that_is_moved() -> None:
    before = THREE[0].start - timedelta(days=6)
    heard = replace(context(asked="choice", offered="three", errand="move"), moving=before)
    acts = Understanding.load().understand("none of those, got anything after 3pm that week?", heard)
    [wish] = [Wish.loads(a.value) for a in acts if isinstance(a, Give) and a.detail is Detail.AVAILABILITY]
    asked_for = THREE[1].start + timedelta(hours=1)
    assert wish.allows(asked_for) and not wish.allows(asked_for - timedelta(days=7))
