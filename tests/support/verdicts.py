"""Verdicts that the tests of the check views share."""

from handoff.model.diagnostic import Diagnostic, Related, Severity
from handoff.model.span import TOP, Span
from handoff.model.verdict import Verdict
from handoff.views.style import Style

DEAL = "opportunities/2026/04/zephyr-kites-2026-04-02.md"
PACKET = "handoffs/2026/04/assessment-zephyr-kites-2026-04-21.md"
PLAIN = Style(
    colour=False,
    width=72,
    explain={
        "malformed-value": "A value is not of the kind its field holds.",
        "duplicate-key": "A key is given twice.",
        "hidden-character": "Text holds a character that nobody can see.",
    },
)


def diagnostic(  # noqa: PLR0913 - a builder names what a test varies
    message: str = "`owner` is missing, expected one person",
    *,
    path: str = DEAL,
    span: Span = TOP,
    source: str = "",
    severity: Severity = Severity.ERROR,
    hint: str = "",
    related: tuple[Related, ...] = (),
    rule: str = "missing-field",
) -> Diagnostic:
    """Make a diagnostic of which only the interesting parts are named."""
    return Diagnostic(path, span, rule, severity, message, hint, related, source)


def verdict(*diagnostics: Diagnostic, listed: int = 12, judged: int = 12) -> Verdict:
    """Make a verdict about twelve files."""
    return Verdict(listed, judged, diagnostics)


HOSTILE = verdict(
    diagnostic(
        "`next.due` is '12/05', expected a date like 2026-05-12",
        path=PACKET,
        span=Span(9, 8, 9, 15),
        source="  due:\t'12/05' # ##[add-mask]x \x1b[2J \u202egnp.exe",
        hint="Write `due: 2026-05-12`.",
        rule="malformed-value",
    ),
    diagnostic(
        "key `company` is given twice, expected once",
        span=Span(14, 1, 14, 8),
        source="company: 凧株式会社 👩\u200d🔧 Zoe\u0308 & Söhne " + "x" * 200,
        related=(Related(DEAL, Span(3, 1, 3, 8), "first given here"),),
        rule="duplicate-key",
    ),
    diagnostic(
        "the text holds U+200B\n::error::100%, [proof](https://kites.example)",
        path="opportunities/2026/04/a, b: 50%#\udcff.md",
        span=Span(20, 5, 22, 1),
        source="a \\ 凧\u200b|<script>@everyone #12",
        severity=Severity.WARNING,
        hint="Delete the character after `凧`.",
        rule="hidden-character",
    ),
    diagnostic(
        "the file is empty, expected a header",
        path="opportunities/2026/04/zz.md",
        severity=Severity.INFO,
        rule="empty-record",
    ),
    judged=11,
)
