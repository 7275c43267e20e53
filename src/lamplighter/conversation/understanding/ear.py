"""One utterance on its way to acts: the readers one after another, and what their findings make of each other."""

from dataclasses import replace

from lamplighter.conversation.acts import (
    Act,
    Affirm,
    Aside,
    AskAbout,
    Decline,
    Deny,
    Give,
    Intend,
    Interject,
    NoneOfThose,
    SpeakIn,
    Topic,
    Wrong,
)
from lamplighter.conversation.details import Detail, Errand, Key, Subject
from lamplighter.conversation.understanding.answers import Answers, read_answers
from lamplighter.conversation.understanding.came_for import ENDS, FIRST, NOT_FOR_US
from lamplighter.conversation.understanding.details import YES_NO_ONLY
from lamplighter.conversation.understanding.intents import (
    ONLY_ALONE,
    another_visit,
    cancels_outright,
    is_question,
    only_aside,
    out_of_the_move,
    read_asides,
    read_topics,
    wrong_details,
)
from lamplighter.conversation.understanding.lexicon import languages, lexicon
from lamplighter.conversation.understanding.meaning import instead_of
from lamplighter.conversation.understanding.mended_digits import put_right
from lamplighter.conversation.understanding.said_beside import VISITS, SaidBeside
from lamplighter.conversation.understanding.short import short_answer
from lamplighter.conversation.understanding.spelling import looks_like
from lamplighter.conversation.understanding.summed_up import ALIKE, correct_summary
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.understanding.volunteered import read_volunteered
from lamplighter.conversation.understanding.yesno import read_yes_no

SHORT = 6
"""Words in which "start over" means the contact; "I saw Luis and want to start again" does not."""

_BOTH_NAMES = (Detail.FIRST_NAME, Detail.LAST_NAME)
_OF_SOMEBODY_ELSE = frozenset(
    {
        Detail.RELATIONSHIP,
        Detail.MODALITY,
        Detail.AVAILABILITY,
        Detail.FIRST_NAME,
        Detail.LAST_NAME,
        Detail.CALLER_NAME,
        Detail.NEW_PATIENT,
    }
)
NAMES = frozenset(
    {Detail.FIRST_NAME, Detail.LAST_NAME, Detail.CALLER_NAME, Detail.PREFERRED_NAME, Detail.ORGANISATION}
)
VERBATIM = NAMES | {Detail.EMAIL, Detail.MEMBER_ID, Detail.PHONE, Detail.IDENTITY_CODE, Detail.MESSAGE}

OF_THE_PRACTICE = frozenset({Topic.HOURS, Topic.ADDRESS, Topic.DIRECTIONS, Topic.PARKING, Topic.ACCESS,
                             Topic.AGES, Topic.TELEHEALTH, Topic.LANGUAGES, Topic.INSURERS, Topic.NEW_PATIENTS,
                             Topic.PRICES})  # fmt: skip
"""What is told to whoever asks, for work too."""
_AGAIN = (Intend(Errand.FOLLOW_UP), Intend(Errand.FOLLOW_UP, sure=False))
_PART_OF: dict[Errand, frozenset[Topic]] = {
    Errand.MY_VISIT: frozenset({Topic.CLINICIANS, Topic.WHO_ARE_YOU}),
    Errand.PERSON: frozenset({Topic.WHO_ARE_YOU, Topic.OTHER}),
    Errand.MOVE: frozenset({Topic.OTHER}),
    Errand.CANCEL: frozenset({Topic.OTHER}),
    Errand.FOLLOW_UP: frozenset({Topic.NEW_PATIENTS, Topic.OTHER}),
    Errand.MESSAGE: frozenset({Topic.WHO_ARE_YOU}),
}
"""What sounds like a question and is part of the errand: "who am I seeing on Friday"."""
_AGAIN_PLEASE = Interject(Aside.REPEAT)
_IN_AN_OFFER = frozenset({Topic.CLINICIANS, Topic.TELEHEALTH})


