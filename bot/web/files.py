"""GET /files/<token>/<name>: a document, made when it is fetched, by signed and expiring link.

The token alone says which document it is; the name in the address is for people. Fetching changes
nothing, so LINE's preview may do it. What a document needs is imported when one is asked for, so
that the web process stays small.
"""

from __future__ import annotations

import logging
import os
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, request, send_file

from bot.clock import Clock, monotonic, today
from bot.store.engine import Database

if TYPE_CHECKING:
    from typing import BinaryIO

    from bot.links import FileWanted
    from bot.reports import Sources

log = logging.getLogger(__name__)

_AT_ONCE = 2
_PATIENCE_SECONDS = 10.0
_TYPES = {
    "odt": "application/vnd.oasis.opendocument.text",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
}
_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


def files(
    database: Database, keys: Sequence[str], sources: Callable[[], Sources], clock: Clock
) -> Blueprint:
    """The route.

    Args:
        keys: the channel's secrets, which sign the links.
        sources: plans and layouts; called when a document is asked for.
    """
    blueprint = Blueprint("files", __name__)
    places = threading.BoundedSemaphore(_AT_ONCE)

    @blueprint.get("/files/<token>/<name>")
    def document(token: str, name: str) -> Response:
        """The document; 404 for a link that nobody signed, 410 for one that has expired."""
        from bot import links, phrases_reports

        now = clock()
        what = links.read_file_token(keys, token, now)
        if what is None:
            return _page(phrases_reports.FILE_NOT_FOUND, 404)
        if isinstance(what, links.Expired):
            return _page(phrases_reports.FILE_EXPIRED, 410)
        if request.method == "HEAD":
            return _described(Response(), what, sources())
        if not places.acquire(timeout=_PATIENCE_SECONDS):
            return _page(phrases_reports.FILES_BUSY, 503)
        try:
            return _made(database, what, sources(), clock)
        finally:
            places.release()

    return blueprint


def _made(database: Database, what: FileWanted, sources: Sources, clock: Clock) -> Response:
    """The document as it is now; a large one never stands in memory as a whole."""
    from bot import phrases_reports, reports

    begun = monotonic()
    with ExitStack() as stack:
        made = stack.enter_context(tempfile.TemporaryFile())
        with database.begin_reading() as db:
            found = reports.write_file(db, sources, what, today(clock()), cast("BinaryIO", made))
        if not found:
            return _page(phrases_reports.FILE_NOT_FOUND, 404)
        size = made.seek(0, os.SEEK_END)
        made.seek(0)
        response = send_file(made, mimetype=_TYPES[what.format], etag=False, max_age=0)
        stack.pop_all()  # whoever has read the answer closes the file
    took = round(monotonic() - begun, 3)
    log.info("file_made", extra={"kind": what.kind, "as": what.format, "size": size, "took": took})
    response.content_length = size
    return _described(response, what, sources)


def _described(response: Response, what: FileWanted, sources: Sources) -> Response:
    """With the headers of the document."""
    from urllib.parse import quote

    from bot import reports

    name = quote(reports.file_name(sources.corpus, what), safe="")
    plain = f"{what.kind.value}-{what.year}.{what.format}"
    response.headers["Content-Type"] = _TYPES[what.format]
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{name}"
    )
    response.headers.update(_HEADERS)
    return response


def _page(words: str, status: int) -> Response:
    response = Response(words + "\n", status=status, content_type="text/plain; charset=utf-8")
    response.headers.update(_HEADERS)
    return response
