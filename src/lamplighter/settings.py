"""What the operator sets: environment variables (`LAMPLIGHTER_...`) or `lamplighter.toml` in the working folder."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, SecretStr, Tag, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from lamplighter.settings_sign_in import IdentityProviderAccount as IdentityProviderAccount
from lamplighter.settings_telephone import AnyTelephone as AnyTelephone
from lamplighter.settings_telephone import CarrierLine as CarrierLine
from lamplighter.settings_telephone import TelephoneLine as TelephoneLine


class CarrierNumbers(BaseModel):
    """The numbers of one practice with a carrier."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    numbers: tuple[str, ...] = ()
    """E.164; each must stand among the practice's own numbers too."""
    service: str | None = None
    """The carrier's name for them as a whole: a messaging service or messaging profile."""
    brand: str | None = None
    campaign: str | None = None
    """Under which the numbers are registered for 10DLC."""


class CarrierAccount(BaseModel):
    """An account with a carrier of texts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["twilio", "telnyx", "plivo"]
    account: str = ""
    """The account SID (Twilio) or auth id (Plivo)."""
    secret: SecretStr | None = None
    """The auth token or API key; it may stand in `carrier_secrets` instead."""
    public_key: str = ""
    """With which the carrier's own signature is checked (Telnyx)."""
    party: str | None = None
    """Who runs it, by the name in the practices' parties.yaml; absent: the carrier's own name."""
    api: str | None = None
    """The address of a stand-in on this machine."""
    practices: dict[str, CarrierNumbers] = Field(default_factory=dict)
    """By practice."""


class MailboxGrant(BaseModel):
    """Sign-in by OAuth 2.0 in place of a password: Google's or Microsoft's, or somebody's by `token_url`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: Literal["google", "microsoft"] | None = None
    client_id: str
    tenant: str = Field(default="common", pattern=r"^[A-Za-z0-9.-]+$")
    """Of the practice at Microsoft."""
    token_url: str | None = None
    scope: str | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "MailboxGrant":
        if (self.provider is None) == (self.token_url is None):
            raise ValueError("name either a provider or a token_url")
        return self


class MailboxToken(BaseModel):
    """What was granted, from the environment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    refresh_token: SecretStr
    client_secret: SecretStr | None = None


class Mailbox(BaseModel):
    """The mailbox of one practice, at the address in its practice.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    smtp_host: str
    smtp_port: int = Field(default=465, ge=1, le=65535)
    smtp_security: Literal["tls", "starttls", "none"] = "tls"
    """`none` only for a server on this machine."""
    imap_host: str | None = None
    """Absent: nothing that is written to the address is read here."""
    imap_port: int = Field(default=993, ge=1, le=65535)
    imap_security: Literal["tls", "starttls", "none"] = "tls"
    imap_folder: str = "INBOX"
    user: str | None = None
    """Absent: the address itself, where there is a password."""
    password: SecretStr | None = None
    """It may stand in `mailbox_passwords` instead."""
    oauth: MailboxGrant | None = None
    """In place of a password; what was granted stands in `mailbox_tokens`."""
    ca_file: Path | None = None
    """The authority that vouches for the servers, where it is none that the system knows."""
    party: str | None = None
    """Who runs it, by the name in parties.yaml: without an agreement nothing goes by a server that is elsewhere."""


class ClearinghouseAccount(BaseModel):
    """How one practice's questions reach payers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["change"] = "change"
    """The eligibility API of Change Healthcare's family: Optum, and Stedi's older endpoint."""
    url: str
    """What stands before /medicalnetwork in its addresses."""
    party: str | None = None
    """Who runs it, by the name in parties.yaml: without an agreement no question goes anywhere but to this machine."""
    token_url: str | None = None
    """Where a token is got with `client` and the secret (Optum); absent: the secret is the key itself (Stedi)."""
    client: str = ""
    secret: SecretStr | None = None
    """It may stand in `clearinghouse_secrets` instead."""
    names: "EnvelopeNames | None" = None
    """For authorizations, which Optum takes as X12."""
    tenant: str = ""
    """The x-optum-tenant-id, where there is one."""


