"""The answer to whether they keep the time of a visit that can't take place as it was, by video or with a colleague."""

from lamplighter.conversation.actions import Done
from lamplighter.conversation.asked import AnswerAsked
from lamplighter.conversation.details import Detail
from lamplighter.conversation.events import Invited
from lamplighter.conversation.needs import Ask, Close, Commit, Flow, IfSigned, args, keys
from lamplighter.conversation.view import View
from lamplighter.practice.model import Modality

KEPT = {"video": "by_video", "cover": "with_colleague"}


def kept(view: View, asked: Invited) -> Flow:
    """By video, a clinician sees them where they say that they will be sitting, never where their home is on file."""
    licensed = view.practice.clinician(asked.slot.clinician).states or view.practice.states
    sits_in = None
    by_video = asked.slot.modality is Modality.TELEHEALTH
    if by_video and licensed and (yield IfSigned(("day.where",))):
        yield Ask(soft=keys(Detail.STATE), phrase="day.where")
        sits_in = view.value(Detail.STATE)
    done = yield Commit(AnswerAsked(asked.offer, yes=True, sits_in=sits_in))
    if not isinstance(done, Done) or done.visit is None:
        gone = f"{_by(view)}.called_off.gone"
        called = isinstance(done, Done) and done.promised is not None and (yield IfSigned((gone,)))
        yield Close(gone if called else f"{_by(view)}.called_off.noted")
        return
    named = view.slot_args(done.visit.slot)
    told = f"{_by(view)}.called_off.{KEPT[asked.of]}"
    if done.pending_office:
        told = "email.opening.held" if _by(view) == "email" else "sms.held"
    elif not (yield IfSigned((told,))):
        told = f"{_by(view)}.opening.yours"
    yield Close(told, args(day=named["day"], clock=named["clock"]))


def not_kept(view: View, asked: Invited) -> Flow:
    """R finds them another time."""
    yield Commit(AnswerAsked(asked.offer, yes=False))
    yield Close(f"{_by(view)}.called_off.noted")


def _by(view: View) -> str:
    return "email" if view.state.channel == "email" else "sms"
