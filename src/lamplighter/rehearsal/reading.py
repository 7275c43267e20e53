"""Reads rehearsal files. Every mistake is found in one go, with its file, its line and what to do about it.

Works on YAML's nodes, so that what somebody typed (`17:00`, `yes`, `0100`) is what the caller says.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from lamplighter.conversation.details import Detail, Key
from lamplighter.practice.problems import Problem, format_problem
from lamplighter.practice.reading import Notes, Section
from lamplighter.practice.values import (
    DATE,
    EMAIL,
    MONEY,
    PHONE,
    TIME,
    YES_NO,
    Kind,
    Unreadable,
    choice,
    nearest,
    shorten,
    whole_number,
)
from lamplighter.rehearsal.kinds import LOCALE, MODALITY, MOMENT, NAME, SCENARIO_ID, WEEKDAY, WORDS
from lamplighter.rehearsal.scenario import (
    CHANNELS,
    HANDOFFS,
    LADDERS,
    OUTCOMES,
    PLAN_SAYS,
    AppointmentExpected,
    Existing,
    Expect,
    Interrupt,
    PlanOnFile,
    ProxyOnFile,
    Scenario,
    SecondOnFile,
)

LARGEST_FILE: Final = 16 * 1024 * 1024
DEEPEST: Final = 8
MOST_BRACKETS: Final = 200
MOST_REPEATED: Final = 100_000  # parts of a file that aliases repeat
_MERGE: Final = "tag:yaml.org,2002:merge"
_BRACKETS = re.compile(r"[\[\]{}]|\n- ")
_FOR_THE_SLOW = re.compile(r"^[ \t?:-]{200}|(?:^|[\s,:\[{-])[&*]\S", re.MULTILINE)


class RehearsalProblems(Exception):
    """The files hold mistakes; `problems` has every one of them, in order of file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(format_problem(problem) for problem in self.problems))


def read_files(paths: Sequence[Path]) -> list[Scenario]:
    """The scenarios of files, in order; of a folder, those of its YAML files by name. Raises RehearsalProblems."""
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for path in _spread(paths):
        try:
            with path.open("rb") as stream:
                content = stream.read(LARGEST_FILE + 1)
        except (OSError, ValueError):
            problems.append(
                Problem(str(path), 0, "this file cannot be read", "Check its name and its rights.")
            )
            continue
        found, wrong = read(str(path), content)
        scenarios += found
        problems += wrong
    problems += _twins(scenarios)
    if problems:
        raise RehearsalProblems(problems)
    return scenarios


def _spread(paths: Sequence[Path]) -> list[Path]:
    spread: list[Path] = []
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.suffix in (".yaml", ".yml")) if path.is_dir() else []
        spread += inside or [path]
    return spread


def _twins(scenarios: Sequence[Scenario]) -> list[Problem]:
    places: dict[str, Scenario] = {}
    problems = []
    for scenario in scenarios:
        first = places.setdefault(scenario.id, scenario)
        if first is not scenario and scenario.id:
            message = f'the id "{scenario.id}" is taken in {first.file}, line {first.line}'
            problems.append(Problem(scenario.file, scenario.line, message, "Give each scenario its own id."))
    return problems


def read(file: str, content: bytes) -> tuple[list[Scenario], list[Problem]]:
    """What a file's content says, and what is wrong with it. A scenario with a mistake in it is left out."""
    notes = Notes(file)
    root = _compose(notes, content)
    scenarios = []
    for node in root.value if root else []:
        before = len(notes.problems)
        scenario = _scenario(notes, node)
        if scenario is not None and len(notes.problems) == before:
            scenarios.append(scenario)
    return scenarios, sorted(notes.problems)


# -- YAML ------------------------------------------------------------------------------------------------------------


def _compose(notes: Notes, content: bytes) -> SequenceNode | None:
    text = _decode(notes, content)
    if text is None:
        return None
    if line := _deep_line(text):
        notes.add(line, "brackets are opened here that never close", "Close them, or quote the words.")
        return None
    try:
        root = _composed(text)
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        problem = f"this is not YAML: {wrong.problem or wrong.context}"
        notes.add(mark.line + 1 if mark else 0, problem, "Look at the indentation and the quotes.")
        return None
    except RecursionError:
        notes.add(0, "this is nested too deeply", "A scenario has three levels.")
        return None
    except (YAMLError, ValueError, LookupError, TypeError, AttributeError, AssertionError):
        notes.add(0, "this is not YAML that can be read", "Look for stray characters.")
        return None
    if not isinstance(root, SequenceNode):
        message = "the file is empty" if root is None else "the file should be a list of scenarios"
        notes.add(0 if root is None else root, message, "Begin every scenario with `- id: ...`.")
        return None
    return root if _is_plain(notes, root) else None


