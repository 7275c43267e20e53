"""Where the master key comes from: a file, the environment, or a key management service.

A key that this process holds wraps others itself (`LocalKeys`); a service's key never leaves the service.
"""

from lamplighter.connectors.keys.aws_kms import KmsKeys
from lamplighter.connectors.keys.local import LocalKeys, key_from_file, make_key_file
from lamplighter.connectors.keys.master import ENVIRONMENT, load_master_key
from lamplighter.connectors.keys.problems import KeyProblem

__all__ = [
    "ENVIRONMENT",
    "KeyProblem",
    "KmsKeys",
    "LocalKeys",
    "key_from_file",
    "load_master_key",
    "make_key_file",
]
