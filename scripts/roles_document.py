"""Writes docs/roles.md from the rules of the routes: `PYTHONPATH=src:. python scripts/roles_document.py`."""

from pathlib import Path

from lamplighter.connectors.oidc import OpenIdProvider
from lamplighter.console.roles_document import as_document
from tests.channels.web.stage import Stage

DOCUMENT = Path(__file__).parents[1] / "docs" / "roles.md"

if __name__ == "__main__":
    stage = Stage()
    stage.provider = OpenIdProvider("https://id.example", "the-desk", "", "A provider")
    DOCUMENT.write_text(as_document(stage.staff(trying=False).routes), "utf-8")
