"""Entry point of `handoff` and of `python -m handoff`."""

import sys

from handoff.cli.quick import answer

_INTERRUPTED = 130


def main() -> None:
    """Run a command; one whose answer is known already says it without any other."""
    try:
        said = answer(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    if said is None:
        from handoff.cli.main import main as run  # noqa: PLC0415 - loads the engine

        run()
    else:
        sys.stdout.write(f"{said}\n")
        raise SystemExit(0)


if __name__ == "__main__":
    main()
