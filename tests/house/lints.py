"""The rules of the house as small lints over source text: each takes a module and returns what breaks its rule.

A lint knows nothing of this tree; where it looks and what it lets pass by name stands in `test_house.py`.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """`path` relative to the root of the repository, `line` from 1, `what` a remedy or a reason in a few words."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.what}"


@dataclass(frozen=True, eq=False)
class Module:
    """A source file, parsed once. `path` is relative to the root of the repository."""

    path: str
    text: str

    @classmethod
    def read(cls, root: Path, path: str) -> "Module":
        return cls(path, (root / path).read_text(encoding="utf-8"))

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @cached_property
    def names(self) -> dict[str, str]:
        """What each imported name stands for in full: `{"dt": "datetime", "sleep": "time.sleep"}`."""
        full: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    full[alias.asname or alias.name.split(".")[0]] = (
                        alias.name if alias.asname else alias.name.split(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom) and node.module:
                full |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        return full

    def imports(self) -> Iterator[tuple[int, str]]:
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.lineno, node.module

    def mentions(self) -> Iterator[tuple[int, str]]:
        """Every use of an imported thing, by its full name: `time.sleep`, however it was imported."""
        for node in self.nodes:
            if isinstance(node, ast.Attribute | ast.Name) and (name := self.full_name(node)):
                yield node.lineno, name

    def full_name(self, node: ast.expr) -> str | None:
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.names:
            return None
        return ".".join([self.names[node.id], *reversed(parts)])


Lint = Callable[[Module], Iterator[Finding]]

WALL_CLOCK = {
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
    "time.time", "time.time_ns", "time.sleep", "time.localtime", "time.gmtime",
}  # fmt: skip
OUTSIDE_WORLD = {
    "asyncio", "http", "httpx", "multiprocessing", "random", "secrets", "socket", "subprocess", "threading", "time",
    "urllib", "uuid", "websockets",
}  # fmt: skip
DATABASES = {"alembic", "dbos", "psycopg", "sqlalchemy", "sqlcipher3", "sqlite3"}
SQL = re.compile(
    r"\s*(select\s.+\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+\w+\s+set\s|delete\s+from\s|pragma\s+\w+"
    r"|(create|alter|drop)\s+(unique\s+)?(table|index|trigger|view|policy|role|schema)\s)",
    re.IGNORECASE | re.DOTALL,
)
UNFINISHED = re.compile(r"\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b|for now[,.]")


def reads_wall_clock(module: Module) -> Iterator[Finding]:
    """Time comes from the clock port, so that tests and rehearsals never wait and never depend on today."""
    for line, name in module.mentions():
        if name in WALL_CLOCK:
            yield Finding(module.path, line, f"{name}: take the time from the clock port")


def reaches_outside(module: Module) -> Iterator[Finding]:
    """The conversation is pure: events in, actions out."""
    for line, name in module.imports():
        if name.split(".")[0] in OUTSIDE_WORLD:
            yield Finding(
                module.path, line, f"imports {name}: the conversation does no I/O and draws nothing at random"
            )


def logs_past_the_wrapper(module: Module) -> Iterator[Finding]:
    """One module writes log lines, through an allow-list of keys; anything else could let a name or a sentence out."""
    for line, name in module.imports():
        if name.split(".")[0] in {"logging", "structlog", "warnings"}:
            yield Finding(
                module.path, line, f"imports {name}: log through the wrapper, which redacts unknown keys"
            )
    for node in module.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield Finding(module.path, node.lineno, "print: only the commands print")


def touches_a_database(module: Module) -> Iterator[Finding]:
    """Rows live behind the Records port; whoever else wrote SQL would write past the vault and the ledger."""
    for line, name in module.imports():
        if name.split(".")[0] in DATABASES:
            yield Finding(module.path, line, f"imports {name}: only records speaks to a database")
    for node in module.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            yield Finding(module.path, node.lineno, "SQL outside records")


def longer_than(lines: int) -> Lint:
    def too_long(module: Module) -> Iterator[Finding]:
        length = module.text.count("\n")
        if length > lines:
            yield Finding(module.path, 1, f"{length} lines, {lines} at most: make it two")

    return too_long


def functions_longer_than(lines: int) -> Lint:
    def too_long(module: Module) -> Iterator[Finding]:
        for node in module.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > lines:
                    yield Finding(
                        module.path, node.lineno, f"{node.name} has {length} lines, {lines} at most"
                    )

    return too_long


def looks_unfinished(module: Module) -> Iterator[Finding]:
    for number, line in enumerate(module.text.splitlines(), 1):
        if UNFINISHED.search(line) or "NotImplementedError" in line:
            yield Finding(module.path, number, "words of unfinished work: finish it, or write an issue")


def asserts_nothing(module: Module) -> Iterator[Finding]:
    """A test that cannot fail shows nothing. A call of something named expect, check, verify, should or until counts,
    and so does a name that says that nothing is raised.
    """
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            if "raise" in node.name:
                continue
            body = ast.unparse(node)
            if not re.search(r"\bassert|raises|warns|expect|check|verify|should|until", body):
                yield Finding(module.path, node.lineno, f"{node.name} asserts nothing")


MACHINE_PATH = re.compile(r"(?<![\w.])/(work|root)/|/home/[a-z]|/Users/[a-z]|\.librar[y]\b")


def names_a_machine(path: str, text: str) -> Iterator[Finding]:
    """A path of the machine where a file was written means nothing to whoever reads it."""
    for number, line in enumerate(text.splitlines(), 1):
        if match := MACHINE_PATH.search(line):
            yield Finding(path, number, f"names a path of somebody's machine: {match.group()}")


NORTH_AMERICAN = re.compile(
    r"(?<![\w.+-])\+?1?[ .-]?\(?([2-9]\d\d)\)?[ .-]?([2-9]\d\d)[ .-]?(\d{4})(?![\w.-])"
)


def phones_of_nobody(path: str, text: str, known: frozenset[str]) -> Iterator[Finding]:
    """Sample people have numbers that are nobody's: 555-01xx. `known` are ten-digit public lines that may be named."""
    for number, line in enumerate(text.splitlines(), 1):
        for area, exchange, rest in NORTH_AMERICAN.findall(line):
            if (exchange, rest[:2]) != ("555", "01") and area + exchange + rest not in known:
                yield Finding(
                    path, number, f"{area} {exchange} {rest} may be somebody's number: use 555-01xx"
                )
