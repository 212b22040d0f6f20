"""Are data, settings, database and channel all right? One finding for each, with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot import settings
from bot.errors import DataError, LineError, LineUnauthorized, SettingsError
from bot.settings import Settings
from bot.store.engine import Database

if TYPE_CHECKING:
    from bot.search.encoders import Encoder


class Verdict(StrEnum):
    """How something stands."""

    GOOD = "good"
    CARE = "care"
    BAD = "bad"

    @property
    def mark(self) -> str:
        """One letter for it."""
        return {"good": "✔", "care": "△", "bad": "✘"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, how it stands, and what to do about it."""

    name: str
    verdict: Verdict
    says: str
    remedy: str = ""

    @property
    def line(self) -> str:
        """The finding as a line of text."""
        remedy = f" → {self.remedy}" if self.remedy else ""
        return f"{self.verdict.mark} {self.name}: {self.says}{remedy}"


def check(environ: Mapping[str, str], *also: Callable[[Path], object]) -> list[Finding]:
    """Everything that can be looked at from here; nothing is changed.

    Args:
        also: read what else belongs into the data folder, as `check_data` takes them.
    """
    try:
        given = settings.read(environ)
    except SettingsError as error:
        return [
            Finding(name="settings", verdict=Verdict.BAD, says=fault, remedy="correct it")
            for fault in error.faults
        ]
    return [
        _good("settings", "every variable can be read"),
        check_data(given.data, *also),
        *check_encoders(given.data),
        *check_database(given),
        *check_channel(given),
    ]


def check_data(folder: Path, *also: Callable[[Path], object]) -> Finding:
    """Whether every file under the data folder is as data/README.md has it.

    Args:
        also: each reads a file of parts that are not known here, and raises `DataError`.
    """
    from bot.documents import template
    from bot.plans import courtesy, dates
    from bot.search import answer

    try:
        corpus = answer.load(folder, encoders=()).corpus
        dates.load(folder, corpus)
        courtesy.load(folder)
        template.load(folder)
        for read in also:
            read(folder)
    except DataError as error:
        where = f"{error.file}:{error.line}" if error.line else str(error.file)
        return Finding(
            name="data", verdict=Verdict.BAD, says=f"{where}: {error.fault}", remedy=error.remedy
        )
    clauses = sum(node.is_quotable for node in corpus.nodes.values())
    return _good(
        "data", f"{len(corpus.plans)} plans, {clauses} clauses, {len(list(corpus.units))} units"
    )


def check_encoders(folder: Path) -> list[Finding]:
    """Whether questions are understood by meaning, too, or by their words alone."""
    from bot.search import encoders

    found = encoders.installed()
    if not found:
        return [
            Finding(
                name="encoders",
                verdict=Verdict.CARE,
                says="none; questions are matched by their words alone",
                remedy="pip install " + " or ".join(kind.package for kind in encoders.KINDS),
            )
        ]
    names = ", ".join(one.name for one in found)
    return [_good("encoders", names), *_vectors(folder, found)]


def _vectors(folder: Path, found: Sequence[Encoder]) -> list[Finding]:
    """Whether every text has the vector by which it is understood."""
    from bot.plans import corpus as plans
    from bot.search import index, outside, phrasings
    from bot.search.vectors import Vectors

    try:
        corpus = plans.load(folder)
        texts = index.texts_to_encode(
            corpus, phrasings.load(folder, corpus), outside.load(folder, corpus)
        )
    except DataError:
        return []  # the line about the data says it
    waiting = max(
        len(Vectors.read(index.vectors_file(folder, one), one).missing(texts)) for one in found
    )
    if not waiting:
        return [_good("vectors", "up to date")]
    says = f"{waiting} texts have none yet and are found by their words alone"
    return [Finding(name="vectors", verdict=Verdict.CARE, says=says, remedy="run planbot index")]


def check_database(given: Settings) -> list[Finding]:
    """Whether the database answers, and whether its schema is the program's."""
    if (finding := _no_file_yet(given)) is not None:
        return [finding]
    database = Database(given.database_url, pool_size=1)
    try:
        with database.begin() as db:
            db.execute(select(1))
    except SQLAlchemyError as error:
        fault = f"does not answer ({type(error).__name__})"
        remedy = "see DATABASE_URL and whether the server runs"
        return [Finding(name="database", verdict=Verdict.BAD, says=fault, remedy=remedy)]
    else:
        return [_good("database", database.url.get_backend_name()), _schema(database)]
    finally:
        database.dispose()


def check_channel(given: Settings) -> list[Finding]:
    """Whether LINE takes the access token, and posts to us; nothing where no channel is set."""
    missing = settings.missing_channel(given)
    if len(missing) == 2:
        return []
    if missing:
        (fault,) = missing
        remedy = "copy it from LINE Developers"
        return [Finding(name="channel", verdict=Verdict.BAD, says=fault, remedy=remedy)]
    from bot.line.client import LineClient

    with LineClient(
        given.channel_access_token,
        api_base=given.line_api_base,
        data_base=given.line_api_data_base,
    ) as client:
        try:
            state = client.check()
        except LineError as error:
            return [_refused(error)]
    return [_good("channel", state.name), _webhook(given, state.webhook, state.webhook_is_active)]


def _schema(database: Database) -> Finding:
    fault = database.fault()
    if fault is None:
        return _good("schema", "current")
    says, _, remedy = fault.partition(": ")
    return Finding(name="schema", verdict=Verdict.BAD, says=says, remedy=remedy)


def _no_file_yet(given: Settings) -> Finding | None:
    """Looking into a SQLite file that is not there would make an empty one."""
    path = given.database_url.removeprefix("sqlite:///")
    if path == given.database_url or path in ("", ":memory:") or Path(path).exists():
        return None
    return Finding(
        name="database",
        verdict=Verdict.CARE,
        says=f"{path} is not there yet",
        remedy="run planbot migrate",
    )


def _refused(error: LineError) -> Finding:
    if isinstance(error, LineUnauthorized):
        says, remedy = "LINE refuses the access token", "issue a new one in LINE Developers"
    else:
        says, remedy = f"LINE does not answer ({error.detail})", "try again; see LINE_API_BASE"
    return Finding(name="channel", verdict=Verdict.BAD, says=says, remedy=remedy)


def _webhook(given: Settings, address: str | None, is_active: bool) -> Finding:
    ours = f"{given.public_base_url}/callback"
    if address is None or not is_active:
        says, remedy = "LINE posts nowhere", f"switch on «Use webhook» with {ours}"
    elif address != ours:
        says, remedy = f"LINE posts to {address}", f"if that is not this bot, set {ours}"
    else:
        return _good("webhook", ours)
    return Finding(name="webhook", verdict=Verdict.CARE, says=says, remedy=remedy)


def _good(name: str, says: str) -> Finding:
    return Finding(name=name, verdict=Verdict.GOOD, says=says)
