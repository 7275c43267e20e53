"""Which master key a deployment uses. There is no default outside demo: without a key it does not start."""

from pathlib import Path

from lamplighter.connectors.keys.aws_kms import KmsKeys
from lamplighter.connectors.keys.local import LocalKeys, key_from_file, key_from_text, make_key_file
from lamplighter.connectors.keys.problems import KeyProblem

ENVIRONMENT = "LAMPLIGHTER_MASTER_KEY"
"""The variable that may hold the key, 32 bytes in base64."""


def load_master_key(
    *,
    file: Path | None = None,
    text: str | None = None,
    kms_key: str | None = None,
    kms_region: str | None = None,
    demo_file: Path | None = None,
) -> LocalKeys | KmsKeys:
    """The one master key that was given; with `demo_file`, a key made there at the first start when none was.

    `text` is a key in base64, as the environment variable holds it. Raises KeyProblem when none or more than one is
    given: two keys leave open which of them sealed the records.
    """
    given = [
        name for name, is_set in (("a key file", file), (ENVIRONMENT, text), ("a KMS key", kms_key)) if is_set
    ]
    if len(given) > 1:
        raise KeyProblem(
            f"more than one master key is given: {' and '.join(given)}; keep the one that sealed the data"
        )
    if file is not None:
        return key_from_file(file)
    if text:
        return key_from_text(text, f"the variable {ENVIRONMENT}")
    if kms_key:
        return KmsKeys(kms_key, region=kms_region)
    if demo_file is not None:
        return key_from_file(demo_file) if demo_file.exists() else make_key_file(demo_file)
    raise KeyProblem(
        "no master key is given, and records are never kept unsealed: name a key file that only you may read, "
        f"set {ENVIRONMENT}, or name a KMS key"
    )
