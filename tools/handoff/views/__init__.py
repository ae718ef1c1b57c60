"""Reports to text. Record text is hostile here: each view escapes for its channel."""

from collections.abc import Callable, Mapping

from handoff.model.verdict import Verdict
from handoff.views import check_github, check_json, check_sarif, check_text
from handoff.views.style import Style

CHECK_FORMATS: Mapping[str, Callable[[Verdict, Style], str]] = {
    "text": check_text.render,
    "json": check_json.render,
    "github": check_github.render,
    "sarif": check_sarif.render,
}
"""What `check --format` accepts."""
