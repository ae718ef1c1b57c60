"""Diagnostics as annotations on GitHub."""

from handoff.model.diagnostic import Severity
from handoff.model.span import TOP, Span
from handoff.views.check_github import render
from support.golden import assert_golden
from support.verdicts import HOSTILE, PLAIN, diagnostic, verdict


def test_golden() -> None:
    assert_golden("check_github.txt", render(HOSTILE, PLAIN))


def test_columns_include_the_last_and_stay_in_one_line() -> None:
    one = diagnostic("m", path="a.md", span=Span(3, 2, 3, 5))
    several = diagnostic("m", path="a.md", span=Span(3, 2, 4, 1))
    point = diagnostic("m", path="a.md", span=TOP)
    lines = render(verdict(one, several, point), PLAIN).splitlines()
    title = "title=missing-field"
    assert lines[:3] == [
        f"::error file=a.md,line=3,endLine=3,col=2,endColumn=4,{title}::m",
        f"::error file=a.md,line=3,endLine=4,{title}::m",
        f"::error file=a.md,line=1,endLine=1,col=1,endColumn=1,{title}::m",
    ]


def test_ten_of_each_severity_then_plain_lines() -> None:
    found = [
        diagnostic(f"::error::{n}", path="::error::x", severity=severity)
        for severity in Severity
        for n in range(12)
    ]
    lines = render(verdict(*found), PLAIN).splitlines()
    for command in ("error", "warning", "notice"):
        assert sum(line.startswith(f"::{command} ") for line in lines) == 10
    assert lines[30] == "6 more, which GitHub shows only in this log:"
    assert lines[31] == r"\x3a:error::x:1:1: error[missing-field] ::error::10"
    assert not any(line.lstrip().startswith("::") for line in lines[30:])
    assert lines[-1].startswith("12 files checked: 12 errors, 12 warnings, 12 infos")
    assert len(lines) == 30 + 1 + 6 + 1


def test_nothing_found() -> None:
    assert render(verdict(), PLAIN) == "12 files checked, all fine\n"
