"""An errand that nobody wants after all is let go kindly; whoever told anything of one never loses it so."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.conversation import acts as a
from lamplighter.conversation.details import Detail, Errand, key
from lamplighter.conversation.events import HandoffAsked
from lamplighter.conversation.understanding import LanguageVote
from lamplighter.conversation.understanding.context import Context
from tests.promises.desks import Call, House, of_kind

QUESTION = a.AskAbout(a.Topic.PARKING)
ERRANDS = (
    Errand.FOLLOW_UP,
    Errand.CANCEL,
    Errand.MOVE,
    Errand.MY_VISIT,
    Errand.MESSAGE,
)
ENGLISH = LanguageVote("en", 1.0, alone=False)


@dataclass
class Scripted:
    """An understanding that hears what a test has written down; without it, that nothing asked is known."""

    heard: dict[str, tuple[a.Act, ...]]

    def understand(self, text: str, context: Context) -> tuple[a.Act, ...]:
        if text in self.heard:
            return self.heard[text]
        return tuple(a.Decline(place.detail, place.subject) for place in context.asked)

    def language(self, text: str) -> LanguageVote:
        return ENGLISH


def called(**heard: tuple[a.Act, ...]) -> Call:
    return House(understanding_part=Scripted(heard)).call()


def is_let_go(call: Call) -> bool:
    return call.state.asked == (key(Detail.ANYTHING_ELSE),) and not of_kind(call.bodies, HandoffAsked)


@given(st.sampled_from(ERRANDS))
@settings(max_examples=len(ERRANDS), deadline=None)
def test_what_only_stood_beside_a_question_is_let_go_when_its_first_question_is_not_answered(
    errand: Errand,
) -> None:
    call = called(opens=(QUESTION, a.Intend(errand)))
    call.say("opens")
    call.say("i don't know")
    assert is_let_go(call)
    assert "aside.no_trouble" in call.said


@given(st.sampled_from(ERRANDS))
@settings(max_examples=len(ERRANDS), deadline=None)
def test_what_was_asked_for_outright_is_asked_once_more_before_it_is_let_go(errand: Errand) -> None:
    call = called(opens=(a.Intend(errand),))
    call.say("opens")
    call.say("i don't know")
    assert not is_let_go(call)
    call.say("i don't know")
    assert is_let_go(call)


@given(st.sampled_from(ERRANDS), st.booleans())
@settings(max_examples=2 * len(ERRANDS), deadline=None)
def test_somebody_who_only_asked_is_let_go_at_once(errand: Errand, questioned: bool) -> None:
    opens = (QUESTION, a.Intend(errand)) if questioned else (a.Intend(errand),)
    call = called(opens=opens, only=(a.Interject(a.Aside.ONLY_ASKING),), no=(a.Deny(),))
    call.say("opens")
    call.say("only")
    assert is_let_go(call)
    call.say("no")
    assert call.state.parting and call.state.outcome == "answered"


@given(st.lists(st.sampled_from(["unheard", "i don't know"]), min_size=1, max_size=3))
@settings(max_examples=14, deadline=None)
def test_an_errand_of_which_something_was_told_is_kept(after: list[str]) -> None:
    call = called(
        opens=(QUESTION, a.Intend(Errand.CANCEL)), told=(a.Give(Detail.FIRST_NAME, "Ana"),), unheard=()
    )
    for said in ("opens", "told", *after):
        call.say(said)
    assert call.state.errand is Errand.CANCEL and "aside.no_trouble" not in call.said


def test_who_does_not_know_whether_they_have_been_here_is_asked_on() -> None:
    call = called(opens=(QUESTION, a.Intend(Errand.FIRST_APPOINTMENT)))
    call.say("opens")
    call.say("i don't know")
    assert key(Detail.AVAILABILITY) in call.state.asked


def test_somebody_who_cannot_be_understood_gets_a_person_as_ever() -> None:
    call = called(opens=(a.Intend(Errand.CANCEL),), unheard=())
    for said in ("opens", *["unheard"] * 5):
        call.say(said)
    assert of_kind(call.bodies, HandoffAsked)


@pytest.mark.parametrize("errand", [Errand.AT_THE_DOOR, Errand.WAITING_ALONE])
def test_somebody_who_waits_at_a_door_is_never_let_go(errand: Errand) -> None:
    call = called(opens=(QUESTION, a.Intend(errand)))
    for said in ("opens", "i don't know", "i don't know", "i don't know"):
        call.say(said)
    assert "aside.no_trouble" not in call.said


def test_the_next_errand_after_one_that_was_let_go_is_asked_for_from_the_beginning() -> None:
    call = called(opens=(QUESTION, a.Intend(Errand.CANCEL)), again=(a.Intend(Errand.MY_VISIT),))
    call.say("opens")
    call.say("i don't know")
    call.say("again")
    assert call.state.errand is Errand.MY_VISIT
    assert key(Detail.FIRST_NAME) in call.state.asked
