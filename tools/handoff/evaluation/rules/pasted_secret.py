"""No password, token or key may be pasted into a record."""

import re
from collections.abc import Iterator

from handoff.evaluation.rules.rule import ProseRule, error
from handoff.model.diagnostic import Finding
from handoff.model.span import Span
from handoff.policy.policy import Policy
from handoff.records.record import Draft

_DEFECT = error(
    "pasted-secret",
    "something that looks like a password, token or key",
    "Records are read by many and kept for ever; what was committed once cannot be "
    "taken back. Name the access that is needed, and send the secret by the way your "
    "company uses for secrets. Change the secret if it was already shared.",
)
_MARKS = (
    "private key",
    "akia",
    "asia",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "xox",
    "sk_",
    "eyj",
    "passw",
    "passphrase",
    "pwd",
)
"""One of these stands in every secret below; looking for them is quick."""

_IN_URL = re.compile(r"://[^/\s:@]+:[^/\s:@]{3,}@")

_SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{36,}\b"
    r"|\bgithub_pat_[A-Za-z0-9_]{40,}\b"
    r"|\bxox[abeoprs]-[A-Za-z0-9-]{10,}"
    r"|\bsk_(?:live|test)_[A-Za-z0-9]{16,}\b"
    r"|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\."
    r"|(?i:\b(?:password|passwd|pwd|passphrase)\b[\"']?\s*[:=]\s*(?=\S*[0-9])\S{6,})",
)


def _check(record: Draft, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001 - one signature for all checks
    patterns = _patterns(record.document.text)
    for number, line in enumerate(record.document.lines if patterns else (), 1):
        for found in (hit for p in patterns for hit in p.finditer(line)):
            span = Span(number, found.start() + 1, number, found.end() + 1)
            message = f"{len(found[0])} characters here look like a secret"
            hint = (
                "Remove it, say which access is needed, and change the secret if "
                "anybody else may have seen it."
            )
            yield Finding(_DEFECT.name, span, message, hint)


def _patterns(text: str) -> tuple[re.Pattern[str], ...]:
    """Give the patterns that a text may hold at all."""
    lowered = text.lower()
    is_marked = any(map(lowered.__contains__, _MARKS))
    found = (_SECRET if is_marked else None, _IN_URL if _IN_URL.search(text) else None)
    return tuple(pattern for pattern in found if pattern)


RULE = ProseRule(_DEFECT, _check)