class EnvelopeNames(BaseModel):
    """How a practice and its clearinghouse name each other in X12 envelopes: what the clearinghouse assigned."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sender: str = Field(min_length=1, max_length=15)
    receiver: str = Field(min_length=1, max_length=15)
    sender_qualifier: str = Field(default="ZZ", pattern=r"^[A-Z0-9]{2}$")
    receiver_qualifier: str = Field(default="ZZ", pattern=r"^[A-Z0-9]{2}$")
    group_sender: str = Field(default="", max_length=15)
    """In GS, where it is another than in ISA."""
    group_receiver: str = Field(default="", max_length=15)
    production: bool = True
    """False marks what is sent as a test (ISA15)."""


class CoreAccount(BaseModel):
    """How one practice's questions reach payers as X12 in CAQH CORE envelopes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["core"]
    url: str
    """The whole address that envelopes are posted to."""
    party: str | None = None
    """As of the other kinds."""
    envelope: Literal["mime", "soap"] = "mime"
    names: EnvelopeNames
    user: str = ""
    secret: SecretStr | None = None
    """The password of `user`; it may stand in `clearinghouse_secrets` instead."""
    certificate: Path | None = None
    """A PEM file of ours with its key, where the other side asks for one instead of a password."""
    authority: Path | None = None
    """A PEM file of who vouches for the other side, where it is nobody that this machine knows."""


class AvailityAccount(BaseModel):
    """How one practice's questions reach payers by Availity."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["availity"]
    url: str = "https://api.availity.com"
    """What stands before /v1."""
    party: str | None = "Availity"
    """As of the other kinds."""
    client: str
    scope: str = "hipaa"
    secret: SecretStr | None = None
    """It may stand in `clearinghouse_secrets` instead."""


class FilesAccount(BaseModel):
    """How one practice's questions reach payers as files over SFTP."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["files"]
    host: str
    port: int = Field(default=22, ge=1, le=65535)
    party: str | None = None
    """As of the other kinds."""
    user: str
    host_key: str
    """The server's public key as OpenSSH writes it, "ssh-ed25519 AAAA...": no other server is spoken to."""
    secret: SecretStr | None = None
    """The password; it may stand in `clearinghouse_secrets` instead."""
    key: Path | None = None
    """A private key in a file without a password, in place of one."""
    outgoing: str
    """The folder there into which our files go."""
    incoming: str
    """And the one in which answers are found."""
    names: EnvelopeNames


def _kind_of_clearinghouse(given: Any) -> str:
    """The family of Change Healthcare where no kind is named."""
    kind = given.get("kind", "change") if isinstance(given, dict) else getattr(given, "kind", "change")
    return str(kind)


AnyClearinghouse = Annotated[
    Annotated[ClearinghouseAccount, Tag("change")]
    | Annotated[CoreAccount, Tag("core")]
    | Annotated[AvailityAccount, Tag("availity")]
    | Annotated[FilesAccount, Tag("files")],
    Discriminator(_kind_of_clearinghouse),
]


class FhirAccount(BaseModel):
    """A FHIR R4 server, reached by SMART backend services."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = ""
    """What resources stand under, on a FHIR R4 server."""
    token_url: str = ""
    """As `token_endpoint` in the server's /.well-known/smart-configuration."""
    client: str = ""
    """Under which we are registered there for SMART backend services."""
    scope: str = ""
    party: str | None = None
    """Who runs it, by the name in parties.yaml: without an agreement nothing goes anywhere but to this machine."""
    key: SecretStr | None = None
    """The private key (PEM: RSA, or the curve P-384); it may stand in `chart_keys` instead, or in a file."""
    key_file: Path | None = None


class ChartAccount(FhirAccount):
    """Where what plans answer about the people of one practice is written."""

    kind: Literal["fhir", "paper"] = "fhir"
    """`paper`: a chart that takes nothing from us; somebody writes each answer by hand."""
    scope: str = (
        "system/Patient.rs system/Coverage.crus system/CoverageEligibilityResponse.crs "
        "system/Task.crs system/DocumentReference.crs"
    )


