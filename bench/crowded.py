"""A turn where a million contacts are stored, beside the same turn where a thousand are."""

from sqlalchemy import Table, TextClause, func, select, text

from bench import Budget, Budgets, Stopwatch
from bench._said import REHEARSALS
from bench._stores import NOW, SetClock, sqlite
from bench.thinking import Parts, StoredStage
from lamplighter.practice.sample import load_sample
from lamplighter.records.sql import tables
from lamplighter.rehearsal.play import play
from lamplighter.rehearsal.reading import read_files
from lamplighter.wiring.late_parts import warm_up

FEW, MANY = 1_000, 1_000_000
AT_ONCE = 50_000
CALLERS = 60
PRACTICE = load_sample()
OLD_CONTACT = {tables.contacts: "id", tables.events: "contact", tables.data_keys: "owner_id"}
"""What a contact leaves behind, and the column that names it."""


def budgets() -> Budgets:
    scenarios = [each for each in read_files([REHEARSALS / "eighth-eyes.yaml"]) if each.practice == "demo"]
    warm_up([PRACTICE], NOW).join()
    clock = SetClock()
    with sqlite(clock) as small, sqlite(clock) as large:
        few, many = (
            filled(StoredStage(Parts(), small, clock), FEW),
            filled(StoredStage(Parts(), large, clock), MANY),
        )
        for number, scenario in enumerate(scenarios[:CALLERS]):
            for stage in (few, many) if number % 2 else (many, few):  # what was just read is read faster
                play(scenario, PRACTICE, stage, 0)
    usual, crowded = few.parts.turn.percentile(0.5), many.parts.turn.percentile(0.5)
    how = f"medians of {len(many.parts.turn.samples)} turns: {usual:.1f} and {crowded:.1f} ms CPU, encrypted files"
    yield Budget(f"a turn with {MANY:,} contacts, of one with {FEW:,}", 1.2, crowded / usual, "times", how)


def filled(stage: StoredStage, contacts: int) -> StoredStage:
    """One caller is played, and what that left is copied under other ids until there are so many."""
    play(read_files([REHEARSALS / "questions.yaml"])[0], PRACTICE, stage, 0)
    engine = stage.store.database.engine
    with engine.connect() as connection:
        like = connection.scalar(select(func.min(tables.contacts.c.id)))
    for table, column in OLD_CONTACT.items():
        for first in range(0, contacts, AT_ONCE):
            numbers = {"like": like, "first": first, "last": min(first + AT_ONCE, contacts) - 1}
            with engine.begin() as connection:
                connection.execute(copying(table, column), numbers)
    stage.parts.turn = Stopwatch()
    return stage


def copying(table: Table, column: str) -> TextClause:
    """Rows of `table` that are of the contact `:like` again, for contacts numbered from `:first` to `:last`."""
    other = {column: "'old-' || n", "number": "-n", "ended": "1", "address_index": "randomblob(32)"}
    names = [each.name for each in table.columns]
    values = ", ".join(other.get(name, name) for name in names)
    return text(
        "WITH RECURSIVE numbers(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n < :last) "
        f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} FROM {table.name}, numbers "
        f"WHERE {column} = :like"
    )
