"""What the operator sets of how staff sign in: `[identity_providers.PRACTICE]` in `lamplighter.toml`."""

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class IdentityProviderAccount(BaseModel):
    """The practice's own identity provider (OpenID Connect), by which its staff may sign in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(pattern=r"^(https://|http://(localhost|127\.0\.0\.1)[:/])\S+$")
    """Exactly as the provider writes it, a slash at its end or none."""
    client_id: str = Field(min_length=1)
    secret: SecretStr | None = None
    """It may stand in `identity_provider_secrets` instead; absent in both: a public client, by PKCE alone."""
    name: str = Field(min_length=1, max_length=40)
    """What people here call it: "Google", "our Okta"."""
    required: bool = False
    """Only owners come in by another way."""
