"""The agency's own model orders clauses, over a local server that speaks the protocol."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.search import answer
from bot.search.rerank import Clause, Reranker
from tests.unit.search.conftest import DATA
from tests.unit.search.helpers import ask

CLAUSES = [Clause(id="p:1", words="甲"), Clause(id="p:2", words="乙"), Clause(id="p:3", words="丙")]


@dataclass
class Model:
    """What the server answers with, and what it was asked."""

    says: str = '{"ids": ["p:3", "p:1"]}'
    status: int = 200
    waits: float = 0.0
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)


@contextmanager
def serving(model: Model) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            model.asked.append(body)
            model.keys.append(self.headers.get("Authorization"))
            time.sleep(model.waits)
            said = json.dumps({"choices": [{"message": {"content": model.says}}]}).encode()
            try:
                self.send_response(model.status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)
            except ConnectionError:
                pass

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ordered(model: Model) -> list[str] | None:
    with serving(model) as url:
        reranker = Reranker(url, "agency-model", "secret")
        try:
            return reranker.order("問題", CLAUSES)
        finally:
            reranker.close()


def test_the_named_clauses_come_first_and_the_rest_as_they_were() -> None:
    model = Model()
    assert ordered(model) == ["p:3", "p:1", "p:2"]
    assert model.asked[0]["model"] == "agency-model"
    assert model.keys == ["Bearer secret"]


@pytest.mark.parametrize(
    "model",
    [
        Model(says="當然可以！答案是……"),
        Model(says='{"ids": ["x:9"]}'),
        Model(says='{"other": 1}'),
        Model(status=500),
        Model(waits=2.3),
    ],
    ids=["prose", "unknown ids", "no ids", "status 500", "too slow"],
)
def test_anything_else_leaves_the_order_alone(model: Model) -> None:
    assert ordered(model) is None


def test_an_address_where_nobody_answers_leaves_the_order_alone() -> None:
    reranker = Reranker("http://127.0.0.1:9", "agency-model")
    assert reranker.order("問題", CLAUSES) is None
    reranker.close()


def test_an_answer_follows_the_models_order_word_for_word() -> None:
    model = Model(says='{"ids": ["khh-doh-112:4.1.3.3.2"]}')
    with serving(model) as url:
        reranker = Reranker(url, "agency-model")
        answerer = answer.load(DATA, encoders=[], reranker=reranker)
        found = ask(answerer, "推展電話服務禮貌工作", "衛生局")
        reranker.close()
    assert found.passages[0].node.id == "khh-doh-112:4.1.3.3.2"
    assert found.passages[0].text == "(2)推展電話服務禮貌工作。"
