"""A 999 of ours: what came could be read, or where it could not."""

from collections.abc import Sequence

from .envelope import TransactionSet
from .writing import Body, Row

VERSION = "005010X231A1"


def acknowledgement(functional_group: str, group: str, sets: Sequence[TransactionSet]) -> Body:
    """A 999 for the sets of one group: accepted, or rejected where one is cut off (its SE is missing)."""
    rows: list[Row] = [("AK1", functional_group, group, sets[0].version if sets else "")]
    accepted = 0
    for one in sets:
        rows.append(("AK2", one.type, one.control_number, one.version))
        if one.cut_off:
            rows.append(("IK5", "R", "2"))
        else:
            rows.append(("IK5", "A"))
            accepted += 1
    whole = "A" if accepted == len(sets) else "R" if accepted == 0 else "P"
    rows.append(("AK9", whole, str(len(sets)), str(len(sets)), str(accepted)))
    return Body("999", VERSION, tuple(rows))
