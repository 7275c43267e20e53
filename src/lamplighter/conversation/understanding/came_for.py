"""What they came for, in one utterance: the errand that its words name, or that its details belong to."""

import re
from collections.abc import Iterable
from dataclasses import replace

from lamplighter.conversation.acts import (
    Act,
    Affirm,
    Aside,
    AskAbout,
    Choose,
    Give,
    Intend,
    Interject,
    NoneOfThose,
    Topic,
)
from lamplighter.conversation.details import Detail, Errand, Key, Subject
from lamplighter.conversation.understanding.answers import Answers
from lamplighter.conversation.understanding.bill import BILLS, of_a_bill
from lamplighter.conversation.understanding.day_of_visit import DAY_OF_VISIT, cant_get_in
from lamplighter.conversation.understanding.intents import (
    asked_about,
    clues_of,
    is_question,
    moves_instead,
    read_errand,
)
from lamplighter.conversation.understanding.introductions import AT_WORK
from lamplighter.conversation.understanding.meaning import guess
from lamplighter.conversation.understanding.outright import said_outright
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.text import Said
from lamplighter.practice.model import Modality

AT_ANY_TIME = DAY_OF_VISIT | {Errand.CANCEL, Errand.MOVE, Errand.PERSON, Errand.MESSAGE, Errand.WAITLIST}
"""Errands that somebody may switch to in the middle of another; the rest are mostly details said at length."""

FIRST = Intend(Errand.FIRST_APPOINTMENT)
NOT_FOR_US = frozenset({Aside.SOMEBODY_ELSE, Aside.WRONG_NUMBER, Aside.SALES})
ENDS = frozenset({Aside.WRONG_NUMBER, Aside.SALES})
"""What we part after, so that a guess is not enough where they speak of a visit."""
_OF_A_BOOKING = frozenset(
    {Detail.AVAILABILITY, Detail.CLINICIAN, Detail.VISIT_KIND, Detail.NEW_PATIENT, Detail.MODALITY}
)
_ARRANGED = frozenset({Errand.FIRST_APPOINTMENT, Errand.FOLLOW_UP})
_READ_OUT = frozenset({Detail.CONFIRM, Detail.CONFIRM_DETAIL, Detail.MESSAGE})
"""Asked for these, "I was just asking" is a no, or the message."""
_OF_THE_NEW = frozenset({Topic.TELEHEALTH, Topic.CLINICIANS, Topic.NEW_PATIENTS, Topic.AGES})
"""What somebody new asks on the way to a visit: "new here, is it possible to see someone over video?"."""


_OF_WHAT_WAS_DONE = frozenset({Errand.MOVE, Errand.CONFIRM_VISIT, Errand.MY_VISIT})
_NEVER_OF_THE_NEW = (
    Intend(Errand.MESSAGE, sure=False),
    *(
        Intend(errand, sure=sure)
        for errand in (Errand.MOVE, Errand.CANCEL, Errand.CONFIRM_VISIT, Errand.MY_VISIT, Errand.FOLLOW_UP)
        for sure in (True, False)
    ),
)
"""What whoever says that they are new has not come for, whatever the small model takes their words for."""
_ON_THE_WAY = _OF_THE_NEW | {Topic.INSURERS, Topic.PRICES, Topic.LANGUAGES, Topic.HOURS, Topic.SLIDING_SCALE}


