"""A start: how long until the index is ready and the first question answered, and what it takes.

Each of five fresh processes reads the YAML of the data folder and nothing else, which is the
reference, then loads the answerer and asks a hundred questions. The index must be ready within so
many times the reference (processor time, so that a busy machine does not count), and the process
must stay under 300 MB. On an idle machine with two cores that is under two seconds.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import yaml

DATA = Path(__file__).parents[2] / "data"
TODAY = date(2026, 11, 22)
PROCESSES, QUESTIONS = 5, 100
MOST_TIMES, MOST_MEGABYTES = 8.0, 300.0


def main(options: Sequence[str]) -> bool:
    """Measure, print, and say whether the targets were met."""
    runs = [_fresh() for _ in range(PROCESSES)]
    middle = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    for name, value in middle.items():
        print(f"{name:<28}{value:>9.2f}")
    times = statistics.median(run["index, cpu s"] / run["yaml, cpu s"] for run in runs)
    print(f"index ready in {times:.1f} times the reading of the YAML (at most {MOST_TIMES:.0f})")
    return times <= MOST_TIMES and middle["memory, MB"] <= MOST_MEGABYTES


def _fresh() -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.start", "--one"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _one() -> dict[str, float]:
    """The figures of this process, which must be a fresh one."""
    cpu = time.process_time()
    _read_yaml()
    read = time.process_time() - cpu
    began = time.monotonic()
    cpu = time.process_time()
    from bot.search import answer

    imported = time.process_time() - cpu
    answerer = answer.load(DATA)
    loaded = time.process_time() - cpu - imported
    ready = time.monotonic() - began
    took = []
    for question, unit in _questions():
        asked = time.monotonic()
        answerer.answer(question, unit=unit, today=TODAY)
        took.append(time.monotonic() - asked)
    return {
        "yaml, cpu s": read,
        "imports, cpu s": imported,
        "index, cpu s": loaded,
        "ready, s": ready,
        "first answer, s": ready + took[0],
        "95 of 100 answers within, ms": statistics.quantiles(took[1:], n=20)[-1] * 1000,
        "memory, MB": _megabytes(),
    }


def _read_yaml() -> None:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for file in sorted(DATA.rglob("*.yaml")):
        yaml.load(file.read_text(encoding="utf-8"), Loader=loader)


def _questions() -> list[tuple[str, str | None]]:
    lines = (DATA / "questions" / "everyday.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [(row["q"], row.get("unit")) for row in rows[:QUESTIONS]]


def _megabytes() -> float:
    """What the process holds now, by its share where pages are shared; Linux only."""
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError("no Pss in smaps_rollup")


if __name__ == "__main__":
    if "--one" in sys.argv:
        print(json.dumps(_one()))
    else:
        sys.exit(0 if main(sys.argv[1:]) else 1)
