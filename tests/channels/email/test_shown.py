"""What staff see of emails."""

from lamplighter.console.rail import rail
from tests.channels.email.mails import ADDRESS, writer


def test_staff_see_what_an_email_is_about_to_whom_it_went_and_what_an_email_left_for_them() -> None:
    them = writer()
    them.writes("Where can I park?")
    house = them.house
    with house.store.transaction("demo") as tx:
        shown = rail(tx, house.practice, house.conversation.phrasebook, house.clock.now())
    [*_, line] = shown.messages
    assert (
        line.to == ADDRESS and line.text == "A word from HLC Office: see you Wednesday, December 9 at 2 PM."
    )
    [task] = [task for task in shown.tasks if task.kind]
    assert ADDRESS in str(task)
