"""The identity code that reached the caller."""

import re
from collections.abc import Sequence

from lamplighter.rehearsal.scenario import Scenario
from lamplighter.rehearsal.stage import Sent

_CODE = re.compile(r"(?<![\d-])\d{6}(?![\d-])")


def code_sent(scenario: Scenario, sent: Sequence[Sent]) -> str | None:
    """The last code sent to a number or mailbox that the caller owns, digit by digit where it is spoken."""
    existing = scenario.existing
    owned = {scenario.caller_id, *((existing.phone, existing.email) if existing else ())}
    for message in reversed(sent):
        found = _CODE.search(message.text) if message.to in owned else None
        if found:
            return " ".join(found[0]) if scenario.channel == "voice" else found[0]
    return None
