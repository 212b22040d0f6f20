"""The settings, read from the environment once; SURFACE.md lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from bot.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says.

    `channel_secrets` may hold two secrets while one is being replaced (comma-separated in the
    variable). Times are in seconds.
    """

    database_url: str
    data: Path
    port: int = 8000
    public_base_url: str = ""
    channel_secrets: tuple[str, ...] = ()
    channel_access_token: str = ""
    line_api_base: str | None = None
    line_api_data_base: str | None = None
    rerank_url: str = ""
    rerank_model: str = ""
    rerank_key: str = ""
    worker_threads: int = 8
    max_body_bytes: int = 2 * 1024 * 1024

    @property
    def has_channel(self) -> bool:
        """Whether a LINE channel is configured."""
        return bool(self.channel_secrets and self.channel_access_token)


def read(environ: Mapping[str, str]) -> Settings:
    """The settings of an environment.

    Args:
        environ: usually `os.environ`.

    Raises:
        SettingsError: names every variable that is wrong.
    """
    faults: list[str] = []
    port = _whole_number(environ, "PORT", 8000, 1, 65535, faults)
    threads = _whole_number(environ, "PLANBOT_WORKER_THREADS", 8, 1, 64, faults)
    base = environ.get("PUBLIC_BASE_URL", "").strip().rstrip("/") or f"http://127.0.0.1:{port}"
    if not base.startswith(("http://", "https://")):
        faults.append("PUBLIC_BASE_URL must begin with https:// or http://")
    for name in ("LINE_API_BASE", "LINE_API_DATA_BASE"):
        if not environ.get(name, "https://").startswith(("http://", "https://")):
            faults.append(f"{name} must begin with https:// or http://")
    rerank_url = environ.get("PLANBOT_RERANK_URL", "").strip()
    if rerank_url and not rerank_url.startswith(("http://", "https://")):
        faults.append("PLANBOT_RERANK_URL must begin with https:// or http://")
    if rerank_url and not environ.get("PLANBOT_RERANK_MODEL", "").strip():
        faults.append("PLANBOT_RERANK_MODEL must name the model at PLANBOT_RERANK_URL")
    data = Path(environ["PLANBOT_DATA"]) if environ.get("PLANBOT_DATA") else packaged_data()
    if not data.is_dir():
        faults.append(f"PLANBOT_DATA: there is no folder {data}")
    if faults:
        raise SettingsError(faults)
    secrets = environ.get("LINE_CHANNEL_SECRET", "").split(",")
    return Settings(
        database_url=database_url(environ.get("DATABASE_URL", "").strip()),
        data=data,
        port=port,
        public_base_url=base,
        channel_secrets=tuple(secret.strip() for secret in secrets if secret.strip()),
        channel_access_token=environ.get("LINE_CHANNEL_ACCESS_TOKEN", "").strip(),
        line_api_base=environ.get("LINE_API_BASE", "").rstrip("/") or None,
        line_api_data_base=environ.get("LINE_API_DATA_BASE", "").rstrip("/") or None,
        rerank_url=rerank_url,
        rerank_model=environ.get("PLANBOT_RERANK_MODEL", "").strip(),
        rerank_key=environ.get("PLANBOT_RERANK_KEY", "").strip(),
        worker_threads=threads,
    )


def missing_channel(settings: Settings) -> list[str]:
    """The variables of the LINE channel that are not set."""
    missing = []
    if not settings.channel_secrets:
        missing.append("LINE_CHANNEL_SECRET is not set")
    if not settings.channel_access_token:
        missing.append("LINE_CHANNEL_ACCESS_TOKEN is not set")
    return missing


def database_url(given: str) -> str:
    """The address as SQLAlchemy wants it; SQLite under `var/` when none is given."""
    if not given:
        return "sqlite:///var/planbot.sqlite3"
    for prefix in ("postgres://", "postgresql://"):
        if given.startswith(prefix):
            return "postgresql+psycopg://" + given.removeprefix(prefix)
    return given


def packaged_data() -> Path:
    """The data folder that came with the program: beside it in a checkout, else in the wheel."""
    beside = Path(__file__).resolve().parents[1] / "data"
    if (beside / "units.yaml").is_file():
        return beside
    return Path(str(resources.files("planbot_data")))


def _whole_number(
    environ: Mapping[str, str], name: str, default: int, low: int, high: int, faults: list[str]
) -> int:
    given = environ.get(name, "").strip()
    if not given:
        return default
    if not given.isdecimal() or not low <= int(given) <= high:
        faults.append(f"{name} must be a whole number from {low} to {high}, not {given!r}")
        return default
    return int(given)
