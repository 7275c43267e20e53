"""How words pass the guard: all of them, piece by piece, and whatever else they may have been."""

from collections.abc import Sequence
from typing import Protocol

from lamplighter.conversation import events as e
from lamplighter.conversation import leanings
from lamplighter.conversation.guard import Verdict
from lamplighter.conversation.guard.our_questions import answers_ours
from lamplighter.conversation.state import State
from lamplighter.conversation.ways import NEVER_CALL, RECKONED, Ways

BY_CLASSIFIER = Verdict("crisis", ("classifier",))
UNDERSTOOD = 8000  # characters of one utterance that understanding is given
GUARDED, OVERLAP = 2000, 200  # characters that the guard reads at a time, piece by piece to the very end
HEARD_SO = 3  # of what it may have been, so many are asked what they are about


class GuardPart(Protocol):
    def check(self, text: str, locale: str, channel: str, *, before: Sequence[str] = ()) -> Verdict: ...

    def interim(self, text: str, locale: str, channel: str) -> Verdict: ...

    def readable(self, text: str, locale: str) -> bool: ...


def worst(guard: GuardPart, state: State, heard: e.Heard) -> Verdict:
    """The worst verdict over what was heard and its alternatives; "0" on the keypad wants a person."""
    if heard.keys == "0":
        return Verdict("human", ("key-0",))
    texts = (heard.text, *(alternative.text for alternative in heard.alternatives))
    pieces = [piece for text in texts for piece in pieces_of(text)]
    lately = state.lately[:-1] if state.verdict != "crisis" else ()
    verdicts = [_read(guard, state, piece, lately) for piece in pieces]
    rank = ("crisis", "clinical", "human", "clear")
    return min(verdicts, key=lambda v: rank.index(v.verdict), default=Verdict("clear", ()))


def _read(guard: GuardPart, state: State, piece: str, lately: Sequence[str]) -> Verdict:
    """What answers a question of ours, and sounds like danger to the classifier by itself, is read together with what
    was said before it."""
    verdict = guard.check(piece, state.locale, state.channel, before=lately)
    asked = [said.phrase for said in state.last_words]
    if verdict != BY_CLASSIFIER or not any(lately) or not answers_ours(piece, asked):
        return verdict
    return guard.check(". ".join((*lately, piece)), state.locale, state.channel)


def worst_or_person(guard: GuardPart, state: State, heard: e.Heard) -> Verdict:
    """The same where the guard may break: then it is a person's."""
    try:
        return worst(guard, state, heard)
    except Exception:
        return Verdict("human", ("guard-failure",))


def about_what(ways: Ways, state: State, heard: e.Heard, verdict: Verdict) -> tuple[str, ...]:
    """What the words are about where they hand over, or say in an open crisis that nothing may go out; what was said
    just before counts for that too. What is read so never keeps them from being handed over."""
    try:
        texts = (heard.text, *(alternative.text for alternative in heard.alternatives))
        said = "\n".join(texts)[:UNDERSTOOD]
        found = ways.about(verdict.verdict, said, verdict.because)
        if verdict.verdict != "crisis" and not _in_crisis(state):
            return found
        before = "" if verdict.verdict != "crisis" else "\n".join(state.lately)
        quiet = ways.about("crisis", f"{before}\n{said}", ())
        found = tuple(dict.fromkeys((*found, *(name for name in quiet if name in NEVER_CALL))))
    except Exception:
        found = ()
    return found if verdict.verdict != "crisis" else _and_by_the_head(ways, found, heard, state, verdict)


def _and_by_the_head(
    ways: Ways, found: tuple[str, ...], heard: e.Heard, state: State, verdict: Verdict
) -> tuple[str, ...]:
    """What the trained head adds: it takes no way away. Violence at home it only reckons, and not where a pattern
    says what the crisis is: who was left by a partner and wants to die is to be called back."""
    try:
        texts = (heard.text, *(alternative.text for alternative in heard.alternatives))
        head = leanings.load()
        more = [name for text in texts[:HEARD_SO] for name in head.about(text[:GUARDED], state.locale)]
        if "home" not in found:
            said = {*verdict.because} - {*BY_CLASSIFIER.because} - ways.mixed
            more = [RECKONED if name == "home" else name for name in more if name != "home" or not said]
        return tuple(dict.fromkeys((*found, *more)))
    except Exception:
        return found


def _in_crisis(state: State) -> bool:
    return state.handed_over and state.handoff is not None and state.handoff.route == "crisis"


def pieces_of(text: str) -> list[str]:
    """All of it, in pieces that overlap, so that no words are cut apart in every piece that has them."""
    step = GUARDED - OVERLAP
    return [text[at : at + GUARDED] for at in range(0, max(len(text) - OVERLAP, 1), step) if text]
