"""The callers that the demonstration's page offers are those that it can play."""

from lamplighter.wiring.demo_callers import cards, scenarios


def test_every_caller_that_can_be_played_has_a_card_and_no_other_has() -> None:
    assert [card.id for card in cards()] == list(scenarios())
