"""Where a hand-over goes by what was said: the file that says so names patterns that the guard has."""

import re
from importlib.resources import files

from lamplighter.conversation import guard
from lamplighter.conversation.ways import SHIPPED


def test_every_pattern_that_a_way_goes_by_is_one_that_the_guard_reads() -> None:
    pages = [page.read_text("utf-8") for page in (files(guard) / "patterns").iterdir()]
    read = {name for page in pages for name in re.findall(r"- \{?id: ([\w-]+)", page)}
    assert SHIPPED.patterns_named - read == set()
