"""Identity providers, as the operator set them up, one to a practice."""

from lamplighter.connectors.oidc import OpenIdProvider
from lamplighter.practice.model import PracticeId
from lamplighter.settings import Settings


def provider_of(settings: Settings, practice: PracticeId) -> OpenIdProvider | None:
    account = settings.identity_providers.get(practice)
    if account is None:
        return None
    secret = account.secret or settings.identity_provider_secrets.get(practice)
    return OpenIdProvider(
        account.issuer,
        account.client_id,
        secret.get_secret_value() if secret else "",
        account.name,
        required=account.required,
    )
