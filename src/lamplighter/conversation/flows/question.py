"""A question about the practice. The engine has answered it in the same turn; nothing is left to ask."""

from lamplighter.conversation.needs import Flow
from lamplighter.conversation.view import View


def question(view: View) -> Flow:
    yield from ()
