"""What comes to /callback: well signed or not, readable or not, with the database there or away."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from flask import Blueprint, Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import URL

from bot import metrics
from bot.line.stand_in import Group, Person, StandIn
from bot.store import inbox
from bot.store.engine import Database
from bot.web import create_app
from tests.conftest import SECRET, TestClock
from tests.factories import group as a_group
from tests.factories import text_event
from tests.faults.conftest import Bot


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return {"x-line-signature": base64.b64encode(digest).decode()}


def body_of(*events: Any) -> bytes:
    return json.dumps({"destination": "U" + "0" * 32, "events": events}).encode()


@pytest.fixture
def web(database: Database, clock: TestClock) -> FlaskClient:
    """The web process without HTTP."""
    pages = Blueprint("pages", __name__)

    @pages.get("/page")
    def page() -> Response:
        return Response("a page", headers={"Cache-Control": "max-age=60"})

    app = create_app(
        database,
        ["the new secret", SECRET],
        wake=lambda: None,
        clock=clock,
        max_body_bytes=10_000,
        blueprints=[pages],
    )
    return app.test_client()


def stored(database: Database) -> int:
    with database.begin() as db:
        return inbox.counts(db)["waiting"]


def count(outcome: str) -> float:
    return metrics.registry.get_sample_value("planbot_webhooks_total", {"outcome": outcome}) or 0


def test_a_signed_body_is_stored_and_answered_200(
    web: FlaskClient, database: Database, clock: TestClock
) -> None:
    body = body_of(text_event(a_group(), clock()), text_event(a_group("b"), clock()))

    assert web.post("/callback", data=body, headers=signed(body)).status_code == 200
    assert stored(database) == 2


def test_either_secret_is_good_while_one_is_being_replaced(
    web: FlaskClient, database: Database, clock: TestClock
) -> None:
    body = body_of(text_event(a_group(), clock()))

    new = signed(body, "the new secret")
    assert web.post("/callback", data=body, headers=new).status_code == 200
    old = signed(body, "an old secret")
    assert web.post("/callback", data=body, headers=old).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-line-signature": ""},
        {"x-line-signature": "bm8="},
        {"x-line-signature": "ünïcödé".encode().decode("latin-1")},
    ],
)
def test_a_missing_or_wrong_signature_is_400_and_counted(
    web: FlaskClient, database: Database, clock: TestClock, headers: dict[str, str]
) -> None:
    before = count("bad_signature")

    answer = web.post("/callback", data=body_of(text_event(a_group(), clock())), headers=headers)

    assert answer.status_code == 400
    assert count("bad_signature") == before + 1
    assert stored(database) == 0


def test_the_signature_covers_every_byte(
    web: FlaskClient, database: Database, clock: TestClock
) -> None:
    body = body_of(text_event(a_group(), clock()))

    assert web.post("/callback", data=body + b" ", headers=signed(body)).status_code == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"events": 1}', b"\xff\xfe", b"{}"])
def test_an_unreadable_body_is_400(web: FlaskClient, body: bytes) -> None:
    assert web.post("/callback", data=body, headers=signed(body)).status_code == 400


def test_lines_own_test_with_no_events_is_200(web: FlaskClient, database: Database) -> None:
    body = body_of()

    assert web.post("/callback", data=body, headers=signed(body)).status_code == 200
    assert stored(database) == 0


def test_a_body_over_the_limit_is_413(
    web: FlaskClient, database: Database, clock: TestClock
) -> None:
    body = body_of(text_event(a_group(), clock(), "長" * 5_000))

    assert web.post("/callback", data=body, headers=signed(body)).status_code == 413
    assert stored(database) == 0


def test_other_methods_are_refused(web: FlaskClient) -> None:
    assert web.get("/callback").status_code == 405


def test_health_readiness_and_metrics(web: FlaskClient, database: Database) -> None:
    assert web.get("/healthz").status_code == 200
    assert web.get("/readyz").status_code == 200
    text = web.get("/metrics").get_data(as_text=True)
    assert 'planbot_waiting{queue="inbox_waiting"} 0.0' in text


def test_every_answer_tells_the_browser_to_be_careful(web: FlaskClient) -> None:
    for path in ("/healthz", "/page", "/nowhere"):
        headers = web.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert web.get("/page").headers["Cache-Control"] == "max-age=60"
    assert web.get("/healthz").headers["Cache-Control"] == "no-store"


def test_the_web_process_does_not_import_lines_sdk() -> None:
    code = "import sys, bot.web; sys.exit(any(m.split('.')[0] == 'linebot' for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# the database is away


@contextlib.contextmanager
def taken_away(database: Database, maintenance: URL | None) -> Iterator[None]:
    """Meanwhile the database can be reached by nobody."""
    if maintenance is None:
        with contextlib.closing(sqlite3.connect(database.url.database or "")) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.rollback()
        return
    place = maintenance.set(drivername="postgresql").render_as_string(hide_password=False)
    name = database.url.database
    with psycopg.connect(place, autocommit=True) as other:
        other.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        yield
        other.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')


@pytest.fixture
def maintenance(request: pytest.FixtureRequest, database_url: URL) -> URL | None:
    """From where a PostgreSQL database can be taken away."""
    if database_url.get_backend_name() == "sqlite":
        return None
    url: URL = request.getfixturevalue("postgres_server")
    return url


@pytest.fixture
def impatient(database_url: URL, open_database: Callable[..., Database]) -> Database:
    """A database that gives up soon."""
    return open_database(database_url, busy_seconds=0.1)


def test_what_cannot_be_stored_is_503_and_counted(
    impatient: Database, maintenance: URL | None, clock: TestClock
) -> None:
    app = create_app(impatient, [SECRET], wake=lambda: None, clock=clock, max_body_bytes=1_000_000)
    body = body_of(text_event(a_group(), clock()))
    web, before = app.test_client(), count("not_stored")

    with taken_away(impatient, maintenance):
        assert web.post("/callback", data=body, headers=signed(body)).status_code == 503
        if maintenance is not None:
            assert web.get("/readyz").status_code == 503
        assert web.get("/healthz").status_code == 200
        assert web.get("/metrics").status_code == 200
    assert count("not_stored") == before + 1

    assert web.post("/callback", data=body, headers=signed(body)).status_code == 200
    assert stored(impatient) == 1


def test_a_schema_that_is_missing_is_not_ready(
    open_database: Callable[..., Database], clock: TestClock, tmp_path: Any
) -> None:
    empty = open_database(URL.create("sqlite", database=str(tmp_path / "empty.sqlite3")))
    app = create_app(empty, [SECRET], wake=lambda: None, clock=clock, max_body_bytes=1_000_000)

    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.get_data(as_text=True) == "the schema is missing: run planbot migrate\n"


def test_what_came_while_the_database_was_away_is_answered_after_redelivery(
    bot: Bot,
    impatient: Database,
    maintenance: URL | None,
    line: StandIn,
    serve: Callable[[Flask], str],
    group: Group,
    officer: Person,
) -> None:
    bot.works()
    bot.database.dispose()
    bot.database = impatient
    line.webhook_url = serve(bot.app()) + "/callback"

    before = count("not_stored")
    with taken_away(impatient, maintenance):
        for number in range(3):
            line.say(officer.id, group.id, str(number))
            bot.clock.goes_on(milliseconds=1)
        seq = 0
        while count("not_stored") == before:
            seq = line.wait_for_change(seq, 0.05)
    bot.works()

    assert bot.said(group.id) == ["回：0", "回：1", "回：2"]


def test_a_worker_outlives_a_database_that_is_away_for_a_while(
    bot: Bot, impatient: Database, maintenance: URL | None, group: Group, officer: Person
) -> None:
    bot.works()
    bot.database.dispose()
    worker = bot.another_worker(database=impatient, poll_seconds=0.05)
    worker.start()
    try:
        with taken_away(impatient, maintenance):
            bot.line.wait_for_change(bot.line.seq, 0.3)
        bot.line.say(officer.id, group.id, "期限？")
        deadline_seq = bot.line.seq
        while not bot.said(group.id):
            deadline_seq = bot.line.wait_for_change(deadline_seq, 5)
    finally:
        assert worker.stop()

    assert bot.said(group.id) == ["回：期限？"]