class PasAccount(FhirAccount):
    """Where one practice's requests for authorization go as FHIR (Da Vinci PAS): `url` is what stands before
    /Claim/$submit, with `{payer}` in it for the payer's id where whoever runs it carries them to many."""

    scope: str = "system/Claim.c"


class FhirBooks(FhirAccount):
    """Books that a billing system keeps on a FHIR server."""

    scope: str = (
        "system/Patient.rs system/Account.rs system/Invoice.rs system/PaymentReconciliation.rs "
        "system/PaymentNotice.rs"
    )
    every_minutes: int = Field(default=60, ge=5, le=1440)
    """How often all of them are read."""


class Books(BaseModel):
    """Where the books of one practice are: a file, or a FHIR server."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    csv: Path | None = None
    """A file with the columns of docs/billing.md; read anew when it changes."""
    fhir: FhirBooks | None = None
    remittances: Path | None = None
    """A folder of remittances (835), which say what insurers paid."""

    @model_validator(mode="after")
    def _one_of_them(self) -> "Books":
        if (self.csv is None) == (self.fhir is None):
            raise ValueError("name either a csv or a fhir server")
        return self


class PaymentAccount(BaseModel):
    """How the people of one practice pay."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["stripe"] = "stripe"
    key: SecretStr | None = None
    """A restricted key that may write Payment Links and read Checkout Sessions; it may stand in `payment_keys`."""
    signed_with: SecretStr | None = None
    """The secret of its webhook, which is optional: without one it is asked now and then whether something was paid."""
    party: str = "Stripe"
    """Who runs it, by the name in parties.yaml: without an agreement nobody is sent there."""
    api: str | None = None
    """The address of a stand-in on this machine."""


class Settings(BaseSettings):
    """Everything has a default that runs the embedded product on one machine."""

    model_config = SettingsConfigDict(
        env_prefix="LAMPLIGHTER_",
        toml_file="lamplighter.toml",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
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
    """Where the public pages are from outside, https://desk.example: texts bring a link to them only where it is set,
    and carriers bring there what people write."""
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
    carriers: dict[str, CarrierAccount] = Field(default_factory=dict)
    """Accounts with carriers of texts, each under a name of the operator's choice."""
    carrier_secrets: dict[str, SecretStr] = Field(default_factory=dict)
    """Their secrets by the same names, for the environment."""
    mailboxes: dict[str, Mailbox] = Field(default_factory=dict)
    """By practice."""
    mailbox_passwords: dict[str, SecretStr] = Field(default_factory=dict)
    """Their passwords by the same names, for the environment."""
    mailbox_tokens: dict[str, MailboxToken] = Field(default_factory=dict)
    mailbox_seconds: int = Field(default=15, ge=5, le=600)
    """How often a mailbox is looked into."""
    clearinghouses: dict[str, AnyClearinghouse] = Field(default_factory=dict)
    """By practice."""
    clearinghouse_secrets: dict[str, SecretStr] = Field(default_factory=dict)
    """Their secrets by the same names, for the environment."""
    charts: dict[str, ChartAccount] = Field(default_factory=dict)
    """By practice."""
    chart_keys: dict[str, SecretStr] = Field(default_factory=dict)
    """Their private keys by the same names, for the environment; for books and for `pas` on a FHIR server as well."""
    pas: dict[str, PasAccount] = Field(default_factory=dict)
    """By practice."""
    books: dict[str, Books] = Field(default_factory=dict)
    """By practice: what people owe."""
    payments: dict[str, PaymentAccount] = Field(default_factory=dict)
    """By practice: who takes payments."""
    payment_keys: dict[str, SecretStr] = Field(default_factory=dict)
    """Their keys by practice, for the environment."""
    identity_providers: dict[str, IdentityProviderAccount] = Field(default_factory=dict)
    """By practice: by whom its staff may sign in."""
    identity_provider_secrets: dict[str, SecretStr] = Field(default_factory=dict)
    """Their client secrets by practice, for the environment."""
    telephone: AnyTelephone | None = None
    telephone_password: SecretStr | None = None
    """For the environment: the password of an extension or trunk, or the auth token of a carrier."""
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
