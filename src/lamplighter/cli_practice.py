"""`lamplighter practice new`: what is asked at a terminal, and what is printed."""

import sys
from pathlib import Path

import typer

from lamplighter.practice.filling import Gap, ask_all, gaps_in
from lamplighter.practice.new import KINDS, CannotCreate, create
from lamplighter.wiring.doctor import today

__all__ = ["CannotCreate", "new_practice"]


def new_practice(folder: Path, name: str | None, kind: str | None, ask: bool | None) -> None:
    """Without a terminal nothing is waited for: `name` must be given then. Raises CannotCreate."""
    somebody = sys.stdin.isatty()
    if name is None:
        if not somebody:
            raise CannotCreate("The practice needs a name: give it with --name.")
        name = typer.prompt("The practice's name")
    create(folder, name, kind or (_chosen() if somebody else "solo"), today())
    typer.echo(f"The practice is in {folder}.")
    if ask or (ask is None and somebody and typer.confirm(_offer(folder), default=True)):
        typer.echo("Leave an answer empty to write it into the file later.")
        ask_all(folder, _asked, typer.echo)
    _tell_rest(folder)


def _chosen() -> str:
    for number, (kind, (what, _)) in enumerate(KINDS.items(), 1):
        typer.echo(f"  {number} {kind}: {what}")
    answer = str(typer.prompt("Which kind", default="solo")).strip().lower()
    numbered = dict(zip(map(str, range(1, len(KINDS) + 1)), KINDS, strict=True))
    return numbered.get(answer, answer)


def _offer(folder: Path) -> str:
    return f"{len(gaps_in(folder))} lines are left that only you know. Fill them in now"


def _asked(question: str, suggested: str) -> str | None:
    try:
        answer: str = typer.prompt(question, default=suggested, show_default=bool(suggested))
    except typer.Abort:
        return None
    return answer


def _tell_rest(folder: Path) -> None:
    rest = gaps_in(folder)
    if rest:
        typer.echo(f"Left to fill in, marked FILL IN ({len(rest)}):")
    for number, gap in enumerate(rest, 1):
        typer.echo(f"{number:3} {folder / gap.file}:{gap.line}: {_shown(gap)}")
    typer.echo(f"Next: lamplighter doctor {folder}")


def _shown(gap: Gap) -> str:
    return f"{gap.key}, {gap.hint}"
