"""GET /files/<token>/<name>: who has a good link gets the document, and nobody else anything."""

from __future__ import annotations

import logging
import zipfile
from datetime import datetime, timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gunicorn.config import Config

from bot import links, phrases_reports
from bot.cli import server
from bot.documents import template
from bot.links import Expired, FileFormat, FileKind, FileWanted
from bot.plans import corpus, dates
from bot.plans.model import RocYear
from bot.plans.progress import ProgressStatus
from bot.reports import Sources
from bot.settings import packaged_data
from bot.store import progress
from bot.store.engine import Database
from bot.store.models import AuditEntry
from bot.store.progress import Content, Origin
from bot.web import create_app
from bot.web.files import files
from tests import factories
from tests.conftest import TestClock

UNIT = "三民區第二衛生所"
KEYS = ("a channel secret",)
REPORT = FileWanted(kind=FileKind.RESULT_REPORT, unit=UNIT, year=115, format=FileFormat.ODT)
WEEK = timedelta(days=7)


@pytest.fixture(scope="module")
def sources() -> Sources:
    folder = packaged_data()
    plans = corpus.load(folder)
    return Sources(
        corpus=plans,
        schedules=dates.load(folder, plans).schedules,
        template=template.load(folder),
    )


@pytest.fixture
def app(sqlite_database: Database, sources: Sources, clock: TestClock) -> Flask:
    pages = files(sqlite_database, KEYS, lambda: sources, clock)
    return create_app(
        sqlite_database, KEYS, wake=lambda: None, clock=clock, max_body_bytes=1000,
        blueprints=[pages],
    )  # fmt: skip


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def address(what: FileWanted, until: datetime, key: str = KEYS[0], name: str = "x") -> str:
    return links.file_address("", links.sign_file((key,), what, until), name)


def report(database: Database, now: datetime, note: str) -> None:
    with database.begin() as db:
        progress.report(
            db,
            unit=UNIT,
            year=RocYear(115),
            item="khh-sanmin2-115:4.1.3.2.1",
            content=Content(status=ProgressStatus.UNDERWAY, percent=50, note=note),
            origin=Origin(
                person=factories.person(),
                chat=factories.group(),
                message_id="1",
                event_id=f"event {note}",
                at=now,
            ),
        )


def text_of(body: bytes) -> str:
    with zipfile.ZipFile(BytesIO(body)) as package:
        return package.read("content.xml").decode()


# what a good link gives


def test_the_document_is_as_of_the_moment_it_is_fetched(
    client: FlaskClient, sqlite_database: Database, now: datetime
) -> None:
    link = address(REPORT, now + WEEK)
    report(sqlite_database, now, "辦了兩場")
    first = client.get(link, buffered=True)
    report(sqlite_database, now, "又辦了一場")
    second = client.get(link, buffered=True)

    assert first.status_code == second.status_code == 200
    assert "辦了兩場" in text_of(first.data)
    assert "又辦了一場" not in text_of(first.data)
    assert "又辦了一場" in text_of(second.data)


