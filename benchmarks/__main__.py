"""Run every benchmark in full numbers, one after the other."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import benchmarks


def names() -> list[str]:
    """The benchmarks: each module of this package but this one."""
    return [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name != "__main__"]


def main(arguments: list[str]) -> int:
    """Run each in a process of its own; 1 when one failed."""
    if not names():
        print("There is no benchmark yet; benchmarks/README.md says what one looks like.", file=sys.stderr)
    codes = [subprocess.call([sys.executable, "-m", f"benchmarks.{name}", *arguments]) for name in names()]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
