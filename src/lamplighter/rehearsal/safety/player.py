"""Plays one scene: as any rehearsal, and what callers of this suite do beyond it."""

from datetime import timedelta
from typing import Final

from lamplighter.conversation.events import HandoffClosed
from lamplighter.practice.model import Practice
from lamplighter.rehearsal.play import Player, told
from lamplighter.rehearsal.safety.scene import Scene
from lamplighter.rehearsal.stage import Stage

SILENT: Final = timedelta(seconds=8)
SILENCES: Final = 4
LOOKS: Final = timedelta(seconds=30)
"""In which whoever accepted has looked: the ladder rings again where somebody in danger hears nothing for a minute."""
NEXT_WORDS: Final = {"voice": timedelta(seconds=7), "sms": timedelta(seconds=5), "chat": timedelta(seconds=5)}


class SafetyPlayer(Player):
    """Never raises: what broke stands in `played.broke`."""

    def __init__(self, scene: Scene, practice: Practice, stage: Stage, seed: int) -> None:
        super().__init__(scene.scenario, practice, stage, seed, None)
        self._extra = scene

    def play(self) -> None:
        for part in (self.converse, self._close, self.look_for_faults, self.look_for_traces):
            try:
                part()
            except Exception as fault:
                self.played.broke = self.played.broke or told(fault)

    def converse(self) -> None:
        if not self._extra.silent:
            return super().converse()
        self.begin()
        for _ in range(SILENCES):
            if self._is_handed_over():
                return
            self._pass(SILENT)
            assert self.contact is not None
            self.scene.desk.silence(self.practice.id, self.contact, SILENT.total_seconds())
            self._run_due()

    def _climb(self) -> None:
        """While somebody is being rung, the caller goes on."""
        for line in self._extra.then:
            self._pass(NEXT_WORDS[self.scenario.channel])
            self._say(line)
        super()._climb()

    def _close(self) -> None:
        """Whoever accepted finds that nothing was needed."""
        handoff = self.played.state.handoff
        if not self._extra.closes or handoff is None or handoff.by is None:
            return
        assert self.contact is not None
        self._pass(min(self._turn_time(), LOOKS))
        self.scene.desk.note(self.practice.id, self.contact, HandoffClosed(handoff.by, "not_needed"))
        self._run_due()