@pytest.mark.parametrize(
    ("kind", "unit", "form", "media_type", "begins"),
    [
        (FileKind.RESULT_REPORT, UNIT, FileFormat.ODT, "application/vnd.oasis.opendocument.text", b"PK"),
        (FileKind.PLAN_FORMAT, UNIT, FileFormat.DOCX,
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
        (FileKind.TABLES, UNIT, FileFormat.XLSX,
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        (FileKind.TABLES, UNIT, FileFormat.ODS, "application/vnd.oasis.opendocument.spreadsheet", b"PK"),
        (FileKind.TABLES, UNIT, FileFormat.CSV, "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
    ],
)  # fmt: skip
def test_every_document_says_what_it_is_and_is_kept_nowhere(
    client: FlaskClient,
    now: datetime,
    kind: FileKind,
    unit: str,
    form: FileFormat,
    media_type: str,
    begins: bytes,
) -> None:
    what = FileWanted(kind=kind, unit=unit, year=115, format=form)
    answer = client.get(address(what, now + WEEK), buffered=True)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.data.startswith(begins)
    assert int(answer.headers["content-length"]) == len(answer.data)
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"


def test_the_file_has_a_chinese_name_and_one_for_old_programs(
    client: FlaskClient, now: datetime
) -> None:
    answer = client.get(address(REPORT, now + WEEK, name="another.exe"), buffered=True)

    name = quote("高雄市三民區第二衛生所115年度提升服務成果報告.odt")
    assert answer.headers["content-disposition"] == (
        f"attachment; filename=\"result_report-115.odt\"; filename*=UTF-8''{name}"
    )


def test_asking_for_the_head_alone_makes_nothing(client: FlaskClient, now: datetime) -> None:
    answer = client.head(address(REPORT, now + WEEK))

    assert answer.status_code == 200
    assert answer.data == b""
    assert "content-disposition" in answer.headers


def test_fetching_changes_nothing(
    client: FlaskClient, sqlite_database: Database, now: datetime
) -> None:
    client.get(address(REPORT, now + WEEK), buffered=True)

    with sqlite_database.begin() as db:
        assert db.query(AuditEntry).count() == 0


def test_a_writer_need_not_wait_for_whoever_reads(sqlite_database: Database, now: datetime) -> None:
    with sqlite_database.begin_reading() as reading:
        assert progress.record_of(reading, UNIT, RocYear(115)) == []
        report(sqlite_database, now, "寫進去了")
        assert progress.record_of(reading, UNIT, RocYear(115)) == []

    with sqlite_database.begin() as db:
        assert len(progress.record_of(db, UNIT, RocYear(115))) == 1


def test_while_a_secret_is_replaced_both_open(
    sqlite_database: Database, sources: Sources, clock: TestClock
) -> None:
    old = address(REPORT, clock.now + WEEK, key="old")
    app = Flask(__name__)
    app.register_blueprint(files(sqlite_database, ("new", "old"), lambda: sources, clock))

    assert app.test_client().get(old, buffered=True).status_code == 200


def test_only_a_few_are_made_at_once_and_the_webhook_keeps_its_threads(
    sqlite_database: Database,
    sources: Sources,
    clock: TestClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.web.files._PATIENCE_SECONDS", 0.01)
    link = address(REPORT, clock.now + WEEK)
    inner: list[int] = []

    def asks_for_another() -> Sources:
        inner.append(app.test_client().get(link, buffered=True).status_code)
        return sources

    app = Flask(__name__)
    app.register_blueprint(files(sqlite_database, KEYS, asks_for_another, clock))

    assert app.test_client().get(link, buffered=True).status_code == 200
    assert inner == [503, 200]


# what opens nothing


def test_a_guessed_a_cut_and_a_changed_token_open_nothing(
    client: FlaskClient, now: datetime
) -> None:
    token = links.sign_file(KEYS, REPORT, now + WEEK)
    content, _, signature = token.partition(".")
    other = links.sign_file(
        KEYS,
        FileWanted(kind=REPORT.kind, unit="民政局", year=115, format=FileFormat.ODT),
        now + WEEK,
    )
    wrong = [
        "x",
        "x" * 100,
        content,
        f"{other.partition('.')[0]}.{signature}",
        f"{token}A",
        "." * 9,
    ]

    for one in wrong:
        answer = client.get(f"/files/{one}/x", buffered=True)
        assert answer.status_code == 404
        assert answer.get_data(as_text=True).strip() == phrases_reports.FILE_NOT_FOUND
        assert answer.headers["cache-control"] == "private, no-store"


def test_what_somebody_else_signed_opens_nothing(client: FlaskClient, now: datetime) -> None:
    assert (
        client.get(address(REPORT, now + WEEK, key="another secret"), buffered=True).status_code
        == 404
    )


def test_an_expired_link_says_where_to_get_a_new_one(
    client: FlaskClient, now: datetime, clock: TestClock
) -> None:
    link = address(REPORT, now + WEEK)
    clock.goes_on(days=7)
    answer = client.get(link, buffered=True)

    assert answer.status_code == 410
    assert answer.get_data(as_text=True).strip() == phrases_reports.FILE_EXPIRED


def test_a_unit_that_is_no_longer_there_has_no_document(client: FlaskClient, now: datetime) -> None:
    gone = FileWanted(
        kind=FileKind.RESULT_REPORT, unit="裁撤的單位", year=115, format=FileFormat.ODT
    )

    assert client.get(address(gone, now + WEEK), buffered=True).status_code == 404


def test_without_a_secret_nothing_opens(now: datetime) -> None:
    token = links.sign_file(("",), REPORT, now + WEEK)

    assert links.read_file_token((), token, now) is None


def test_a_token_tells_what_it_opens_and_until_when(now: datetime) -> None:
    token = links.sign_file(KEYS, REPORT, now + WEEK)

    assert links.read_file_token(KEYS, token, now) == REPORT
    assert links.read_file_token(KEYS, token, now + WEEK) == Expired(what=REPORT, at=now + WEEK)


def test_a_failure_is_logged_without_the_link(
    sqlite_database: Database, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Sources:
        raise OSError

    pages = files(sqlite_database, KEYS, broken, clock)
    app = create_app(
        sqlite_database, KEYS, wake=lambda: None, clock=clock, max_body_bytes=1000,
        blueprints=[pages],
    )  # fmt: skip
    link = address(REPORT, clock.now + WEEK)
    with caplog.at_level(logging.INFO):
        answer = app.test_client().get(link, buffered=True)

    assert answer.status_code == 500
    assert [one.message for one in caplog.records] == ["request_failed"]
    assert link.split("/")[2] not in caplog.text


def test_the_server_logs_a_failure_without_the_link(caplog: pytest.LogCaptureFixture) -> None:
    server._Log(Config()).exception("Error handling request %s", "/files/a-secret/x")

    assert [one.getMessage() for one in caplog.records] == ["Error handling request"]
