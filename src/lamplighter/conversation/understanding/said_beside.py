"""What is said beside an errand of when and of whom: what of it is wished for, and what tells of the visit there is."""

import re

from lamplighter.conversation.acts import Act, Decline, Give, Intend, Wrong
from lamplighter.conversation.details import Detail, Errand, Key, Subject
from lamplighter.conversation.understanding.answers import Answers
from lamplighter.conversation.understanding.came_for import CameFor
from lamplighter.conversation.understanding.day_of_visit import DAY_OF_VISIT
from lamplighter.conversation.understanding.intents import another_visit
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.understanding.volunteered import new_time, read_volunteered

_BOOKING = frozenset({Errand.FIRST_APPOINTMENT, Errand.FOLLOW_UP, Errand.MOVE, Errand.WAITLIST})
_CHANGED = frozenset({Detail.AVAILABILITY, Detail.MODALITY, Detail.CLINICIAN, Detail.VISIT_KIND})


VISITS = DAY_OF_VISIT | {
    Errand.CANCEL, Errand.MOVE, Errand.CONFIRM_VISIT, Errand.MY_VISIT, Errand.RUNNING_LATE,
}  # fmt: skip


class SaidBeside(CameFor):
    """One utterance with the errand in it, and the times and people named beside that."""

    def other_time(
        self, answers: Answers, extra: list[Act], errand: list[Act]
    ) -> tuple[list[Act], list[Act]]:
        """While something is being booked, "can we make it Friday instead" changes that, not an older visit; and "only
        Sundays, they give me no other day" says when."""
        if (
            self.context.errand not in _BOOKING
            or self.opening
            or self.between
            or Intend(Errand.MOVE) not in errand
        ):
            return extra, errand
        kept = [act for act in errand if act != Intend(Errand.MOVE)]
        said = (*answers.acts, *extra)
        timed = any(isinstance(act, Give) and act.detail in _CHANGED for act in said)
        return (extra if timed else [*extra, Wrong(Detail.AVAILABILITY)]), kept

    def whoever(self, answers: Answers, extra: list[Act], errand: list[Act]) -> list[Act]:
        """ "Tuesday with whoever, by Zoom" in one breath."""
        asked = Key(Subject.PATIENT, Detail.CLINICIAN)
        said = [act for act in (*answers.acts, *extra) if isinstance(act, Give | Decline)]
        if any(act.detail in {Detail.CLINICIAN, Detail.LANGUAGE} for act in said):
            return []
        if asked in self.context.asked:
            whoever = bool(self.lex.pattern("any_clinician").search(answers.rest.low))
        else:
            named = [act.errand for act in errand if isinstance(act, Intend)]
            books = any(each in _BOOKING for each in named) if named else self.context.errand in _BOOKING
            whoever = books and self._whoever_unasked(answers.rest)
        return [Decline(Detail.CLINICIAN)] if whoever else []

    def _whoever_unasked(self, said: Said) -> bool:
        """ "A first visit with whoever is free", "first visit, anyone, Monday"."""
        clauses = (clause.strip() for clause in re.split(r"[.,;!?\n]", said.low))
        alone = any(self.lex.pattern("anyone_alone").fullmatch(clause) for clause in clauses if clause)
        return (self.opening and alone) or bool(self.lex.pattern("any_clinician_said").search(said.low))

    def without_old_time(self, extra: list[Act], errand: list[Act]) -> list[Act]:
        """A day said of the visit that is moved or cancelled is no wish for a new one."""
        named = {act.errand for act in errand if isinstance(act, Intend)}
        another = another_visit(self.said.low, self.lex) if Errand.FOLLOW_UP in named else None
        if another is not None:
            timed = read_volunteered(self.said.cut(another, len(self.said.text)), self.listening, [])
            return [act for act in extra if not _says_when(act)] + [act for act in timed if _says_when(act)]
        if not named & (VISITS | {Errand.MESSAGE}):
            return extra
        old = {Detail.AVAILABILITY} if Errand.MOVE in named else {Detail.AVAILABILITY, Detail.MODALITY}
        old |= {Detail.NEW_PATIENT} if named & DAY_OF_VISIT else set()
        kept = [act for act in extra if not (isinstance(act, Give) and act.detail in old)]
        return kept + (new_time(self.said, self.listening) if Errand.MOVE in named else [])


def _says_when(act: Act) -> bool:
    return isinstance(act, Give) and act.detail is Detail.AVAILABILITY
