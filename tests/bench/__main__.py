"""Run measurements by name, all of them without a name; 1 when one misses its target."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Each module of this folder is a measurement with a `main(options) -> bool`."""
    folder = Path(__file__).parent
    known = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
    names = [argument for argument in arguments if not argument.startswith("-")] or known
    options = [argument for argument in arguments if argument.startswith("-")]
    if unknown := [name for name in names if name not in known]:
        print(f"no such measurement: {', '.join(unknown)}; there are {', '.join(known)}")
        return 2
    met = [importlib.import_module(f"tests.bench.{name}").main(options) for name in names]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
