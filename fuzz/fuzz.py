# A script, not a package.
# ruff: noqa: INP001
"""Run one target under atheris: `fuzz.py TARGET CORPUS [flags of libFuzzer]`."""

import sys

import atheris

with atheris.instrument_imports(include=["handoff", "yaml"]):
    from targets import TARGETS


def main() -> None:
    """Fuzz the target that is named first."""
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
