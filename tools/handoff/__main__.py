"""Entry point of `handoff` and of `python -m handoff`."""

import sys
from collections.abc import Sequence

_INTERRUPTED = 130


def main() -> None:
    """Run a command; what is known, and a check as hooks do it, take shorter roads."""
    words = sys.argv[1:]
    try:
        if words[:1] == ["check"]:
            _check(words)
        from handoff.cli.recalled import Question  # noqa: PLC0415 - not for that

        question = Question.read(words)
        if question:
            question.answer()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    from handoff.cli.main import main as run  # noqa: PLC0415 - loads click

    if question:
        from handoff.cli.learning import learn  # noqa: PLC0415 - loads the engine

        learn(question, run)
    else:
        run()


def _check(words: Sequence[str]) -> None:
    """End with the verdict on a few files where there is a short road to it."""
    from handoff.cli.quick import Asked  # noqa: PLC0415 - for `check` only

    asked = Asked.read(words)
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
