"""Hostile and careless input: one edit of a valid record, and what it must give."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from handoff.evaluation.report import evaluate
from handoff.model.instant import parse_instant
from handoff.model.verdict import Verdict
from handoff.records.register import load_register
from handoff.repository.snapshot import MemorySnapshot
from support.records import NOW, OPPORTUNITY, PACKET, ROOT, base, shipped_policy

FOLDER = ROOT / "tests" / "fixtures" / "bad_input"
_PATHS = {"opportunity": OPPORTUNITY, "packet": PACKET}


@dataclass(frozen=True, slots=True)
class Case:
    """One bad or honest input.

    Attributes:
        row: the line of the threat model it belongs to.
        name: what is special about it.
        files: the whole repository, without policy.
        first: the line, from 1, where the edited text starts.
        expected: rules by line, `LINE rule`, the lines counted from `first`; a line 0
            stands for the first of the file, where a whole file is judged.
    """

    row: str
    name: str
    files: Mapping[str, bytes]
    first: int
    expected: tuple[str, ...]

    def found(self) -> tuple[str, ...]:
        """Judge the files, and write the verdict as `expected` does."""
        found = judge_bytes(self.files).diagnostics
        return tuple(f"{self._line(d.span.line)} {d.rule}" for d in found)

    def _line(self, line: int) -> int:
        return 0 if line == 1 < self.first else line - self.first + 1


def judge_bytes(files: Mapping[str, bytes]) -> Verdict:
    """Check files of any content under the shipped policy."""
    policy, now = shipped_policy(), parse_instant(NOW)
    assert now
    register = load_register(MemorySnapshot(files), policy)
    return evaluate(register, policy, now, rev="memory", is_replay=False).verdict


def base_bytes() -> dict[str, bytes]:
    """Give the valid records as they lie on the disk."""
    return {path: text.encode() for path, text in base().items()}


def read_cases() -> Iterator[Case]:
    """Read every case of the folder, row by row."""
    for path in sorted(FOLDER.glob("*.yaml")):
        yield from _cases_of(path)


def _cases_of(path: Path) -> Iterator[Case]:
    data: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    for case in data["cases"]:
        target = _PATHS[case.get("file", "opportunity")]
        content, first = _content(case, base()[target])
        yield Case(
            data["row"],
            case["name"],
            base_bytes() | {target: content},
            first,
            tuple(case.get("expect", ())),
        )


def _content(case: Mapping[str, Any], valid: str) -> tuple[bytes, int]:
    """Make the file of a case, and tell on which line the edit starts.

    `hex` and `text` are the whole file; `old` is replaced, where it stands once, by
    `new`, by a text that is repeated, or by numbered fields; `replace` and `prefix`
    change the valid record as a whole.
    """
    if "hex" in case:
        return bytes.fromhex(case["hex"]), 1
    encoding = case.get("encoding", "utf-8")
    new = _new(case)
    if "old" not in case:
        whole = case.get("text", valid if new is None else new)
        whole = case.get("prefix", "") + whole.replace(*case.get("replace", ("", "")))
        return whole.encode(encoding), 1
    old = case["old"]
    assert valid.count(old) == 1, f"{case['name']}: stands {valid.count(old)}x: {old}"
    first = valid.count("\n", 0, valid.index(old)) + 1
    return valid.replace(old, new or "").encode(encoding), first


def _new(case: Mapping[str, Any]) -> str | None:
    if "repeat" in case:
        before, unit, times, after = case["repeat"]
        return str(before + unit * times + after)
    if "counted" in case:
        name, times = case["counted"]
        return "\n".join(f"{name}{number}: x" for number in range(times))
    return str(case["new"]) if "new" in case else None
