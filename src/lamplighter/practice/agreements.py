"""Whether something of what people tell a practice may go to somebody else: only on an agreement that is on file."""

from datetime import date

from lamplighter.practice.model import Party, Practice


def agreed_with(practice: Practice, name: str, day: date) -> bool:
    """Whether the practice lists this party, with an agreement (BAA) on file on that day that lets it reuse nothing."""
    wanted = name.strip().casefold()
    return any(each.name.casefold() == wanted and not lacking(each, day) for each in practice.parties)


def lacking(party: Party, day: date) -> tuple[str, str, str] | None:
    """What stands or should stand where, what is wrong with it before anything may go to them, and what to do; None
    where nothing is."""
    if party.agreed_on is None or party.agreed_on > day:
        before = f" before {party.agreed_on.isoformat()}" if party.agreed_on else ""
        return (
            "agreement_since",
            f"no agreement with {party.name} is on file{before}",
            "Sign one (a BAA) and write since when it is on file, or let nothing go to them and take them out.",
        )
    if party.may_reuse is None:
        return (
            "may_reuse",
            f"nobody has said whether {party.name} may train on what it gets, or reuse it",
            "Read the agreement, and write `may_reuse: no` if it forbids that.",
        )
    if party.may_reuse:
        return (
            "may_reuse",
            f"{party.name} may train on what it gets, or reuse it",
            "Agree with them in writing that they may not, or let nothing go to them and take them out.",
        )
    return None
