"""The commands a person types. Each parses, calls wiring, and prints; heavy parts are imported when they are needed."""

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="lamplighter",
    help="The front desk of a mental-health practice: answers, books, confirms, and hands over to a person.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
models_app = typer.Typer(help="Speech models: brought once, checked by hash.", no_args_is_help=True)
practice_app = typer.Typer(help="A practice is a folder of readable files.", no_args_is_help=True)
audit_app = typer.Typer(help="The ledger that shows tampering and deletion.", no_args_is_help=True)
app.add_typer(models_app, name="models")
app.add_typer(practice_app, name="practice")
app.add_typer(audit_app, name="audit")


def main() -> None:
    """The entry point. Errors of ours are one sentence that says what to do; the exit code is 1, or 2 for bad usage."""
    from lamplighter.cli_errors import explained

    with explained():
        app()


@app.command()
def rehearse(
    files: Annotated[list[Path] | None, typer.Argument(help="Rehearsal files (YAML).")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON list on standard output and nothing else.")
    ] = False,
    spoken: Annotated[
        bool, typer.Option(help="Speak the callers' side as telephone audio and recognise it.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Seeds everything that is left to chance.")] = 0,
    month: Annotated[
        bool, typer.Option("--month", help="Play a month of the sample practice's texts instead of files.")
    ] = False,
    appointments: Annotated[
        int, typer.Option(min=1, max=4000, help="With --month: how many appointments.")
    ] = 2000,
) -> None:
    """Plays simulated callers in memory on a simulated clock; exits with 1 when an expectation fails."""
    if month:
        from lamplighter.wiring.month import play

        raise typer.Exit(0 if play(appointments, seed, as_json) else 1)
    if not files:
        raise typer.BadParameter("name the rehearsal files, or --month", param_hint="FILES")
    from lamplighter import rehearsal
    from lamplighter.wiring.stage import MemoryStage, telephone

    try:
        results = rehearsal.run(files, MemoryStage(), seed=seed, spoken=telephone(seed) if spoken else None)
    except rehearsal.RehearsalProblems as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(2) from None
    typer.echo(rehearsal.as_json(results) if as_json else rehearsal.as_text(results))
    raise typer.Exit(0 if all(result.passed for result in results) else 1)


@app.command()
def guard() -> None:
    """Reads JSON lines (id, locale, channel, text) and answers each with its verdict and the reasons' ids."""
    from lamplighter.conversation.guard.stream import run

    for line in run(sys.stdin):
        print(line, flush=True)


@app.command()
def x12(
    files: Annotated[list[Path], typer.Argument(help="X12 files: 270, 271, 276, 277, 278, 835, 999, TA1.")],
) -> None:
    """Reads X12: a JSON line a transaction set, or a line that names file, segment and what is wrong."""
    from lamplighter.connectors.clearinghouse.x12 import lines

    sound = True
    for path in files:
        for was_read, line in lines(path):
            sound = sound and was_read
            print(line)
    raise typer.Exit(0 if sound else 1)


