"""The lines of all calls on this machine: one recogniser, one voice and one pair of ears for all of them."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from lamplighter.channels.speech.line import Loudspeaker, SpokenLine, Utterance
from lamplighter.channels.speech.listening import SileroModel, SileroVad, SmartTurn
from lamplighter.channels.speech.recogniser import WhisperRecogniser
from lamplighter.channels.speech.turns import DETAIL, DISTRESS, FREE_SPEECH, Patience, TurnTaker, Vad
from lamplighter.channels.speech.voice import CachedVoice, voice_on_this_machine
from lamplighter.desk.ports import Recogniser, Sound, Voice

# What people spell, read off a card or stop to work out: a pause is not the end of it.
SLOWLY_SAID = frozenset(
    {
        "first_name",
        "last_name",
        "preferred_name",
        "caller_name",
        "date_of_birth",
        "phone",
        "email",
        "member_id",
        "identity_code",
        "subscriber",
        "organisation",
        "message",
    }
)


def patience_for(details: tuple[str, ...], *, distress: bool) -> Patience:
    """How long a silence to allow when these details are expected."""
    if distress:
        return DISTRESS
    return DETAIL if SLOWLY_SAID.intersection(details) else FREE_SPEECH


class Lines:
    """Makes the line of each call over shared parts; `make_vad` gives every call its own ears."""

    def __init__(
        self,
        *,
        recogniser: Recogniser,
        voice: Voice,
        make_vad: Callable[[], Vad],
        sounds_finished: Callable[[Sound], float] | None = None,
    ) -> None:
        self.recogniser, self.voice = recogniser, voice
        self._make_vad, self._sounds_finished = make_vad, sounds_finished

    def __call__(
        self,
        *,
        loudspeaker: Loudspeaker,
        locale: str,
        on_words: Callable[[Utterance], Awaitable[None]],
        on_trouble: Callable[[Exception], Awaitable[None]],
    ) -> SpokenLine:
        """The line of one call. Needs a running event loop."""
        return SpokenLine(
            recogniser=self.recogniser,
            voice=self.voice,
            turns=TurnTaker(self._make_vad()),
            loudspeaker=loudspeaker,
            locale=locale,
            on_words=on_words,
            on_trouble=on_trouble,
            sounds_finished=self._sounds_finished,
        )

    def expect(self, line: SpokenLine, details: tuple[str, ...], distress: bool) -> None:
        """Tells a line what the next words are likely to hold, so that it waits as long as they need."""
        line.patience = patience_for(details, distress=distress)


class LinesOnThisMachine(Lines):
    """Lines over the installed models; loads them, some two seconds. `cache` keeps phrases rendered ahead.

    Raises ModelsError if the models are not installed, VoiceTrouble (with the line to type) without espeak-ng.
    """

    voice: CachedVoice

    def __init__(self, models: Path, cache: Path) -> None:
        silero = SileroModel(models)
        super().__init__(
            recogniser=WhisperRecogniser(models),
            voice=voice_on_this_machine(models, cache),
            make_vad=lambda: SileroVad(silero),
            sounds_finished=SmartTurn(models),
        )
