"""Why an edit is refused, and what to do by hand instead."""

from handoff.document.characters import describe
from handoff.model.diagnostic import Finding
from handoff.model.errors import HandoffError
from handoff.model.span import TOP, Pointer, Span, format_pointer


class CannotEditError(HandoffError):
    """An edit is impossible, or cannot be made safely; nothing was changed.

    Attributes:
        span: the place in the file, as it was before the edit.
    """

    def __init__(self, message: str, hint: str, span: Span) -> None:
        super().__init__(message, hint)
        self.span = span


def unreadable(finding: Finding) -> CannotEditError:
    """Refuse to edit a file that cannot be read."""
    message = f"line {finding.span.line}: {finding.message}"
    hint = finding.hint or "Correct this line first, then run the command again."
    return CannotEditError(message, hint, finding.span)


def unusual_layout(pointer: Pointer, span: Span) -> CannotEditError:
    """Refuse what no rewriting gets right without losing a comment."""
    name = format_pointer(pointer) or "header"
    return CannotEditError(
        f"`{name}` on line {span.line} is written in a way that cannot be changed "
        "without touching more than asked for",
        f"Open the file, change `{name}` by hand, and save it.",
        span,
    )


def wrong_kind(pointer: Pointer, span: Span, expected: str) -> CannotEditError:
    """Refuse to treat a value as something else."""
    name = format_pointer(pointer)
    return CannotEditError(
        f"`{name}` on line {span.line} is not {expected}",
        f"Open the file and write `{name}` as {expected}, then run the command again.",
        span,
    )


def forbidden_text(character: str) -> CannotEditError:
    """Refuse a value that no record may hold."""
    return CannotEditError(
        f"the new text holds {describe(character)}, expected text without control "
        "characters",
        "Type the text again instead of pasting it.",
        TOP,
    )


def breaks_outline(title: str, span: Span) -> CannotEditError:
    """Refuse section text that would change other sections."""
    return CannotEditError(
        f"the new text of section `{title}` does not stay within its section",
        "Take headings that start with `#` or `##` out of the text, and close every "
        "code block and comment that it opens.",
        span,
    )
