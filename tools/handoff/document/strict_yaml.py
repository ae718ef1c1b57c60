"""YAML in which nothing is what it does not look like: every scalar is text.

Two readers, one meaning. The subset reader knows the YAML that people write and
gives up on anything else; the event reader knows all of it, says what is wrong, and
costs the import of PyYAML. `tests/test_document_subset_yaml.py` shows that the first
never disagrees with the second.
"""

from handoff.document import subset_yaml
from handoff.model.diagnostic import Finding
from handoff.model.span import Pointer, Span

Place = tuple[Span, Span]
"""Where a key and its value stand."""


def read_mapping(
    text: str, first_line: int = 1, *, path: str = ""
) -> tuple[dict[str, object] | None, tuple[Finding, ...]]:
    """Read a mapping of dicts, lists and texts.

    Args:
        text: YAML without forbidden characters, lines ended by line feeds.
        first_line: line of the file on which `text` starts.
        path: the file, for findings that point at two places.

    Returns:
        The mapping and what is odd about it, or nothing and the one finding that
        says why.
    """
    plain = subset_yaml.parse(text)
    if plain is not None:
        return plain, ()
    from handoff.document import yaml_events  # noqa: PLC0415 - imports PyYAML

    return yaml_events.build(text, first_line, path)


def locate(text: str, first_line: int = 1) -> dict[Pointer, Place]:
    """Find every key and value of a text that `read_mapping` has read.

    The key of a list item is the first line of the item.
    """
    from handoff.document import yaml_places  # noqa: PLC0415 - imports PyYAML

    return yaml_places.locate(text, first_line)
