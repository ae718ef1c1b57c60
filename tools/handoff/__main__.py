"""Entry point of `handoff` and of `python -m handoff`."""

import sys

from handoff.cli.quick import answer


def main() -> None:
    """Run a command; one whose answer is known already says it without any other."""
    said = answer(sys.argv[1:])
    if said is None:
        from handoff.cli.main import main as run  # noqa: PLC0415 - loads the engine

        run()
    else:
        sys.stdout.write(f"{said}\n")
        raise SystemExit(0)


if __name__ == "__main__":
    main()
