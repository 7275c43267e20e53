"""Lines of calls over the speech of this machine. Needs the speech extra; import it once speech is there."""

import re
from collections.abc import Awaitable, Callable

from lamplighter.channels.calls.speech_desk import Heard, Loudspeaker, VoiceLine
from lamplighter.channels.speech.line import SpokenLine
from lamplighter.channels.speech.turns import DETAIL, DISTRESS, FREE_SPEECH, TurnTaker, Vad
from lamplighter.conversation.details import Detail
from lamplighter.desk.ports import Hearing, Recogniser, Sound, Voice

SLOWLY_SAID = frozenset(
    {Detail.PHONE, Detail.DATE_OF_BIRTH, Detail.MEMBER_ID, Detail.IDENTITY_CODE, Detail.EMAIL,
     Detail.FIRST_NAME, Detail.LAST_NAME}
)  # fmt: skip
DIGITS = {Detail.PHONE: 10, Detail.IDENTITY_CODE: 6}


class SpokenLines:
    """LineMaker over one recogniser and one voice. `new_vad` makes the ear of one line, over a shared model."""

    def __init__(
        self,
        recogniser: Recogniser,
        voice: Voice,
        new_vad: Callable[[], Vad],
        sounds_finished: Callable[[Sound], float] | None = None,
    ) -> None:
        self._recogniser, self._voice = recogniser, voice
        self._new_vad, self._sounds_finished = new_vad, sounds_finished

    def __call__(
        self,
        *,
        loudspeaker: Loudspeaker,
        locale: str,
        on_words: Callable[[Heard], Awaitable[None]],
        on_trouble: Callable[[Exception], Awaitable[None]],
    ) -> VoiceLine:
        return SpokenLine(
            recogniser=self._recogniser,
            voice=self._voice,
            turns=TurnTaker(self._new_vad()),
            loudspeaker=loudspeaker,
            locale=locale,
            on_words=on_words,
            on_trouble=on_trouble,
            sounds_finished=self._sounds_finished,
        )

    def expect(self, line: VoiceLine, details: tuple[str, ...], distress: bool) -> None:
        """People stop to think while they say numbers and names, and need long in distress."""
        assert isinstance(line, SpokenLine)
        line.asked = details
        asked = {written.rpartition(".")[2] for written in details}
        slowly = bool(asked & {detail.value for detail in SLOWLY_SAID})
        line.patience = DISTRESS if distress else DETAIL if slowly else FREE_SPEECH
        only = next((count for detail, count in DIGITS.items() if asked == {detail.value}), None)
        line.enough = None if only is None else lambda hearing: _digits(hearing) >= only


def _digits(hearing: Hearing) -> int:
    return len(re.sub(r"\D", "", hearing.text))
