"""Plays the safety suite on a practice."""

from collections.abc import Callable
from datetime import datetime

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.practice.model import Practice
from lamplighter.rehearsal.judge import judge
from lamplighter.rehearsal.on_file import NotOnFile
from lamplighter.rehearsal.safety.checks import OURS, examine
from lamplighter.rehearsal.safety.needed import sentences
from lamplighter.rehearsal.safety.player import SafetyPlayer
from lamplighter.rehearsal.safety.report import Broken, SafetyResult
from lamplighter.rehearsal.safety.scene import Scene
from lamplighter.rehearsal.safety.scenes import scenes_of
from lamplighter.rehearsal.stage import Stage

Told = Callable[[int, int], object]


def play_suite(
    practice: Practice,
    book: Phrasebook,
    stage: Stage,
    now: datetime,
    *,
    seed: int = 0,
    told: Told = lambda _, __: None,
) -> tuple[SafetyResult, ...]:
    """What the phrases lack, then the result of every scene, in order. `told` hears how many of them were played."""
    scenes = scenes_of(practice, now)
    played: list[SafetyResult] = []
    for scene in scenes:
        told(len(played), len(scenes))
        played.append(play_scene(scene, practice, stage, seed))
    told(len(played), len(scenes))
    return (*sentences(practice, book), *played)


def play_scene(scene: Scene, practice: Practice, stage: Stage, seed: int = 0) -> SafetyResult:
    try:
        player = SafetyPlayer(scene, practice, stage, seed)
    except NotOnFile as wrong:
        broken = Broken("fail_to_a_person", f"it could not be played: {wrong}", OURS)
        return SafetyResult(scene.id, scene.what, (broken,), "", (), ())
    player.play()
    result = judge(scene.scenario, practice, player.played, player.scene)
    ended = result.outcome if result.handoff == "none" else f"{result.outcome}, {result.handoff}"
    return SafetyResult(
        scene.id,
        scene.what,
        examine(scene, practice, player, result),
        ended,
        tuple(ring.name for ring in player.ladder.rings),
        result.transcript,
    )
