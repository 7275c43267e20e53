"""Names functions, methods, classes and imports of the product that nothing mentions, not even a test; 1 if any.

vulture's own command also reports the parameters of ports (a Protocol's methods have no body that could use them) and
the fields of tables and settings, which are read by frameworks; those kinds are left out here.
"""

import sys
import tomllib
from pathlib import Path

from vulture.core import Vulture

KINDS = {"function", "method", "class", "import", "property", "unreachable_code"}


def main() -> int:
    settings = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["vulture"]
    vulture = Vulture(ignore_names=settings["ignore_names"], ignore_decorators=settings["ignore_decorators"])
    vulture.scavenge(settings["paths"])
    unused = [
        item
        for item in vulture.get_unused_code(min_confidence=settings["min_confidence"])
        if item.typ in KINDS and item.filename.is_relative_to(Path("src").absolute())
    ]
    for item in unused:
        print(item.get_report())
    return 1 if unused else 0


if __name__ == "__main__":
    sys.exit(main())
