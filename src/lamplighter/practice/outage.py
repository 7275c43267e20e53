"""What answers the practice's telephone when this machine is off, and who has proven that it does. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

PROOF_LASTS: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Outage:
    """`goes_to`: the id of whoever of the ladder the carrier puts calls through to that it can't bring us. `proven_on`
    and `proven_by`: when somebody last pulled the plug, called, and was answered. `watched_by`: what looks at this
    machine from outside, and whom it alerts."""

    goes_to: str
    proven_on: date | None = None
    proven_by: str | None = None
    watched_by: str | None = None

    def stale(self, day: date) -> bool:
        return self.proven_on is not None and day - self.proven_on > PROOF_LASTS
