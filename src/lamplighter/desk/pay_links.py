"""Links to a page of the practice's payment company: asked for by the person, made by a job, sent to the number on
file."""

from lamplighter.conversation.actions import Done, Refused
from lamplighter.desk.context import Errand
from lamplighter.desk.ports import Person
from lamplighter.desk.ports.balances import Account


def can_be_sent(errand: Errand, person: Person) -> bool:
    return False


def send(errand: Errand, person: Person, account: Account) -> Done | Refused:
    return Refused("no_links")
