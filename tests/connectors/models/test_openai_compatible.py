"""The optional large model, against a loopback server that speaks the published protocol."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from lamplighter.connectors.models.openai_compatible import NoAgreement, OpenAICompatibleReader


class Endpoint(HTTPServer):
    """Answers every chat completion with `content` and keeps what it was asked."""

    content = "{}"
    status = 200
    asked: list[dict[str, object]]
    gate: threading.Event | None = None


class Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append({"path": self.path, "key": self.headers.get("Authorization"), **body})
        if self.server.gate is not None:
            self.server.gate.wait(120)
        answer = json.dumps(
            {"choices": [{"message": {"role": "assistant", "content": self.server.content}}]}
        ).encode()
        try:
            self.send_response(self.server.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
        except BrokenPipeError:
            return

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint(("127.0.0.1", 0), Handler)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def reader(endpoint: Endpoint) -> OpenAICompatibleReader:
    return OpenAICompatibleReader(f"http://127.0.0.1:{endpoint.server_port}/v1", "small", key="k-secret")


def test_the_utterance_and_the_schema_are_posted_and_the_json_comes_back(endpoint: Endpoint) -> None:
    endpoint.content = '{"acts": []}'
    schema: dict[str, object] = {"type": "object"}
    assert reader(endpoint).interpret("could you fit me in", schema, 60.0) == '{"acts": []}'
    asked = endpoint.asked[0]
    assert asked["path"] == "/v1/chat/completions"
    assert asked["key"] == "Bearer k-secret"
    assert asked["messages"][1] == {"role": "user", "content": "could you fit me in"}  # type: ignore[index]
    assert asked["response_format"]["json_schema"]["schema"] == schema  # type: ignore[index]


@pytest.mark.parametrize("content", ["not json", "", "```json\n{}\n```"])
def test_an_answer_that_is_no_json_is_no_answer(endpoint: Endpoint, content: str) -> None:
    endpoint.content = content
    assert reader(endpoint).interpret("hello", {}, 60.0) is None


def test_a_refusal_of_the_server_is_no_answer(endpoint: Endpoint) -> None:
    endpoint.status = 500
    assert reader(endpoint).interpret("hello", {}, 60.0) is None


def test_an_answer_past_the_deadline_is_no_answer(endpoint: Endpoint) -> None:
    endpoint.gate = threading.Event()
    assert reader(endpoint).interpret("hello", {}, 0.05) is None
    endpoint.gate.set()


def test_a_server_that_is_not_there_is_no_answer() -> None:
    assert OpenAICompatibleReader("http://127.0.0.1:9/v1", "small").interpret("hello", {}, 0.2) is None


def test_an_endpoint_elsewhere_needs_an_agreement_on_record() -> None:
    with pytest.raises(NoAgreement):
        OpenAICompatibleReader("https://models.example/v1", "large")
    assert OpenAICompatibleReader("https://models.example/v1", "large", agreement="BAA 2026-03-01").agreement


def test_the_key_is_never_in_the_representation() -> None:
    assert "k-secret" not in repr(OpenAICompatibleReader("http://localhost/v1", "m", key="k-secret"))
