"""The promises bite: each of these faults, put into a copy of the code, makes the tests of its promise fail."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest

ROOT = Path(__file__).parents[2]
CODE = "src/lamplighter"


@dataclass(frozen=True)
class Fault:
    """`old` stands once in `file`; `test` is of the promise's folder."""

    name: str
    file: str
    old: str
    new: str
    test: str


FAULTS = [
    Fault("1: the renderer adds words", "conversation/phrasebook/book.py",
          'return " ".join(_message(message, locale).format(values).split())',
          'return " ".join(_message(message, locale).format(values).split()) + " Take a breath."',
          "approved_words -k says_what_stands_in_its_file"),
    Fault("1: other arguments are taken", "conversation/phrasebook/book.py",
          "if frozenset(args) != phrase.arguments:", "if False:",
          "approved_words -k with_other_arguments"),
    Fault("2: what else was understood is not guarded", "conversation/guarding.py",
          "pieces = [piece for text in texts for piece", "pieces = [piece for text in texts[:1] for piece",
          "guard_first -k recogniser_thought_possible"),
    Fault("2: nothing rings while staff speak", "conversation/handing_over.py",
          'if route == "crisis" and (open_handoff is None or open_handoff.route != "crisis"):\n        turn.ring',
          "if False:\n        turn.ring",
          "guard_first -k open_conversation_with_staff"),
    Fault("2: what is clear closes a crisis", "conversation/model.py",
          'return self.handoff is not None and self.handoff.status != "closed"',
          'return self.handoff is not None and self.handoff.status != "closed" and self.turns < 2',
          "guard_first -k nothing_that_is_said_after_a_hit"),
    Fault("3: forty seconds of silence", "conversation/turning.py",
          "WAITING_PAUSE = 12", "WAITING_PAUSE = 40", "never_alone -k never_silent_for_half_a_minute"),
    Fault("3: nobody rings after a hang-up", "conversation/handing_over.py",
          'open_handoff = turn.state.handoff if turn.state.handed_over else None\n    if route != "clear"',
          'open_handoff = turn.state.handoff if turn.state.handed_over else None\n    if False and route != "clear"',
          "never_alone -k only_after_the_hang_up"),
    Fault("3: nobody rings without a store", "desk/without_store.py",
          "        for rung in group:\n            self._ring(held, rung)\n", "",
          "fail_to_a_person -k whole_ladder_is_climbed_from_memory"),
    Fault("4: the agent answers though staff have the floor", "conversation/engine.py",
          "        if turn.state.floor is not None:\n"
          "            return handing_over.while_staff_speak(turn, verdict.verdict, event.seq)\n",
          "", "one_speaker -k says_nothing_while_staff"),
    Fault("6: a detail for the reason", "conversation/details.py",
          "class Detail(StrEnum):\n", 'class Detail(StrEnum):\n    REASON_FOR_CARE = "reason_for_care"\n',
          "know_little -k no_field_anywhere"),
    Fault("4: the second to accept takes the floor", "desk/handoffs.py",
          "self._note(practice_id, contact, accepted, given=_open_as(handoff))",
          "self._note(practice_id, contact, accepted)",
          "one_speaker -k second_to_accept"),
    Fault("4: a change of the floor outdates nothing", "conversation/state.py",
          "    s.floor = body.by\n    s.epoch += 1\n", "    s.floor = body.by\n",
          "one_speaker -k outdates_what_was_about_to_be_spoken"),
    Fault("7: a signature counts without an approval of every section", "practice/protocol.py",
          "    return not unapproved(signature.sections, signature.approvals)\n", "    return True\n",
          "signed_before_live -k lacks_the_approval_of_one_section"),
    Fault("7: the demo's key signs for everybody", "practice/protocol.py",
          "        return protocol.practice.id == DEMO\n", "        return True\n",
          "signed_before_live -k demos_key"),
    Fault("8: a turn that breaks raises", "desk/contacts.py",
          "        return self._turn(practice, arrived, faulty=True)", "        raise RuntimeError",
          "fail_to_a_person -k understanding_breaks_are_kept"),
    Fault("8: a guard that fails is clear", "conversation/guard/guard.py",
          'FAILED = Verdict("human", ("guard-failure",))', 'FAILED = Verdict("clear")',
          "fail_to_a_person -k real_guard_answers_its_own_failure"),
]  # fmt: skip


def broken(fault: Fault, folder: Path) -> None:
    """A copy in which all but one file is the real one."""
    copytree(ROOT / "src", folder / "src", copy_function=os.symlink)
    file = folder / CODE / fault.file
    code = file.read_text("utf-8")
    assert code.count(fault.old) == 1, "this fault fits the code no more"
    file.unlink()
    file.write_text(code.replace(fault.old, fault.new), "utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_fault_put_in_on_purpose_makes_the_tests_of_its_promise_fail(fault: Fault, tmp_path: Path) -> None:
    broken(fault, tmp_path)
    place, *chosen = fault.test.split()
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        f"tests/promises/{place}",
        *chosen,
    ]
    env = {**os.environ, "PYTHONPATH": f"{tmp_path / 'src'}:{ROOT}"}
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 1 and "1 failed" in run.stdout, run.stdout[-2000:]


def test_every_fault_still_fits_the_code() -> None:
    misfits = [f.name for f in FAULTS if (ROOT / CODE / f.file).read_text("utf-8").count(f.old) != 1]
    assert misfits == []
