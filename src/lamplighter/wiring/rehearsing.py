"""The safety rehearsal, started from the staff page: in a process of its own, so that live contacts wait for nothing
and nothing of theirs is heard in it."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

from lamplighter import logs
from lamplighter.practice.standing import Rehearsing

log = logs.get(__name__)
MODULE = "lamplighter.wiring.rehearsing"
NICE = 10  # behind whatever is live


class Apart:
    """Plays what the folder holds, once at a time. `command` is the process that does, and tells its progress."""

    def __init__(self, folder: Path, command: tuple[str, ...] = ()) -> None:
        self._command = command or (sys.executable, "-m", MODULE, str(folder.absolute()))
        self._lock = threading.Lock()
        self._stands = Rehearsing()
        self._thread: threading.Thread | None = None

    @property
    def stands(self) -> Rehearsing:
        return self._stands

    def start(self) -> None:
        """Where it is being played already that one goes on, and no other begins."""
        with self._lock:
            if self._stands.running:
                return
            self._stands = Rehearsing(running=True)
            self._thread = threading.Thread(target=self._play, daemon=True, name="rehearsing")
            self._thread.start()

    def wait(self) -> None:
        """Returns once nothing is being played."""
        if self._thread is not None:
            self._thread.join()

    def _play(self) -> None:
        broke_off = True
        try:
            broke_off = self._followed() != 0
        except OSError:
            log.exception("rehearsal_not_started")
        finally:
            log.info("rehearsal_over", failed=broke_off)
            self._stands = Rehearsing(False, self._stands.played, self._stands.scenes, broke_off)

    def _followed(self) -> int:
        with subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if found := re.fullmatch(r"(\d+) of (\d+)\n", line):
                    self._stands = Rehearsing(True, int(found[1]), int(found[2]))
        return process.returncode


def main(folder: Path) -> int:
    """Plays, keeps the report beside the practice's files, and prints how far it is."""
    from lamplighter.wiring.safety_review import run

    logs.quiet()
    os.nice(NICE)
    report = run(folder, told=_tell)
    return 0 if report.protocol_hash else 1


def _tell(played: int, scenes: int) -> None:
    sys.stdout.write(f"{played} of {scenes}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
