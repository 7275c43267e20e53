"""What the tests of the staff page begin with: its stage on a watch of their own, and the owner signed in."""

import pytest

from lamplighter.console.access import Access
from tests.channels.web.stage import Stage
from tests.console.people import Enrolled, first_owner
from tests.console.watch import Watch


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def stage(watch: Watch) -> Stage:
    stage = Stage()
    stage.access = Access(elapsed=watch)
    return stage


@pytest.fixture
def owner(stage: Stage) -> Enrolled:
    return first_owner(stage)
