"""The environment is read once, and every fault in it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import settings
from bot.errors import SettingsError


def test_an_empty_environment_is_enough() -> None:
    given = settings.read({})

    assert given.database_url == "sqlite:///var/planbot.sqlite3"
    assert given.port == 8000
    assert given.public_base_url == "http://127.0.0.1:8000"
    assert given.line_api_base is None
    assert (given.data / "units.yaml").is_file()
    assert not given.has_channel


def test_the_links_base_follows_the_port_unless_it_is_named() -> None:
    assert settings.read({"PORT": "9000"}).public_base_url == "http://127.0.0.1:9000"
    assert settings.read({"PUBLIC_BASE_URL": "https://bot.example/"}).public_base_url == (
        "https://bot.example"
    )


@pytest.mark.parametrize(
    ("named", "used"),
    [
        ("", "sqlite:///var/planbot.sqlite3"),
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:///x.db", "sqlite:///x.db"),
    ],
)
def test_addresses_of_databases_are_read_as_people_write_them(named: str, used: str) -> None:
    assert settings.database_url(named) == used


def test_two_secrets_are_taken_while_one_is_being_replaced() -> None:
    given = settings.read({"LINE_CHANNEL_SECRET": "new, old", "LINE_CHANNEL_ACCESS_TOKEN": "t"})

    assert given.channel_secrets == ("new", "old")
    assert given.has_channel


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({}, ["LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN"]),
        ({"LINE_CHANNEL_SECRET": "s"}, ["LINE_CHANNEL_ACCESS_TOKEN"]),
        ({"LINE_CHANNEL_SECRET": " ", "LINE_CHANNEL_ACCESS_TOKEN": "t"}, ["LINE_CHANNEL_SECRET"]),
    ],
)
def test_what_the_channel_lacks_is_named(environ: dict[str, str], missing: list[str]) -> None:
    faults = settings.missing_channel(settings.read(environ))

    assert [fault.split()[0] for fault in faults] == missing


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    environ = {
        "PORT": "eighty",
        "PLANBOT_WORKER_THREADS": "0",
        "PUBLIC_BASE_URL": "bot.example",
        "LINE_API_BASE": "ftp://x",
        "PLANBOT_DATA": str(tmp_path / "nowhere"),
    }

    with pytest.raises(SettingsError) as raised:
        settings.read(environ)

    assert len(raised.value.faults) == 5
    for name in environ:
        assert name in str(raised.value)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8.5", "８０００x"])
def test_a_port_must_be_one(port: str) -> None:
    with pytest.raises(SettingsError, match="PORT"):
        settings.read({"PORT": port})
