"""Plays scenarios, one after the other."""

from collections.abc import Sequence
from pathlib import Path

from lamplighter.practice.load import load
from lamplighter.practice.model import Practice
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.practice.sample import load_sample
from lamplighter.rehearsal.judge import judge
from lamplighter.rehearsal.on_file import NotOnFile
from lamplighter.rehearsal.play import Played, play
from lamplighter.rehearsal.reading import RehearsalProblems, read_files
from lamplighter.rehearsal.result import Result
from lamplighter.rehearsal.scenario import Scenario
from lamplighter.rehearsal.stage import Spoken, Stage

DEMO = "demo"


def run(files: Sequence[Path], stage: Stage, *, seed: int = 0, spoken: Spoken | None = None) -> list[Result]:
    """The result of every scenario in the files, in order. Raises RehearsalProblems before any is played."""
    scenarios = read_files(files)
    practices = _practices(scenarios)
    return [
        rehearse(scenario, practices[_key(scenario)], stage, seed=seed, spoken=spoken)
        for scenario in scenarios
    ]


def rehearse(
    scenario: Scenario, practice: Practice, stage: Stage, *, seed: int = 0, spoken: Spoken | None = None
) -> Result:
    """Plays one scenario against the practice on a fresh stage."""
    try:
        played, scene = play(scenario, practice, stage, seed, spoken)
    except NotOnFile as wrong:
        return _not_played(scenario, str(wrong))
    return judge(scenario, practice, played, scene)


def _not_played(scenario: Scenario, why: str) -> Result:
    nothing = Played()
    return Result(
        scenario.id, (f"it could not be played: {why}",), "abandoned", "none", nothing.turns, {}, None, (),
        scenario.file, scenario.line,
    )  # fmt: skip


def _key(scenario: Scenario) -> tuple[str, str]:
    return (DEMO, "") if scenario.practice == DEMO else (scenario.practice, str(Path(scenario.file).parent))


def _practices(scenarios: Sequence[Scenario]) -> dict[tuple[str, str], Practice]:
    """Every practice that is named, loaded once. A folder is looked for beside the file, then where we stand."""
    practices: dict[tuple[str, str], Practice] = {}
    problems: list[Problem] = []
    for scenario in scenarios:
        key = _key(scenario)
        if key in practices:
            continue
        try:
            practices[key] = load_sample() if key[0] == DEMO else load(_folder(*key))
        except PracticeProblems as wrong:
            message = f"the practice {scenario.practice} can't be loaded: {wrong.problems[0].message}"
            problems.append(Problem(scenario.file, scenario.line, message, wrong.problems[0].remedy))
    if problems:
        raise RehearsalProblems(problems)
    return practices


def _folder(name: str, beside: str) -> Path:
    near = Path(beside) / name
    return near if near.is_dir() else Path(name)
