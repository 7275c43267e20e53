import pytest

from lamplighter.conversation.guard import Guard
from lamplighter.conversation.guard.patterns import Patterns


@pytest.fixture(scope="session")
def guard() -> Guard:
    return Guard.load()


@pytest.fixture(scope="session")
def patterns() -> Patterns:
    return Patterns.load()
