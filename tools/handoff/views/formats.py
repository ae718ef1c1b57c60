"""What `check --format` accepts; a view is imported when it is asked for."""

from importlib import import_module

from handoff.model.verdict import Verdict
from handoff.views.style import Style

CHECK_FORMATS = ("text", "json", "github", "sarif")
"""Each is a module `check_NAME` with a function `render`."""


def render_check(name: str, verdict: Verdict, style: Style) -> str:
    """Write a verdict in one of `CHECK_FORMATS`."""
    text = import_module(f"handoff.views.check_{name}").render(verdict, style)
    return str(text)
