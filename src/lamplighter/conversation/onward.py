"""On with it once what was said is met: the errand, the question what it is, or the end."""

from lamplighter.conversation import acts as a
from lamplighter.conversation import running
from lamplighter.conversation.details import Detail, key
from lamplighter.conversation.turning import PAUSED, Turn


def go_on(turn: Turn) -> None:
    if turn.state.floor is None and not turn.state.handed_over and turn.state.ended is None:
        on_with_it(turn)


def on_with_it(turn: Turn) -> None:
    asked_errand = key(Detail.ERRAND) in turn.asked_before
    over = asked_errand and (turn.state.frozen is not None or turn.said(a.Deny))
    at_end = over or key(Detail.ANYTHING_ELSE) in turn.asked_before
    if at_end and _parts(turn):
        return turn.goodbye()
    if at_end and not turn.said(a.Intend, a.AskAbout) and turn.said(a.Affirm):
        return turn.ask(("ask.errand",))
    if turn.state.errand is None and turn.state.paused:
        return turn.hand_over("human", PAUSED)
    if turn.state.errand is None:
        return _ask_errand(turn)
    running.run(turn)


def _parts(turn: Turn) -> bool:
    """No more errands: a no, thanks or goodbye to "anything else?", or three answers that made no sense."""
    if turn.said(a.Intend, a.AskAbout):
        return False
    words = (act.aside for act in turn.acts if isinstance(act, a.Interject))
    parting = any(aside in (a.Aside.GOODBYE, a.Aside.THANKS) for aside in words)
    lost = turn.state.attempts.get(key(Detail.ANYTHING_ELSE), 0) > 3
    return parting or lost or turn.said(a.Deny, a.Decline)


def _ask_errand(turn: Turn) -> None:
    """No errand yet: after a question "anything else?", else what we can do; three in vain fetch a person."""
    if turn.said(a.AskAbout) or any(
        isinstance(act, a.Interject) and act.aside is a.Aside.SOMEBODY_ELSE for act in turn.acts
    ):
        return turn.ask(("anything_else",))
    tried = turn.state.attempts.get(key(Detail.ERRAND), 0)
    if tried >= 3:
        return turn.hand_over("human", "handoff.stuck")
    turn.ask(("ask.errand" if tried <= 1 else "reask.errand",))
