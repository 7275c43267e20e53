"""Somebody wants a person."""

from lamplighter.conversation.needs import Flow, HandOver
from lamplighter.conversation.view import View


def person(view: View) -> Flow:
    yield HandOver("handoff.human")