def _composed(text: str) -> Any:
    """By the fast reader where it takes the text; the slow one says best what is wrong, knows anchors, and bears
    every depth."""
    if not _FOR_THE_SLOW.search(text):
        with suppress(YAMLError, ValueError, LookupError, TypeError, AttributeError, AssertionError):
            return YAML(typ="safe").compose(text)
    return YAML(typ="rt", pure=True).compose(text)


def _decode(notes: Notes, content: bytes) -> str | None:
    if len(content) > LARGEST_FILE:
        notes.add(0, f"the file is larger than {LARGEST_FILE >> 20} MB", "Make it several files.")
        return None
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        notes.add(
            line, "there is a NUL byte here", 'Write "\\0" in double quotes where the caller sends one.'
        )
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content[: wrong.start].count(b"\n") + 1
        notes.add(line, "this is not UTF-8 text", "Save the file as UTF-8.")
        return None


def _deep_line(text: str) -> int:
    """Where a scenario opens too many brackets; 0 if none does. YAML itself would ponder them for minutes."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        depth = 0 if found[0] == "\n- " else depth + (1 if found[0] in "[{" else -1)
        if depth > MOST_BRACKETS:
            return text.count("\n", 0, found.start()) + 1
    return 0


def _is_plain(notes: Notes, root: Node) -> bool:
    """No nesting without end, and no aliases that make a small file stand for a huge one. What an alias stands for is
    put in its place, merged mappings (`<<`) too."""
    seen: set[int] = set()
    again = 0
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        again += id(node) in seen
        seen.add(id(node))
        if again > MOST_REPEATED:
            notes.add(node, "the aliases of this file stand for too much", "Write the scenarios out.")
            return False
        if depth > DEEPEST:
            notes.add(node, "this is nested too deeply", "A scenario has three levels.")
            return False
        if isinstance(node, MappingNode):
            node.value = _merged(node)
            waiting += [(part, depth + 1) for entry in node.value for part in entry]
        elif isinstance(node, SequenceNode):
            waiting += [(part, depth + 1) for part in node.value]
    return True


def _merged(node: MappingNode) -> list[tuple[Node, Node]]:
    """The entries with those of the mappings that are merged into it, where it has none of its own by that name."""
    own = [(name, value) for name, value in node.value if name.tag != _MERGE]
    named = {name.value for name, _ in own if isinstance(name, ScalarNode)}
    for name, value in node.value:
        if name.tag != _MERGE:
            continue
        for base in value.value if isinstance(value, SequenceNode) else [value]:
            entries = base.value if isinstance(base, MappingNode) else []
            added = [each for each in entries if each[0].tag != _MERGE and each[0].value not in named]
            own += added
            named |= {each[0].value for each in added if isinstance(each[0], ScalarNode)}
    return own


# -- scenarios -------------------------------------------------------------------------------------------------------


def _scenario(notes: Notes, node: Node) -> Scenario | None:
    if not isinstance(node, MappingNode):
        notes.add(node, "a scenario should have names in it", "Write `- id: ...` and so on.")
        return None
    section = Section(notes, node, "the scenario")
    scenario = Scenario(
        id=section.need("id", SCENARIO_ID),
        locale=section.need("locale", LOCALE),
        channel=section.need("channel", choice(*CHANNELS)),
        at=section.need("at", MOMENT),
        opens=section.need("opens", WORDS),
        practice=section.maybe("practice", NAME, "demo"),
        caller_id=section.optional("caller_id", PHONE),
        ladder=section.maybe("ladder", choice(*LADDERS), "answers"),
        existing=_existing(section.section("existing")),
        knows=_knows(notes, _raw(section, "knows")),
        interrupts=tuple(_interrupt(each) for each in section.sections("interrupts")),
        expect=_expect(notes, section.need_section("expect")),
        file=notes.file,
        line=node.start_mark.line + 1,
    )
    section.close()
    return scenario


def _raw(section: Section, name: str) -> MappingNode | None:
    inside = section.section(name)
    return inside.node if inside else None


def _existing(section: Section | None) -> Existing | None:
    if section is None:
        return None
    existing = Existing(
        first_name=section.need("first_name", NAME),
        last_name=section.need("last_name", NAME),
        date_of_birth=section.need("date_of_birth", DATE),
        phone=section.optional("phone", PHONE),
        appointment=section.optional("appointment", MOMENT),
        clinician=section.optional("clinician", NAME),
        modality=section.maybe("modality", MODALITY, "in_person"),
        proxy=_proxy(section.section("proxy")),
        email=section.optional("email", EMAIL),
        owes=section.optional("owes", MONEY),
        plan=_plan(section.section("plan")),
        every_weeks=section.optional("every_weeks", whole_number(1, 8)),
        second=_second(section.section("second")),
        apart=section.optional("apart", NAME),
    )
    section.close()
    return existing


def _second(section: Section | None) -> SecondOnFile | None:
    if section is None:
        return None
    second = SecondOnFile(
        section.need("first_name", NAME),
        section.need("last_name", NAME),
        section.need("date_of_birth", DATE),
        section.optional("phone", PHONE),
    )
    section.close()
    return second


def _plan(section: Section | None) -> PlanOnFile | None:
    if section is None:
        return None
    plan = PlanOnFile(
        insurer=section.optional("insurer", NAME),
        member_id=section.optional("member_id", NAME),
        says=section.maybe("says", choice(*PLAN_SAYS), "open"),
        subscriber=section.maybe("subscriber", NAME, "self"),
        agreed=section.maybe("agreed", YES_NO, True),
        self_pay=section.maybe("self_pay", YES_NO, False),
        new_member_id=section.optional("new_member_id", NAME),
    )
    section.close()
    return plan


def _proxy(section: Section | None) -> ProxyOnFile | None:
    if section is None:
        return None
    proxy = ProxyOnFile(
        section.need("first_name", NAME), section.need("last_name", NAME), section.need("phone", PHONE)
    )
    section.close()
    return proxy


def _interrupt(section: Section) -> Interrupt:
    interrupt = Interrupt(section.need("when_asked", DETAIL), section.need("says", WORDS))
    section.close()
    return interrupt


def _knows(notes: Notes, node: MappingNode | None) -> dict[str, tuple[str, ...]]:
    knows: dict[str, tuple[str, ...]] = {}
    for name, value in _details(notes, node):
        nodes = value.value if isinstance(value, SequenceNode) else [value]
        if not nodes:
            notes.add(value, f"{name} has no answer", "Write what the caller says, or leave the line out.")
        knows[name] = tuple(_read(notes, name, each, WORDS) for each in nodes)
    return knows


def _details(notes: Notes, node: MappingNode | None) -> list[tuple[str, Node]]:
    """The entries of a mapping by detail; strangers and twins are problems."""
    entries: dict[str, Node] = {}
    for key, value in node.value if node else ():
        name = _read(notes, "a detail", key, DETAIL)
        if name in entries:
            notes.add(key, f"{name} is written twice", "Remove one, or make it a list.")
        elif name:
            entries[name] = value
    return list(entries.items())


def _read(notes: Notes, name: str, node: Node, kind: Kind[str]) -> str:
    if not isinstance(node, ScalarNode):
        notes.add(node, f"{name} should be words, or a list of them", f"Write `{name}: words`.")
        return kind.blank
    try:
        return kind.read(node.value)
    except Unreadable as wrong:
        notes.add(node, f"{name}: {wrong.message}", wrong.remedy)
        return kind.blank


# -- expectations ----------------------------------------------------------------------------------------------------


def _expect(notes: Notes, section: Section | None) -> Expect:
    if section is None:
        return Expect()
    details = _raw(section, "details")
    expect = Expect(
        outcome=section.optional("outcome", choice(*OUTCOMES)),
        handoff=section.optional("handoff", choice(*HANDOFFS)),
        by_turn=section.optional("by_turn", whole_number(1, 40)),
        details={name: _read(notes, name, value, WORDS) for name, value in _details(notes, details)},
        appointment=_appointment(section),
        never_said=section.many("never_said", WORDS, ()),
    )
    section.close()
    return expect


def _appointment(section: Section) -> AppointmentExpected | None:
    if section.peek("appointment") == "none":
        return AppointmentExpected(none=True)
    inside = section.section("appointment")
    if inside is None:
        return None
    expected = AppointmentExpected(
        weekdays=frozenset(inside.many("weekday", WEEKDAY, ())),
        start=inside.optional("from", TIME),
        before=inside.optional("before", TIME),
        not_before=inside.optional("not_before", DATE),
        not_after=inside.optional("not_after", DATE),
        not_dates=frozenset(inside.many("not_dates", DATE, ())),
        modality=inside.optional("modality", MODALITY),
        clinician=inside.optional("clinician", NAME),
        none=inside.maybe("none", YES_NO, False),
    )
    inside.close()
    return expected


def _detail(written: str) -> str:
    try:
        return str(Key.parse(written.strip()))
    except ValueError:
        names = [detail.value for detail in Detail]
        meant = nearest(written, names)
        remedy = f'Did you mean "{meant}"?' if meant else f"Details are {', '.join(names)}."
        raise Unreadable(f'"{shorten(written)}" is no detail', remedy) from None


DETAIL: Final = Kind(_detail, "")
