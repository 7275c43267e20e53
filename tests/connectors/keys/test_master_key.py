"""Where the master key comes from, and what is refused."""

import os
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from lamplighter.connectors.keys import (
    KeyProblem,
    KmsKeys,
    LocalKeys,
    key_from_file,
    load_master_key,
    make_key_file,
)

DATA_KEY = bytes(range(32))
TEXT = b64encode(b"m" * 32).decode()


def test_what_a_key_wraps_it_unwraps_for_the_same_context_only() -> None:
    keys = LocalKeys(b"m" * 32)
    wrapped = keys.wrap(DATA_KEY, "practice a")
    assert keys.unwrap(wrapped, "practice a") == DATA_KEY
    with pytest.raises(KeyProblem, match="practice b"):
        keys.unwrap(wrapped, "practice b")
    with pytest.raises(KeyProblem):
        LocalKeys(b"n" * 32).unwrap(wrapped, "practice a")


@pytest.mark.parametrize("damage", [b"", b"local1:", b"local1:short", b"awskms1:whatever"])
def test_what_was_never_wrapped_is_refused(damage: bytes) -> None:
    with pytest.raises(KeyProblem):
        LocalKeys(b"m" * 32).unwrap(damage, "practice a")


def test_a_key_is_in_no_repr(tmp_path: Path) -> None:
    keys = make_key_file(tmp_path / "key")
    assert (tmp_path / "key").read_text().strip() not in repr(keys)


def test_a_made_key_file_is_its_owners_alone_and_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "key"
    wrapped = make_key_file(path).wrap(DATA_KEY, "x")
    assert path.stat().st_mode & 0o077 == 0
    assert key_from_file(path).unwrap(wrapped, "x") == DATA_KEY
    with pytest.raises(KeyProblem, match="never replaced"):
        make_key_file(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_key_file_that_others_may_use_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    make_key_file(path)
    path.chmod(mode)
    with pytest.raises(KeyProblem, match="chmod 600"):
        key_from_file(path)


@pytest.mark.parametrize("content", [b"", b"not base64 at all!", b64encode(b"short"), b"\x00" * 31])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyProblem, match="openssl rand"):
        key_from_file(path)


def test_a_key_file_may_hold_the_bytes_themselves(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"m" * 32)
    path.chmod(0o600)
    assert key_from_file(path).unwrap(LocalKeys(b"m" * 32).wrap(DATA_KEY, "x"), "x") == DATA_KEY


def test_a_key_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyProblem, match="no key file"):
        load_master_key(file=tmp_path / "nowhere")


def test_without_a_key_nothing_starts() -> None:
    with pytest.raises(KeyProblem, match="no master key"):
        load_master_key()


def test_two_keys_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(KeyProblem, match="more than one"):
        load_master_key(file=tmp_path / "key", text=TEXT)


def test_the_environment_may_hold_the_key() -> None:
    wrapped = load_master_key(text=TEXT + "\n").wrap(DATA_KEY, "x")
    assert LocalKeys(b"m" * 32).unwrap(wrapped, "x") == DATA_KEY


def test_a_demo_makes_its_key_once_and_finds_it_the_next_day(tmp_path: Path) -> None:
    path = tmp_path / "demo.key"
    wrapped = load_master_key(demo_file=path).wrap(DATA_KEY, "x")
    assert load_master_key(demo_file=path).unwrap(wrapped, "x") == DATA_KEY


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[KmsKeys]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setitem(os.environ, "AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        key = boto3.client("kms").create_key()["KeyMetadata"]["KeyId"]
        yield KmsKeys(key)


def test_a_kms_key_unwraps_what_it_wrapped_for_the_same_context_only(kms: KmsKeys) -> None:
    wrapped = kms.wrap(DATA_KEY, "practice a")
    assert DATA_KEY not in wrapped
    assert kms.unwrap(wrapped, "practice a") == DATA_KEY
    with pytest.raises(KeyProblem, match="InvalidCiphertext"):
        kms.unwrap(wrapped, "practice b")


def test_a_kms_key_that_is_not_there_is_told_by_the_services_own_word(kms: KmsKeys) -> None:
    with pytest.raises(KeyProblem, match="NotFoundException"):
        KmsKeys("00000000-0000-0000-0000-000000000000").wrap(DATA_KEY, "x")


def test_what_a_local_key_wrapped_is_not_sent_to_the_service(kms: KmsKeys) -> None:
    with pytest.raises(KeyProblem, match="which master key"):
        kms.unwrap(LocalKeys(b"m" * 32).wrap(DATA_KEY, "x"), "x")
