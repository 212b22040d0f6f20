"""Writes commands.md from the commands' own help: `make docs`.

`tests/unit/test_docs.py` fails when the page and the commands differ.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.cli import COMMANDS, module_of, parser_of

PAGE = Path(__file__).with_name("commands.md")

HEAD = """# 指令

由各指令自己的說明產生，請勿手改；改完指令後執行 `make docs`。

每個指令都有 `--help`。有 `--json` 的指令只印出一個 JSON 值，其餘訊息都在標準錯誤輸出。
結束狀態：0 完成，1 失敗，2 用法或設定有誤。
"""


def page() -> str:
    """All commands with their options, in the order of the help."""
    return "\n".join([HEAD, *(_command(name) for name in COMMANDS)])


def _command(name: str) -> str:
    module = module_of(name)
    parser = parser_of({name: module})
    (subparsers,) = (
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    )
    options = [
        _option(action)
        for action in subparsers.choices[name]._actions
        if not isinstance(action, argparse._HelpAction)
    ]
    table = ["", "| option | meaning |", "| --- | --- |", *options] if options else []
    return "\n".join([f"## planbot {name}", "", str(module.__doc__).strip(), *table, ""])


def _option(action: argparse.Action) -> str:
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if not action.option_strings:
        shown = f"`{metavar}`"
    elif action.nargs == 0:
        shown = ", ".join(f"`{option}`" for option in action.option_strings)
    else:
        shown = ", ".join(f"`{option} {metavar}`" for option in action.option_strings)
    return f"| {shown} | {(action.help or '').replace('|', '/')} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
