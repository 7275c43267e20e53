"""The identity provider that the operator set up for a practice."""

import pytest

from lamplighter.settings import Settings
from lamplighter.wiring.identity import provider_of


def test_a_client_secret_comes_from_the_environment_and_shows_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = '{"a": {"issuer": "https://id.example", "client_id": "the-desk", "name": "Ours"}}'
    monkeypatch.setenv("LAMPLIGHTER_IDENTITY_PROVIDERS", given)
    monkeypatch.setenv("LAMPLIGHTER_IDENTITY_PROVIDER_SECRETS", '{"a": "SECRETMARK"}')
    settings = Settings()
    provider = provider_of(settings, "a")
    assert provider is not None
    assert "SECRETMARK" in str(vars(provider))
    assert "SECRETMARK" not in f"{settings!r} {provider!r}"
    assert provider_of(settings, "b") is None