class CameFor:
    """One utterance where it stands in the contact, and the errand in it."""

    def __init__(self, said: Said, listening: Listening) -> None:
        self.said, self.listening = said, listening
        self.context, self.lex = listening.context, listening.lex
        self.asked = {key.detail for key in self.context.asked}
        self.opening = not self.asked or Detail.ERRAND in self.asked
        self.outside = self._outside()
        self.between = Detail.ANYTHING_ELSE in self.asked or self._asked_what_more()

        self.outright = self._outright()
        self.bill = None if self.outside is not None or self.outright is not None else self._bill()

    def _outright(self) -> Act | None:
        """Somebody else's visit, and word for the desk, at an opening or when what they came for is done."""
        if self.outside is not None or Detail.MESSAGE in self.asked or not (self.opening or self.between):
            return None
        return said_outright(self.said, self.context.practice, self.lex)

    def _bill(self) -> Errand | None:
        """What they say of a bill, at an opening or where they came about one."""
        under_way = self.context.last_errand in BILLS
        if Detail.MESSAGE in self.asked or not (self.opening or self.between or under_way):
            return None
        return of_a_bill(self.said, self.context.practice, self.lex, under_way=under_way)

    def _outside(self) -> Errand | None:
        """Somebody who can't get in, unless it is the message that they were asked for, or the link to pay a bill."""
        if Detail.MESSAGE in self.asked or self.context.errand in BILLS:
            return None
        return cant_get_in(self.said, self.context.practice, self.lex)

    def _asked_what_more(self) -> bool:
        """ "What can I do for you?", asked of somebody for whom something was done."""
        done = self.context.errand is None and Key(Subject.PATIENT, Detail.LAST_NAME) in self.context.known
        return Detail.ERRAND in self.asked and done

    @property
    def named_outright(self) -> bool:
        """The patterns alone have said what they came for."""
        return any(found is not None for found in (self.outside, self.outright, self.bill))

    @property
    def asides_outright(self) -> list[Aside]:
        return [self.outright.aside] if isinstance(self.outright, Interject) else []

    def without_parting(self) -> Said:
        """ "No, thank you, good night" without its last words, which say no time."""
        parting = self.lex.pattern("parts_by_the_hour").search(self.said.low)
        rest = Said(self.said.text[: parting.start()].rstrip(" ,.")) if parting else self.said
        return rest if rest.words else self.said

    def errand(self, answers: Answers, topics: list[AskAbout], asides: list[Aside]) -> list[Act]:
        """The errand named, unless the words say something else where they stand."""
        if self.outside is not None:
            return [] if self.outside is self.context.errand and self.asked else [Intend(self.outside)]
        if isinstance(self.outright, Intend):
            return [self.outright]
        if self.bill is not None:
            return [] if self.bill is self.context.errand and self.asked else [Intend(self.bill, bill=True)]
        if NOT_FOR_US & set(asides):
            return []
        heard = self.said if self.opening else answers.rest
        if not heard.words or Detail.MESSAGE in self.asked:
            return []
        errand = read_errand(heard, self.context.practice, self.lex, topics)
        if errand is Errand.PERSON and Aside.ROBOT in asides and self._asks_what_we_are(heard):
            return []
        if errand is Errand.PERSON and self._sits_with_one(answers):
            return []
        if errand is Errand.CANCEL and self._only_of_offers(heard, answers):
            return []
        if errand is Errand.MESSAGE and any(
            isinstance(act, Give) and act.detail is Detail.LEAVE_MESSAGE for act in answers.acts
        ):
            return []  # "yes, leave me a message"
        fresh = self.opening or self.between
        if errand is Errand.CANCEL and not fresh and self._only_of_times(heard):
            return []
        if self.context.offered and not fresh and errand in (Errand.FIRST_APPOINTMENT, Errand.FOLLOW_UP):
            return []  # "is there anything on Monday", said to an offer
        if errand is None or (errand is self.context.errand and not fresh):
            return []
        return [Intend(errand, sure=fresh or errand in AT_ANY_TIME)]

    def only_asking(self, heard: list[Act]) -> bool:
        """ "Not booking yet, thanks", "just wondering", said while something is arranged and with no word of it."""
        if any(isinstance(act, Give | Affirm | Choose | NoneOfThose | AskAbout) for act in heard):
            return False
        return any(pattern.search(self.said.low) for pattern in self._words_of_asking())

    def only_asking_said(self) -> bool:
        """The same, with nothing else in the words, so that none of them is a name or a time."""
        of_asking = self._words_of_asking()
        if not any(pattern.search(self.said.low) for pattern in of_asking):
            return False
        beside = map(self.lex.pattern, ("dont_know", "deny", "hesitation"))
        return self._nothing_but((*of_asking, *beside, self.lex.group("asides")["thanks"]))

    def of_care(self) -> bool:
        """ "She say come again one month", "tengo con la señora Pino el dieciséis": they are somebody's patient."""
        return self.lex.pattern("of_care").search(self.said.low) is not None

    def says_wrong_number(self, aside: Aside) -> bool:
        told = self.lex.pattern("says_wrong_number").search(self.said.low)
        return aside is Aside.WRONG_NUMBER and told is not None

    def wants_nothing(self) -> bool:
        """ "No, that's all I wanted to know", "eso era todo", said to what they came for, and nothing else."""
        if Detail.ERRAND not in self.asked or "?" in self.said.text or len(self.said.words) < 2:
            return False
        enough = [self.lex.pattern(name) for name in ("only_asking", "enough")]
        if not any(pattern.search(self.said.low) for pattern in enough):
            return False
        beside = map(self.lex.pattern, ("deny", "hesitation"))
        return self._nothing_but((*enough, *beside, self.lex.group("asides")["thanks"]))

    def _nothing_but(self, patterns: Iterable[re.Pattern[str]]) -> bool:
        left = self.said.low
        for pattern in patterns:
            left = pattern.sub(" ", left)
        return not any(char.isalnum() for char in left)

    def _words_of_asking(self) -> list[re.Pattern[str]]:
        if self.opening or self.between or self.context.errand is None or self.asked & _READ_OUT:
            return []
        only = ["only_asking", "not_booking"]
        only += ["books_nothing"] if self.context.errand in _ARRANGED else []
        return [self.lex.pattern(name) for name in only]

    def booking(self, extra: list[Act], topics: list[AskAbout], asides: list[Aside]) -> list[Act]:
        """No errand by name, yet what belongs to one: an organisation's call, or a time or clinician wished for."""
        given = {act.detail for act in extra if isinstance(act, Give)}
        if not self.opening or NOT_FOR_US & set(asides):
            return []
        if self.lex.pattern("not_booking").search(self.said.low):
            return []
        if topics:
            about = {act.topic for act in topics}
            new = Give(Detail.NEW_PATIENT, "true") in extra or Topic.NEW_PATIENTS in about
            new = new and about <= _OF_THE_NEW
            timed = Detail.AVAILABILITY in given or bool(about & {Topic.TELEHEALTH, Topic.AGES})
            if new and timed:
                return [FIRST]
            return self._begun(extra) if about <= _ON_THE_WAY else []
        if Detail.ORGANISATION in given:
            return [Intend(Errand.MESSAGE)]
        if given & _OF_A_BOOKING:
            known = any(
                isinstance(a, Give) and a.detail is Detail.NEW_PATIENT and a.value == "false" for a in extra
            )
            wished = bool(self.lex.pattern("wants").search(self.said.low))
            likely = self.whole(guess(self.said.text, self.clues(), opening=not wished))
            if Give(Detail.NEW_PATIENT, "true") in extra and likely in _NEVER_OF_THE_NEW:
                return [FIRST]
            if self.between and isinstance(likely, Intend) and likely.errand in _OF_WHAT_WAS_DONE:
                likely = None  # what becomes of the visit just booked is told by what was agreed
            if isinstance(likely, Intend):
                return [replace(likely, sure=wished or likely.sure)]
            if isinstance(likely, AskAbout) and is_question(self.said, self.lex):
                return [likely]
            return [Intend(Errand.FOLLOW_UP if known else Errand.FIRST_APPOINTMENT, sure=wished)]
        if Detail.RELATIONSHIP in given:
            likely = self.whole(guess(self.said.text, self.clues(), opening=True))
            return [likely] if isinstance(likely, Intend) else []
        return []

    def _begun(self, extra: list[Act]) -> list[Act]:
        """ "Do you have video sessions? I'd want to start with Dr. Osei": a visit, in a sentence that asks nothing."""
        plain = [sentence for sentence in self.said.sentences if "?" not in sentence.text]
        if not any(self.lex.pattern("would_begin").search(sentence.low) for sentence in plain):
            return []
        known = Give(Detail.NEW_PATIENT, "false") in extra
        return [Intend(Errand.FOLLOW_UP) if known else FIRST]

    def for_work(self, extra: list[Act]) -> list[Act]:
        """ "Hello from a pharmacy": word left for an organisation that was not named, so that it is asked for."""
        named = any(isinstance(act, Give) and act.detail is Detail.ORGANISATION for act in extra)
        if named or not self.lex.pattern("at_work").search(self.said.low):
            return extra
        kept = [act for act in extra if not (isinstance(act, Give) and act.detail is Detail.RELATIONSHIP)]
        return [*kept, Give(Detail.RELATIONSHIP, AT_WORK)]

    def _sits_with_one(self, answers: Answers) -> bool:
        """ "I'd rather come in and sit with a person", said to how they would like to meet."""
        in_person = Give(Detail.MODALITY, Modality.IN_PERSON.value) in answers.acts
        return in_person and bool(self.lex.pattern("sits_with").search(self.said.low))

    def _only_of_offers(self, heard: Said, answers: Answers) -> bool:
        """ "None of those", and not "no, just cancel it" of a visit that was to be moved."""
        of_offers = any(isinstance(act, NoneOfThose) for act in answers.acts)
        outright = self.context.errand is Errand.MOVE and self.lex.pattern("calls_off").search(heard.low)
        return of_offers and not outright

    def _only_of_times(self, heard: Said) -> bool:
        """ "I can't do Fridays", said while a visit is being arranged, cancels nothing."""
        arranging = self.context.errand in (Errand.FIRST_APPOINTMENT, Errand.WAITLIST)
        return arranging and not self.lex.pattern("calls_off").search(heard.low)

    def _asks_what_we_are(self, heard: Said) -> bool:
        """ "Am I talking to a person?", and not "I don't talk to machines, get me a person"."""
        return is_question(heard, self.lex) or not self.lex.pattern("negation").search(heard.low)

    def guessed(self) -> tuple[Act, ...]:
        """The small model's guess, for where the patterns heard nothing but manners."""
        if len(self.said.words) < 3:
            return ()
        act = self.whole(guess(self.said.text, self.clues(), opening=self.opening))
        if isinstance(act, AskAbout) and not is_question(self.said, self.lex):
            act = self.whole(guess(self.said.text, self.clues(), opening=False))
        if act is None or (not (self.opening or self.between) and self._far_fetched(act)):
            return ()
        if isinstance(act, Interject) and act.aside in ENDS and self.of_care():
            return ()
        return (act,)

    def _far_fetched(self, act: Act) -> bool:
        """In the middle of an errand nobody parts, calls the wrong number or asks who we are in words unknown to us."""
        match act:
            case Intend(errand):
                return errand not in AT_ANY_TIME
            case Interject(aside):
                return aside in NOT_FOR_US or aside is Aside.GOODBYE
            case AskAbout(topic):
                return topic is Topic.WHO_ARE_YOU and "?" not in self.said.text
        return False

    def whole(self, act: Act | None) -> Act | None:
        """A question with what it is about; of a bill by a guess too, unless it is hard for them: then a person."""
        if isinstance(act, Intend) and act.errand in BILLS:
            hard = self.lex.pattern("bill_hard").search(self.said.low)
            return replace(act, errand=Errand.PERSON if hard else act.errand, bill=True)
        if isinstance(act, Intend) and act.errand is Errand.CANCEL and moves_instead(self.said, self.lex):
            return replace(act, errand=Errand.MOVE)
        if not isinstance(act, AskAbout):
            return act
        return asked_about(act.topic, self.said, self.context.practice, self.lex)

    def clues(self) -> frozenset[str]:
        return clues_of(self.said, self.context.practice, self.lex)
