"""Entry point of `handoff` and of `python -m handoff`."""

import sys

from handoff.cli.quick import Asked

_INTERRUPTED = 130


def main() -> None:
    """Run a command; a check as hooks type it takes a shorter road."""
    try:
        _take_short_road()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    from handoff.cli.main import main as run  # noqa: PLC0415 - loads click

    run()


def _take_short_road() -> None:
    """End with the answer where there is a short road to it."""
    asked = Asked.read(sys.argv[1:])
    if asked is None:
        return
    if said := asked.answer():
        from handoff.cli.output import write  # noqa: PLC0415 - for answers only

        write(f"{said}\n")
        raise SystemExit(0)
    from handoff.cli.plain import judge_plainly  # noqa: PLC0415 - loads the engine

    judge_plainly(asked)


if __name__ == "__main__":
    main()
