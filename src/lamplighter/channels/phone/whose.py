"""Whose call it is: found once, by the number dialled."""

from contextlib import suppress
from dataclasses import dataclass

from lamplighter import logs
from lamplighter.channels.phone.far_end import Ringing
from lamplighter.channels.phone.numbers import e164, user_of
from lamplighter.practice.directory import Directory, UnknownPractice
from lamplighter.practice.model import Practice, PracticeId

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Whose:
    """`default` is the number that counts as dialled where the line doesn't say it."""

    directory: Directory
    default: str | None = None

    def practice(self, ringing: Ringing) -> Practice | None:
        """Where only one practice is here it is that one's; None where what was dialled is nobody's."""
        with suppress(UnknownPractice):
            if ringing.practice:
                return self.directory.by_id(PracticeId(ringing.practice))
        for each in (*ringing.dialled, self.default or ""):
            with suppress(UnknownPractice):
                return self.directory.by_number(e164(user_of(each)) or "")
        log.warning("number_dialled_is_nobodys")
        only = tuple(self.directory)
        return only[0] if len(only) == 1 else None

    def number(self, ringing: Ringing, practice: Practice) -> str:
        """The practice's own number that was dialled, or its first."""
        said = (e164(user_of(each)) for each in ringing.dialled)
        return next((each for each in said if each in practice.numbers), practice.phone)
