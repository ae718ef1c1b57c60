"""What the event reader says about YAML that is well formed and yet refused."""

from handoff.document.characters import describe
from handoff.model.diagnostic import Finding, Related
from handoff.model.span import Span, line_span


def empty_header(first_line: int) -> Finding:
    """Report a header without fields."""
    return Finding(
        "empty-header",
        line_span(first_line, ""),
        "the header has no fields",
        "Write one `field: value` on each line of the header.",
    )


def too_large(span: Span, limit: int) -> Finding:
    """Report a header with more than `limit` nodes."""
    return Finding(
        "too-large",
        span,
        f"the header has more than {limit} keys and values",
        "Keep the record short and link to long documents instead.",
    )


def too_deep(span: Span, limit: int) -> Finding:
    """Report nesting that no record needs."""
    return Finding(
        "nested-too-deep",
        span,
        f"found more than {limit} levels inside one another",
        "Write nested lists and groups as separate fields.",
    )


def duplicate_key(name: str, span: Span, first: Related) -> Finding:
    """Report a key that its mapping already has."""
    return Finding(
        "duplicate-key",
        span,
        f"`{name}` is already given on line {first.span.line}",
        "Keep one of the two lines.",
        (first,),
    )


def placeholder_text(span: Span) -> Finding:
    """Report template text in braces."""
    return Finding(
        "placeholder-text",
        span,
        "template text left in place, expected a value",
        "Replace it, braces included, with your own words.",
    )


def text_lost_to_comment(span: Span) -> Finding:
    """Report a comment, which is what `span` covers, behind a plain value."""
    return Finding(
        "text-lost-to-comment",
        span,
        "the text from ` #` on is a comment and will be lost",
        "Put the whole value in double quotes, or move the comment to a line of its "
        "own.",
    )


def forbidden_code(span: Span, character: str) -> Finding:
    """Report a forbidden character that a value writes as an escape."""
    return Finding(
        "forbidden-character",
        span,
        f"found a code for {describe(character)}, expected plain text",
        "Delete the code that starts with a backslash.",
    )