class Ear(SaidBeside):
    """One utterance on its way to acts."""

    def acts(self) -> tuple[Act, ...]:
        summed_up = correct_summary(self.said, self.listening)
        if summed_up is None:
            return self._acts()
        self.said = summed_up.rest
        return summed_up.with_others(self._acts() if self.said.words else ())

    def _acts(self) -> tuple[Act, ...]:
        if Detail.MESSAGE in self.asked:
            return self._in_order(read_answers(self.said, self.listening), [], [], [])
        moving = self.context.errand is Errand.MOVE and self.asked == {Detail.AVAILABILITY}
        if moving and (instead := out_of_the_move(self.said, self.lex)):
            return (Intend(instead),)
        if self.only_asking_said():
            return (Interject(Aside.ONLY_ASKING),)
        if self.wants_nothing():
            return (Deny(),)
        if self.between:
            self.said = self.without_parting()
        if self.asked:  # "hold on, no, I can't find it" answers
            lead = self.lex.pattern("hold_lead").match(self.said.low)
            self.said = Said(self.said.text[lead.end() :]) if lead else self.said
        if Detail.PHONE in {*self.asked, *(key.detail for key in self.context.confirmed)}:
            self.said = put_right(self.said, self.lex)
        asides = read_asides(self.said, self.context.practice, self.lex)
        if only_aside(self.said, self.context.practice, self.lex):
            return tuple(self._asides(asides, alone=True))
        if self.opening and len(self.said.words) > SHORT:
            asides = [aside for aside in asides if aside is not Aside.START_OVER]
        if self.opening and self.of_care():
            asides = [aside for aside in asides if aside not in ENDS or self.says_wrong_number(aside)]
        if self.named_outright:
            asides = self.asides_outright
        if Aside.SALES in asides and self.lex.pattern("leaves_word").search(self.said.low):
            asides.remove(Aside.SALES)
        topics = [] if Aside.SOMEBODY_ELSE in asides or self.named_outright else self._topics()
        answers = self._answers(topics)
        if Aside.REPEAT in asides and Detail.CHOICE in self.asked:
            answers = Answers((), Said(""))
        topics, answers = _about_those_offered(topics, answers)
        given = (act for act in answers.acts if isinstance(act, Give))
        if any(act.correction or act.detail in self.asked for act in given):
            # "I beg your pardon, it's 0163"; and whoever answers is no seller, be their name Seo or Toner
            asides = [aside for aside in asides if aside not in (Aside.REPEAT, Aside.SALES)]
        if any(isinstance(act, Decline) for act in answers.acts):
            asides = [aside for aside in asides if aside is not Aside.SALES]  # "none of your business"
        volunteered = read_volunteered(answers.rest, self.listening, topics) if answers.rest.words else []
        return self._in_order(answers, volunteered, topics, asides)

    def _topics(self) -> list[AskAbout]:
        """Questions, but not "can I do video instead?" in the middle of a booking, which is a change of mind."""
        said = self.said
        if self.between:  # "that's what I needed" asks nothing
            said = Said(self.lex.pattern("got_it_all").sub(lambda at: " " * len(at.group()), said.low))
        topics = read_topics(said, self.context.practice, self.lex, opening=self.opening or self.between)
        changes = not self.lex.pattern("of_all_of_you").search(self.said.low)
        if changes and (
            self.context.offered or any(key.detail is Detail.MODALITY for key in self.context.confirmed)
        ):
            topics = [act for act in topics if act.topic is not Topic.TELEHEALTH]
        return topics

    def _answers(self, topics: list[AskAbout]) -> Answers:
        """A pure question answers nothing, but one about a time offered is answered by saying them again."""
        if topics and not self.opening and len(self.said.sentences) == 1 and "." not in self.said.text[:-1]:
            if not any(char in self.said.text for char in ",;"):
                said = read_answers(self.said, self.listening) if self.context.offered else None
                return said if said and _AGAIN_PLEASE in said.acts else Answers((), self.said)
        return read_answers(self.said, self.listening)

    def _in_order(
        self, answers: Answers, volunteered: list[Act], topics: list[AskAbout], asides: list[Aside]
    ) -> tuple[Act, ...]:
        about_clinician = bool(self.lex.pattern("clinician_speaks").search(self.said.low))
        found: list[Act] = [] if about_clinician else list(self._speak_in())
        if found:
            topics = [topic for topic in topics if topic.topic is not Topic.LANGUAGES]
        answered = {act.key for act in answers.acts if isinstance(act, Give)}
        extra = [act for act in volunteered if not (isinstance(act, Give) and act.key in answered)]
        extra = [self._as_correction(act) for act in extra]
        if Aside.SOMEBODY_ELSE in asides:
            extra = [act for act in extra if not (isinstance(act, Give) and act.detail in _OF_SOMEBODY_ELSE)]
        if found:
            extra = [act for act in extra if not (isinstance(act, Give) and act.detail is Detail.LANGUAGE)]
        if Detail.CLINICIAN in self.asked and any(
            isinstance(a, Give) and a.detail is Detail.LANGUAGE for a in answers.acts
        ):
            found = []
        wrong = self._wrong(answers)
        if wrong and self.between:
            extra = _named_as(wrong, [act for act in extra if not self._mistaken(act)])
        extra += self._asked_about(topics, extra)
        errand, topics, asides = self._weighed(self.errand(answers, topics, asides), topics, asides)
        errand = errand or self.booking(extra, topics, asides)
        if any(isinstance(act, Give) and act.detail is Detail.CONTACT_CHANNEL for act in extra):
            errand = [act for act in errand if act != Intend(Errand.MESSAGE)]
        if Give(Detail.NEW_PATIENT, "true") in extra:
            errand = [FIRST if act in _AGAIN else act for act in errand]
        topics = _beside(errand, topics)
        errand = [act for act in errand if act != Intend(Errand.MOVE)] if found else errand
        if Aside.WRONG_NUMBER in asides or Aside.SALES in asides:
            extra = [act for act in extra if isinstance(act, Give) and act.detail in NAMES]
        calls_for_work = any(isinstance(act, Give) and act.detail is Detail.ORGANISATION for act in extra)
        for_a_visit = any(isinstance(act, Intend) and act.errand in VISITS for act in errand)
        for_a_visit = for_a_visit and not (calls_for_work and self._leaves_word_for_work())
        if self.opening and calls_for_work and not for_a_visit and not self._leaves_no_word(asides):
            only_asks = self._asks_of_the_practice(topics) and Intend(Errand.MESSAGE) not in errand
            errand, topics = ([], topics) if only_asks else ([Intend(Errand.MESSAGE)], [])
        if self.opening and Intend(Errand.MESSAGE) in errand:
            extra = self.for_work(extra)
        if found:
            errand = [act for act in errand if not isinstance(act, AskAbout)]
            topics = [topic for topic in topics if topic.topic is not Topic.LANGUAGES]
        if Intend(Errand.RUNNING_LATE) in errand and "?" not in self.said.text:
            topics = []
        extra, errand = self.other_time(answers, extra, errand)
        extra = [*self.without_old_time(extra, errand), *self.whoever(answers, extra, errand)]
        serious: list[Act] = [*answers.acts, *wrong, *errand, *extra, *topics]
        if self.only_asking(serious):
            return (*found, Interject(Aside.ONLY_ASKING))
        found += self._asides(asides, alone=not (serious or found))
        heard = tuple(dict.fromkeys(found + self._agreed(serious) + serious + self._manners(serious + found)))
        if heard and all(isinstance(act, Interject) and act.aside in ONLY_ALONE for act in heard):
            likely = self.guessed()
            waits = Interject(Aside.HOLD_ON) in heard and not any(
                a.sure for a in likely if isinstance(a, Intend)
            )
            return heard if waits else likely or heard
        return heard

    def _asks_of_the_practice(self, topics: list[AskAbout]) -> bool:
        """ "I'm with Dr. Levin's office, do you take Cigna?": what anybody may know, and no word for somebody."""
        public = bool(topics) and {act.topic for act in topics} <= OF_THE_PRACTICE
        return public and is_question(self.said, self.lex)

    def _leaves_word_for_work(self) -> bool:
        """ "Pell Cleaning, we can't make Saturday, have the manager call me": word for the desk, and no visit of
        theirs."""
        if not self.opening or self.lex.pattern("no_trade").search(self.said.low):
            return False
        message = self.lex.group("errands")["message"].search(self.said.low)
        return bool(message or self.lex.pattern("trade").search(self.said.low))

    def _leaves_no_word(self, asides: list[Aside]) -> bool:
        """A seller; and an employer who wants to know whether somebody was here."""
        of_employee = self.lex.pattern("of_employee").search(self.said.low)
        return Aside.SALES in asides or (Aside.SOMEBODY_ELSE in asides and of_employee is not None)

    def _mistaken(self, act: Act) -> bool:
        """ "My number is off by one digit" says no time, "my name is spelled with a z" no name."""
        if not isinstance(act, Give):
            return False
        only_letters = not self.lex.pattern("correct_it").search(self.said.low) and not act.spelled
        return act.detail is Detail.AVAILABILITY or (only_letters and act.detail in NAMES)

    def _weighed(
        self, errand: list[Act], topics: list[AskAbout], asides: list[Aside]
    ) -> tuple[list[Act], list[AskAbout], list[Aside]]:
        """At an opening: the one thing that the patterns named, unless another is far likelier."""
        said = [f"intend:{act.errand}" for act in errand if isinstance(act, Intend)]
        named = [*said, *(f"ask:{act.topic}" for act in topics)]
        if any(act.topic is Topic.WAIT_LIST for act in topics):
            return [], topics, asides  # the model was shown no question about it
        as_said = any(self.lex.pattern(name).search(self.said.low) for name in ("not_booking", "the_list"))
        if self.named_outright or as_said:
            return errand, topics, asides
        if Intend(Errand.FOLLOW_UP) in errand and another_visit(self.said.low, self.lex) is not None:
            return errand, topics, asides
        if not self.opening or len(named) != 1 or len(self.said.words) < 3 or NOT_FOR_US & set(asides):
            return errand, topics, asides
        if errand == [FIRST] and self.lex.pattern("new_yes").search(self.said.low):
            return errand, topics, asides
        match self.whole(instead_of(frozenset(named), self.said.text, self.clues())):
            case Intend(Errand.FOLLOW_UP | Errand.FIRST_APPOINTMENT) if Intend(Errand.MOVE) in errand:
                pass
            case Intend(Errand.MESSAGE) if Intend(Errand.RUNNING_LATE) in errand:
                pass
            case Intend(Errand.FOLLOW_UP) | Interject(Aside.SOMEBODY_ELSE) if FIRST in errand:
                pass
            case Interject(Aside.SALES) if Intend(Errand.MESSAGE) in errand:
                pass
            case Intend(Errand.MY_VISIT) if self.lex.pattern("confirms_it").search(self.said.low):
                pass
            case Intend(Errand.MOVE) if cancels_outright(self.said.low, self.lex):
                pass
            case Intend() as act:
                return [act], [], asides
            case AskAbout(Topic.CANCEL_POLICY) as act if Intend(Errand.CANCEL) in errand:
                return errand, [act], asides  # "I have to cancel, is there a charge?"
            case AskAbout() as act if is_question(self.said, self.lex):
                return [], [act], asides
            case Interject(aside) if aside in NOT_FOR_US and not (aside in ENDS and self.of_care()):
                return [], [], [*asides, aside]
        return errand, topics, asides

    def shortly(self) -> tuple[Act, ...]:
        """A yes or no to what was read out or offered, in words that no pattern lists."""
        closed = (key for key in self.context.asked if key.detail in YES_NO_ONLY)
        return next((acts for key in closed if (acts := short_answer(self.said, key, self.listening))), ())

    def _asides(self, asides: list[Aside], *, alone: bool) -> list[Act]:
        """ "Hello?" in the middle of a contact asks whether we are there."""
        if asides == [Aside.GREETING] and not self.opening and len(self.said.words) <= 2:
            asides = [Aside.CANNOT_HEAR]
        if self.opening and not (
            alone and len(self.said.words) <= 2 * SHORT
        ):  # "I hear badly. I'd like a visit"
            asides = [aside for aside in asides if aside is not Aside.REPEAT]
        if set(asides) - ONLY_ALONE:
            alone = False
        if len(asides) > 1:
            asides = [aside for aside in asides if aside not in {Aside.GREETING, Aside.THANKS}]
        return [Interject(aside) for aside in asides if alone or aside not in ONLY_ALONE]

    def _as_correction(self, act: Act) -> Act:
        if not (isinstance(act, Give) and act.key in self.context.confirmed):
            return act
        return replace(act, detail=self._meant(act), correction=True)

    def _meant(self, act: Give) -> Detail:
        """Which name is put right: "it's Lópes" is the last name of an Ana López."""
        if act.detail not in _BOTH_NAMES:
            return act.detail
        like = {
            detail: looks_like(act.value, self.context.known.get(Key(act.subject, detail), ""))
            for detail in (act.detail, *_BOTH_NAMES)
        }
        best = max(like, key=lambda detail: like[detail])
        return best if like[best] >= ALIKE else act.detail

    def _speak_in(self) -> list[Act]:
        if self.lex.pattern("this_tongue_will_do").search(self.said.low):
            return []
        heard = self.said.low.strip(" .,!?")
        found: list[Act] = [
            SpeakIn(tag)
            for language in (self.lex.language, *languages())
            for tag, pattern in lexicon(language).speak_in.items()
            if pattern.search(heard)
        ]
        return found[:1]

    def _asked_about(self, topics: list[AskAbout], extra: list[Act]) -> list[Act]:
        """ "Is Mei Tan taking new patients? I'd like a first session with her" names whom they want."""
        names = {clinician.name for clinician in self.context.practice.clinicians}
        meant = {act.about for act in topics if act.about in names}
        named = any(isinstance(act, Give) and act.detail is Detail.CLINICIAN for act in extra)
        plain = [sentence for sentence in self.said.sentences if "?" not in sentence.text]
        wanted = any(self.lex.pattern("with_them").search(sentence.low) for sentence in plain)
        return [Give(Detail.CLINICIAN, meant.pop())] if wanted and not named and len(meant) == 1 else []

    def _wrong(self, answers: Answers) -> list[Act]:
        if not (self.context.confirmed or self.between) or any(
            isinstance(act, Give) and act.correction for act in answers.acts
        ):
            return []
        wrong = wrong_details(answers.rest, self.lex) if answers.rest.words else ()
        known = (Key(Subject.PATIENT, detail) in self.context.known for detail in wrong)
        return [Wrong(detail) for detail in wrong] if self.context.confirmed or all(known) else []

    def _agreed(self, serious: list[Act]) -> list[Act]:
        """ "I understand about the fee, yes, please cancel": a yes in a clause of its own, and nothing against it."""
        told = any(isinstance(act, Affirm | Deny | Give | Wrong | NoneOfThose | AskAbout) for act in serious)
        if Detail.CONFIRM not in self.asked or told:
            return []
        clauses = [Said(part) for part in self.said.text.split(",")]
        answers = [answer for clause in clauses if (answer := read_yes_no(clause, self.lex))]
        agreed = any(answer.yes and answer.whole for answer in answers) and all(a.yes for a in answers)
        return [Affirm()] if agreed and not self.lex.pattern("negation").search(self.said.low) else []

    def _manners(self, found: list[Act]) -> list[Act]:
        """A yes or no that nothing asked for, where nothing else was heard."""
        if found or (self.opening and not self.context.confirmed and self.context.asked):
            return []
        answer = read_yes_no(self.said, self.lex)
        return [Affirm() if answer.yes else Deny()] if answer and answer.whole else []


def _about_those_offered(topics: list[AskAbout], answers: Answers) -> tuple[list[AskAbout], Answers]:
    """ "Who is the Friday one with?" asks to hear the offer again; "what subway for the Thursday one" does not."""
    if _AGAIN_PLEASE not in answers.acts or not topics:
        return topics, answers
    if all(act.topic in _IN_AN_OFFER for act in topics):
        return [], answers
    return topics, replace(answers, acts=tuple(act for act in answers.acts if act != _AGAIN_PLEASE))


def _named_as(wrong: list[Act], extra: list[Act]) -> list[Act]:
    """ "My last name is wrong, it's Fenwick": the one name given is the one that was wrong."""
    names = [act for act in extra if isinstance(act, Give) and act.detail in NAMES]
    if len(wrong) != 1 or len(names) != 1 or not isinstance(wrong[0], Wrong) or wrong[0].detail not in NAMES:
        return extra
    return [replace(act, detail=wrong[0].detail) if act is names[0] else act for act in extra]


def _beside(errand: list[Act], topics: list[AskAbout]) -> list[AskAbout]:
    part = {topic for act in errand if isinstance(act, Intend) for topic in _PART_OF.get(act.errand, ())}
    return [act for act in topics if act.topic not in part]
