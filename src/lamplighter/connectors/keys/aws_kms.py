"""A master key in AWS KMS, through AWS's own SDK (the `kms` extra). It never leaves the service."""

from typing import Any

from lamplighter.connectors.keys.problems import KeyProblem

_FORMAT = b"awskms1:"


class KmsKeys:
    """`key` is an id, ARN or alias. Credentials and region are found as the SDK finds them.

    The context goes along as encryption context, so that it is checked by the service and stands in its log.
    """

    def __init__(self, key: str, *, region: str | None = None, client: Any = None) -> None:
        self._key = key
        self._client = client if client is not None else _make_client(region)

    def __repr__(self) -> str:
        return f"<KmsKeys {self._key}>"

    def wrap(self, key: bytes, context: str) -> bytes:
        answer = self._ask("encrypt", Plaintext=key, EncryptionContext=_encryption_context(context))
        return _FORMAT + bytes(answer["CiphertextBlob"])

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """Raises KeyProblem unless this KMS key wrapped it for this context."""
        if not wrapped.startswith(_FORMAT):
            raise KeyProblem(f"the key of {context} was not wrapped by AWS KMS: which master key made it?")
        blob = wrapped[len(_FORMAT) :]
        answer = self._ask("decrypt", CiphertextBlob=blob, EncryptionContext=_encryption_context(context))
        return bytes(answer["Plaintext"])

    def _ask(self, call: str, **arguments: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return getattr(self._client, call)(KeyId=self._key, **arguments)
        except ClientError as problem:
            code = problem.response.get("Error", {}).get("Code", "unknown")
            raise KeyProblem(f"AWS KMS refused to {call} with key {self._key}: {code}") from None
        except BotoCoreError as problem:
            raise KeyProblem(f"AWS KMS could not be asked to {call}: {type(problem).__name__}") from None


def _make_client(region: str | None) -> Any:
    try:
        import boto3
    except ImportError:
        raise KeyProblem("AWS KMS needs the `kms` extra: pip install lamplighter[kms]") from None
    from botocore.exceptions import BotoCoreError

    try:
        return boto3.client("kms", region_name=region)
    except BotoCoreError as problem:
        raise KeyProblem(f"AWS KMS is not set up on this machine: {type(problem).__name__}") from None


def _encryption_context(context: str) -> dict[str, str]:
    return {"lamplighter": context}
