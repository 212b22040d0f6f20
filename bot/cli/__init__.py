"""The commands: a file for each, and what they share.

A command's module has `add(subparsers)`, which declares its options, and `run(args)`, which
reads them, calls one function, prints, and returns the exit status: 0 done, 1 the work failed,
2 wrong use or settings. What it needs is imported when it runs.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import signal
import sys
import time
from collections.abc import Callable, Sequence
from types import ModuleType

from bot import log
from bot.errors import PlanbotError, SettingsError, UsageError

COMMANDS = (
    "demo",
    "serve",
    "web",
    "worker",
    "migrate",
    "check",
    "enroll",
    "ask",
    "eval",
    "index",
    "deadlines",
    "progress",
    "remind",
    "reminders",
    "export",
)

DONE, FAILED, WRONG_USE = 0, 1, 2

_LOOK_SECONDS = 0.1  # how often a command looks whether it was told to stop

_log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    modules = {name: module_of(name) for name in _wanted(given)}
    args = parser_of(modules).parse_args(given)
    log.configure()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that lacks a letter shows «?»
    try:
        status: int = modules[args.command].run(args)
    except (SettingsError, UsageError) as error:
        return _say(error, WRONG_USE)
    except PlanbotError as error:
        return _say(error, FAILED)
    except KeyboardInterrupt:
        return FAILED
    except Exception as error:  # noqa: BLE001 - who runs a command gets a line, not a trace
        _log.exception("command_failed", extra={"command": args.command})
        return _say(error, FAILED)
    return status


def module_of(name: str) -> ModuleType:
    """The module of a command."""
    return importlib.import_module(f"bot.cli.{name}")


def parser_of(modules: dict[str, ModuleType]) -> argparse.ArgumentParser:
    """What understands the command line of these commands."""
    parser = argparse.ArgumentParser(
        prog="planbot",
        description="提升服務小幫手: a LINE bot that answers from a city's service-improvement plans.",
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in modules.values():
        module.add(subparsers)
    return parser


def new_command(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], module: str, doc: str | None
) -> argparse.ArgumentParser:
    """A command's parser: its name is its module's, its help the module's docstring.

    Args:
        module: the module's `__name__`.
        doc: its `__doc__`; the first line is the command's one-line help.
    """
    text = (doc or "").strip()
    return subparsers.add_parser(
        module.rpartition(".")[2],
        help=text.partition("\n")[0],
        description=text,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def until_told() -> Callable[[], None]:
    """Hear SIGTERM and Ctrl-C from now on; what is given back waits for one of them.

    A signal that comes in the moment before a wait begins does not wake it, so the wait looks
    again and again. Handlers take no lock: they may interrupt who holds it.
    """
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: told.append(number))

    def wait() -> None:
        while not told:
            time.sleep(_LOOK_SECONDS)

    return wait


def _wanted(given: Sequence[str]) -> Sequence[str]:
    """The commands to import: the one that is called, all when it is none."""
    return given[:1] if given and given[0] in COMMANDS else COMMANDS


def _say(error: Exception, status: int) -> int:
    sys.stderr.write(f"planbot: {error or type(error).__name__}\n")
    return status