@practice_app.command("new")
def practice_new(
    folder: Annotated[Path, typer.Argument(help="Where the folder is made; it must be new or empty.")],
    name: Annotated[
        str | None, typer.Option(help="The practice's name; asked where there is a terminal.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(help="solo, group, psychiatry, community or university; solo if none is given."),
    ] = None,
    ask: Annotated[
        bool | None,
        typer.Option(
            "--ask/--no-ask", help="Ask what only you know, line by line. As you wish, at a terminal."
        ),
    ] = None,
) -> None:
    """Makes a practice folder from the template of its kind, and says what is left to fill in, with file and line."""
    from lamplighter.cli_practice import CannotCreate, new_practice

    try:
        new_practice(folder, name, kind, ask)
    except CannotCreate as why:
        typer.echo(str(why), err=True)
        raise typer.Exit(1) from None


@app.command()
def doctor(folder: Annotated[Path, typer.Argument(help="A practice folder.")]) -> None:
    """Checks a practice folder and names file, line and remedy for every mistake."""
    from lamplighter.practice.problems import format_problem
    from lamplighter.settings import Settings
    from lamplighter.wiring.authorization_channels import authorizations_today
    from lamplighter.wiring.billing_doctor import billing_today
    from lamplighter.wiring.carriers import carriers_today
    from lamplighter.wiring.charts import chart_today
    from lamplighter.wiring.clearinghouses import clearinghouse_today
    from lamplighter.wiring.doctor import examine_today
    from lamplighter.wiring.fhir_books import books_today
    from lamplighter.wiring.languages import languages_today
    from lamplighter.wiring.mail import mailbox_today
    from lamplighter.wiring.signed_words import unsigned_words
    from lamplighter.wiring.telephone import telephone_today

    settings = Settings()
    set_up, missing = carriers_today(folder, settings)
    missing = [
        *missing,
        *mailbox_today(folder, settings),
        *clearinghouse_today(folder, settings),
        *chart_today(folder, settings),
        *authorizations_today(folder, settings),
        *billing_today(folder, settings),
    ]
    calls, unreached = telephone_today(folder, settings)
    set_up, missing = [*set_up, *calls], [*missing, *books_today(folder, settings), *unreached]
    problems = [*examine_today(folder), *unsigned_words(folder), *languages_today(folder), *missing]
    for line in set_up:
        typer.echo(line)
    for problem in problems:
        typer.echo(format_problem(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    typer.echo(
        f"{len(problems)} found, {errors} of them mistakes." if problems else "Nothing wrong was found."
    )
    raise typer.Exit(1 if errors else 0)


@app.command()
def jwks(
    practice: Annotated[str, typer.Argument(help="A practice under charts or pas in lamplighter.toml.")],
) -> None:
    """Prints what is public of a practice's key, for whoever runs its chart or takes its requests to register."""
    import json

    from lamplighter.settings import Settings
    from lamplighter.wiring.charts import public_keys

    found = public_keys(practice, Settings())
    if found is None:
        typer.echo(
            f"{practice} has no key that would do: `lamplighter doctor` says what is missing.",
            err=True,
        )
        raise typer.Exit(1)
    typer.echo(json.dumps(found, indent=2))


@audit_app.command("verify")
def audit_verify() -> None:
    """Verifies every practice's ledger and names the first altered, missing, reordered or cut-off entry."""
    from lamplighter.settings import Settings
    from lamplighter.wiring.audit import verify_all

    sound = True
    for told, intact in verify_all(Settings()):
        typer.echo(told)
        sound = sound and intact
    raise typer.Exit(0 if sound else 1)


@models_app.command("install")
def models_install() -> None:
    """Brings the speech models, checked by size and hash; goes on where it stopped, keeps what is there."""
    from lamplighter.settings import Settings
    from lamplighter.wiring.speech import install_models

    install_models(Settings(), typer.echo)


@app.command()
def demo(
    headless: Annotated[bool, typer.Option(help="Print the addresses and open no browser.")] = False,
    port: Annotated[int | None, typer.Option(help="Port of the public pages.")] = None,
    data: Annotated[Path | None, typer.Option(help="The data folder.")] = None,
) -> None:
    """Runs everything on this machine with the sample practice, signed with a demo key."""
    gc.disable()  # what a start reads stays; the warm-up behind it turns this on again
    from lamplighter.wiring.demo import run_demo

    run_demo(headless=headless, port=port, data=data)


@app.command()
def serve() -> None:
    """Answers for the practices in the practices folder: in full for one that is signed, else with a sentence and a
    person."""
    gc.disable()  # as in `demo`
    from lamplighter.settings import Settings
    from lamplighter.wiring.serve import run_serve

    run_serve(Settings())


@app.command()
def telephone(
    engine: Annotated[bool, typer.Option("--engine", hidden=True)] = False,
    fallback: Annotated[
        bool,
        typer.Option("--fallback", help="Only print what a fall-back address at the carrier is to answer."),
    ] = False,
) -> None:
    """Keeps the telephone line of lamplighter.toml, beside `serve`: it holds the calls while `serve` is away, and is
    begun anew within seconds if it dies."""
    from lamplighter.settings import Settings
    from lamplighter.wiring.telephone_process import TelephoneProblem, run_engine, supervise

    try:
        if fallback:
            from lamplighter.wiring.carrier_lines import tell_fallbacks

            return tell_fallbacks(Settings(), typer.echo)
        status = run_engine(Settings()) if engine else supervise(Settings())
    except TelephoneProblem as wrong:
        typer.echo(f"lamplighter: {wrong}", err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(status)


@app.command()
def standin(
    kind: Annotated[str, typer.Argument(help="twilio, telnyx or plivo.")],
    number: Annotated[list[str], typer.Option(help="A number of the practice, E.164; may be given again.")],
    practice: Annotated[str, typer.Option(help="The practice's id.")],
    to: Annotated[str, typer.Option(help="Where `serve` is reached.")] = "http://127.0.0.1:8765",
    port: Annotated[int, typer.Option(help="Its own port.")] = 8770,
    telephone: Annotated[
        str, typer.Option(help="Where `lamplighter telephone` is reached.")
    ] = "http://127.0.0.1:8767",
) -> None:
    """Stands in for a carrier on this machine, for developing: it speaks the carrier's protocol, and no text and no
    call leaves this machine."""
    from lamplighter.channels.sms.carriers.account import KINDS
    from lamplighter.wiring.standins import run_standin

    chosen = next((each for each in KINDS if each == kind), None)
    if chosen is None:
        raise typer.BadParameter(f"one of {', '.join(KINDS)}", param_hint="KIND")
    run_standin(
        chosen,
        port=port,
        public=to,
        practice=practice,
        numbers=number,
        tell=typer.echo,
        telephone=telephone,
    )


@app.command("staff-link")
def staff_link(
    practice: Annotated[str, typer.Argument(help="The practice's id.")],
    name: Annotated[str, typer.Argument(help="Whose link it is, by the name of their account.")],
) -> None:
    """Makes a one-time link for somebody who lost every way to sign in; what they signed in with is void."""
    from lamplighter.settings import Settings
    from lamplighter.wiring.staff_link import link_for

    typer.echo(link_for(Settings(), practice, name))


@app.command()
def counts(
    practice: Annotated[str, typer.Argument(help="The practice's id.")],
    publish: Annotated[
        bool, typer.Option("--publish", help="Show them on the practice's page; small numbers are not told.")
    ] = False,
) -> None:
    """Counts contacts and hand-overs by the year, for reports; publishes them on the page about crises."""
    from lamplighter.settings import Settings
    from lamplighter.wiring.counts import as_text, counts_of
    from lamplighter.wiring.counts import publish as publish_counts

    settings = Settings()
    counted = counts_of(settings, practice)
    typer.echo(as_text(counted))
    if publish:
        publish_counts(settings.data, practice, counted)
        typer.echo(
            "Published: the page /in-a-crisis of the practice shows them, small numbers as fewer than 11."
        )


@app.command()
def figures(practice: Annotated[str, typer.Argument(help="The practice's id.")]) -> None:
    """Says what reminders and the wait list came to in the last thirty days, and how each figure is computed."""
    from lamplighter.settings import Settings
    from lamplighter.wiring.figures import as_text, figures_of

    typer.echo(as_text(figures_of(Settings(), practice)))


@app.command()
def review(
    folder: Annotated[Path | None, typer.Argument(help="The practice folder to review.")] = None,
    section: Annotated[
        str | None, typer.Option(help="Print this section beside the last signed version.")
    ] = None,
    sentences: Annotated[
        bool,
        typer.Option(
            "--sentences", help="With --section, of words: what callers hear, without the marks between."
        ),
    ] = False,
    approve: Annotated[bool, typer.Option("--approve", help="Approve the section (name and role).")] = False,
    reads: Annotated[
        bool, typer.Option("--reads", help="With --approve, of words: you read the language.")
    ] = False,
    sign: Annotated[bool, typer.Option("--sign", help="Sign it all, once nothing stops it.")] = False,
    name: Annotated[str | None, typer.Option(help="Who approves or signs.")] = None,
    role: Annotated[str | None, typer.Option(help="In which role: owner or clinician.")] = None,
    note: Annotated[str, typer.Option(help="A note that is kept with the approval.")] = "",
    key: Annotated[Path | None, typer.Option(help="The signer's Ed25519 private key (PEM).")] = None,
    new_key: Annotated[Path | None, typer.Option(help="Make such a key in this file, and stop.")] = None,
    trust: Annotated[
        str | None,
        typer.Option(help="On the server: go by signatures of this public key for the practice."),
    ] = None,
    rehearse: Annotated[
        bool,
        typer.Option(
            "--rehearse", help="Play the safety suite on the folder's files, and keep what came of it."
        ),
    ] = False,
    transcripts: Annotated[
        bool, typer.Option("--transcripts", help="With --rehearse: print every word that was said.")
    ] = False,
) -> None:
    """Shows what a practice's callers hear and how it escalates beside what was signed last; approves and signs it."""
    from lamplighter.cli_review import Usage, Wanted, make_key, run

    try:
        if new_key is not None:
            return make_key(new_key)
        if folder is None:
            raise Usage("name the practice's folder")
        if rehearse:
            from lamplighter.wiring.safety_review import run_and_tell

            raise typer.Exit(0 if run_and_tell(folder, typer.echo, transcripts) else 1)
        run(folder, Wanted(section, sentences, approve, reads, sign, name, role, note, key, trust))
    except Usage as wrong:
        typer.echo(f"lamplighter: {wrong}", err=True)
        raise typer.Exit(2) from None


if __name__ == "__main__":
    main()
