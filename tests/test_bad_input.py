"""Hostile and careless text: one defect, its rule and its line; honest text passes.

Each file of `fixtures/bad_input` is one line of the threat model for text; the one
about links and pipes, and that about paths, are in `test_bad_input_paths.py`. What
the reader alone refuses is shown in `test_document_document.py`.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from handoff.evaluation.rules import CATALOGUE
from handoff.model.diagnostic import Severity
from support.bad_input import Case, judge_bytes, read_cases
from support.cli import ROOT, records
from support.records import PACKET, base

ROWS = (
    "duplicate key",
    "silent conversions",
    "dates and instants",
    "numbers that are none",
    "anchors, aliases, tags, directives",
    "deep nesting",
    "hidden line breaks and controls",
    "bidirectional, zero-width and look-alike characters",
    "text lost to a comment",
    "template text left in place",
    "encodings and line ends",
    "only the first block counts",
    "files that are no records",
    "honest text",
)
HONEST = ROWS[-1]
CASES = tuple(read_cases())
BAD = tuple(case for case in CASES if case.row != HONEST)
GOOD = tuple(case for case in CASES if case.row == HONEST)


def named(case: Case) -> str:
    """Name a case by its row and what is special about it."""
    return f"{case.row}: {case.name}"


def test_every_row_has_cases_and_every_case_a_row() -> None:
    assert tuple(dict.fromkeys(case.row for case in CASES)) == ROWS
    names = [(case.row, case.name) for case in CASES]
    assert len(set(names)) == len(names)


def test_there_is_enough_honest_text() -> None:
    assert len(GOOD) >= 45


@pytest.mark.parametrize("case", BAD, ids=named)
def test_bad_input_is_told_on_its_line(case: Case) -> None:
    assert case.expected
    assert case.found() == case.expected


@pytest.mark.parametrize("case", GOOD, ids=named)
def test_honest_text_is_accepted(case: Case) -> None:
    assert case.found() == ()


@pytest.mark.parametrize("case", BAD, ids=named)
def test_a_file_that_is_not_evaluated_says_why(case: Case) -> None:
    """Files listed are files judged, or there is an error about the file."""
    verdict = judge_bytes(case.files)
    assert verdict.files_listed == len(case.files)
    blamed = {d.path for d in verdict.diagnostics if d.severity is Severity.ERROR}
    assert verdict.files_listed - verdict.files_judged <= len(blamed)


@pytest.mark.parametrize("case", BAD, ids=named)
def test_messages_have_manners(case: Case) -> None:
    """Lower-case start, no full stop; what to do, in whole sentences."""
    for diagnostic in judge_bytes(case.files).diagnostics:
        assert diagnostic.rule in CATALOGUE
        assert not diagnostic.message.endswith((".", "!"))
        assert diagnostic.message[0] == diagnostic.message[0].lower()
        assert diagnostic.hint
        assert re.match("[A-Z`]", diagnostic.hint)


REMARKS = "".join(f"k{number}: v #\n" for number in range(9000))
BOMB = "\n".join(
    ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 26))]
)
LARGE: Mapping[str, str] = {
    "alias bomb": f"---\n{BOMB}\n---\n",
    "merge-key bomb": f"---\n{BOMB.replace('[', '{<<: [').replace(']', ']}')}\n---\n",
    "200,000 brackets": f"---\na: {'[' * 200_000}\n---\n",
    "200,000 braces": f"---\na: {'{a: ' * 200_000}\n---\n",
    "200,000 questions": f"---\n{'? ' * 200_000}\n---\n",
    "5,000 digits": base()[PACKET].replace("250000", "9" * 5000),
    "12 MB": f"---\na: {'b' * 12_000_000}\n---\n",
    "60,000 keys": "---\n" + "".join(f"k{n}: v\n" for n in range(60_000)) + "---\n",
    "quotes": f"---\na: {chr(34) * 400_000}\n---\n",
    "remarks": f"---\n{REMARKS}---\n",
    "hidden in one line": base()[PACKET] + "\u200b" * 300_000,
    "hidden in a value": base()[PACKET].replace(
        "555-0100", "x" * 9**5 + "\u200b" * 9**5
    ),
    "hidden in each line": base()[PACKET] + "\u200b\n" * 200_000,
    "look-alikes": base()[PACKET] + "a\u0430" * 300_000,
    "headings": base()[PACKET] + "\n## Red flags\n" * 20_000,
    "links": base()[PACKET] + "[" * 900_000,
    "quotations": base()[PACKET] + "> " * 400_000,
    "lists": base()[PACKET] + "- " * 400_000,
    "placeholders": base()[PACKET] + "{a" * 400_000,
    "code": base()[PACKET] + "".join("`" * n + " " for n in range(1300)),
    "emphasis": base()[PACKET] + "*a **b " * 120_000,
    "comments": base()[PACKET] + "<!-- " * 150_000,
    "secrets": base()[PACKET] + "eyJ" * 300_000,
}
"""Records of the kind that make readers hang, each judged in a process of its own."""

CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9))
from handoff.__main__ import main
sys.argv = ["handoff", "check"]
main()
"""


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_no_file_takes_long_or_much(text: str, tmp_path: Path) -> None:
    """At most 10 s and 1 GB; a report, no traceback."""
    repository = records(tmp_path / "r", {**base(), PACKET: text})
    done = subprocess.run(  # noqa: S603 - no shell
        [sys.executable, "-c", CHILD],
        cwd=repository.root,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tools")},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) in {(0, b""), (1, b"")}
    assert b"2 files checked" in done.stdout
