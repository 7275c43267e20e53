"""`python -m bench [MODULE...]`: runs what is named, or everything, and prints limits and figures side by side.

Ends with 1 only when a bench broke; a figure over its limit is marked, for people to judge, since machines differ.
"""

import importlib
import os
import pkgutil
import sys
import traceback

from rich.console import Console
from rich.table import Table

import bench
from bench import Budget, CannotMeasure, calibration
from lamplighter import logs


def benches(wanted: list[str]) -> list[str]:
    """Names of the modules to run, in order; an unknown name ends the run with the known ones."""
    known = sorted(
        module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_")
    )
    if unknown := set(wanted) - set(known):
        sys.exit(f"No bench named {', '.join(sorted(unknown))}. There are: {', '.join(known)}")
    return wanted or known


def figure(value: float, unit: str) -> str:
    digits = f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"
    return f"{digits} {unit}".strip()


def table_of(name: str, budgets: list[Budget]) -> Table:
    table = Table("what", "limit", "measured", "", "how", title=name, title_justify="left")
    for budget in budgets:
        mark = "[green]holds[/]" if budget.holds else "[bold red]OVER[/]"
        limit = f"{'<=' if budget.bound == 'at most' else '>='} {figure(budget.limit, budget.unit)}"
        table.add_row(budget.name, limit, figure(budget.measured, budget.unit), mark, budget.how)
    return table


def main(wanted: list[str]) -> int:
    logs.quiet()
    console = Console(width=None if sys.stdout.isatty() else 140)
    rows: list[Budget] = []
    broken: list[str] = []
    before = calibration()
    for name in benches(wanted):
        try:
            found = list(importlib.import_module(f"bench.{name}").budgets())
        except CannotMeasure as reason:
            console.print(f"{name}: not measured, {reason}")
        except Exception:
            broken.append(name)
            traceback.print_exc()
        else:
            console.print(table_of(name, found))
            rows += found
    console.print(
        f"Calibration: {before:.1f} ms CPU before, {calibration():.1f} ms after; "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}."
    )
    console.print(f"{sum(budget.holds for budget in rows)} of {len(rows)} budgets hold.")
    if broken:
        console.print(f"[bold red]Broke: {', '.join(broken)}[/]")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
