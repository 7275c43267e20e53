"""What the operator sets: environment variables (`LAMPLIGHTER_...`) or `lamplighter.toml` in the working folder."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class Settings(BaseSettings):
    """Everything has a default that runs the embedded product on one machine."""

    model_config = SettingsConfigDict(
        env_prefix="LAMPLIGHTER_", toml_file="lamplighter.toml", extra="forbid", frozen=True
    )

    data: Path = Path("data")
    """The sealed data folder: store, rendered speech, signatures."""
    practices: Path | None = None
    """A folder of practice folders, for `serve`."""
    database_url: SecretStr | None = None
    """PostgreSQL; absent: an encrypted file in the data folder."""
    master_key_file: Path | None = None
    """32 random bytes in a file that only its owner may read."""
    master_key: SecretStr | None = None
    """The same, as base64 in the environment."""
    kms_key_id: str | None = None
    """The id or ARN of an AWS KMS key that wraps data keys."""
    anchors: Path | None = None
    """A file outside the data folder that keeps signed heads of the ledger."""
    models: Path | None = None
    """Where speech models are kept; absent: the user's cache folder."""
    models_from: Path | None = None
    """A folder that already holds the model files."""
    models_mirror: str | None = None
    """A mirror of ours to fetch model files from."""
    host: str = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)
    public_address: str | None = Field(default=None, pattern=r"^https?://[a-z0-9.-]+(:[0-9]{1,5})?/?$")
    """Where the public pages are from outside, https://desk.example: texts bring a link to them only where it is set."""
    staff_port: int = Field(default=8766, ge=0, le=65535)
    staff_idle_minutes: int = Field(default=15, ge=2, le=60)
    """A staff page that nobody touches for so long signs out."""
    reader_url: str | None = None
    """An OpenAI-compatible endpoint that helps to understand; off by default."""
    reader_model: str = "default"
    reader_key: SecretStr | None = None
    reader_party: str | None = None
    """Whoever runs the endpoint, by the name in the practices' parties.yaml. Where that names no agreement (BAA) on
    file, or one that lets them reuse what they get, nothing of that practice is sent there. None on this machine."""
    log_json: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
