"""From bytes to text: everything that makes a file unreadable before any syntax."""

import re

from handoff.document.characters import forbidden_character, place
from handoff.model.diagnostic import Finding
from handoff.model.span import TOP, Span, line_span

SIZE_LIMIT = 1_000_000
"""The largest file that is read, in bytes."""

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"-\0", b"\0-")  # a mark, or half of `-`
_DOCUMENTS = (b"%PDF-", b"PK\x03\x04")  # the second starts office files too
_LFS = b"version https://git-lfs.github.com/spec/"
_CONFLICT = re.compile(r"^<{7}(?: .*)?$", re.MULTILINE)
_BINARY = Finding(
    "binary-file",
    TOP,
    "the file is not text, expected a record in markdown",
    "Move the document elsewhere and link to it from the record.",
)


def decode(content: bytes) -> str | Finding:
    """Give a file's text: no byte-order mark, lines end in line feeds.

    Returns:
        The text, or the one finding that says why there is none.
    """
    refusal = _refuse_bytes(content)
    if refusal:
        return refusal
    content = content.removeprefix(_BOM)
    try:
        text = content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return _not_utf8(content, error.start)
    if (not text or text.isspace()) and not text.strip(" \t\n"):
        return Finding(
            "empty-file",
            TOP,
            "the file is empty, expected a header between two lines `---`",
            "Fill it in, or remove it if nobody needs it.",
        )
    return forbidden_character(text) or _merge_conflict(text) or text


def _refuse_bytes(content: bytes) -> Finding | None:
    """Recognise what cannot be a record by its bytes alone."""
    if len(content) > SIZE_LIMIT:
        return Finding(
            "too-large",
            TOP,
            f"the file has {len(content)} bytes, expected at most {SIZE_LIMIT}",
            "Keep the record short and link to long documents instead.",
        )
    if content.startswith(_DOCUMENTS):
        return _BINARY
    if content.startswith(_UTF16):
        return Finding(
            "not-utf-8",
            TOP,
            "the file is UTF-16, expected UTF-8",
            "Save it again and choose the encoding UTF-8.",
        )
    if content.startswith(_LFS):
        return Finding(
            "lfs-pointer",
            TOP,
            "found a pointer to a file in large file storage, expected the record",
            "Records must not be kept in Git LFS. Remove the line for this folder "
            "from `.gitattributes` and add the file again.",
        )
    return None


def _not_utf8(content: bytes, start: int) -> Finding:
    """Tell a binary file from a text in another encoding."""
    if b"\0" in content:
        return _BINARY
    before = content[:start].decode().replace("\r\n", "\n")
    line, column = place(before, len(before))
    return Finding(
        "not-utf-8",
        Span(line, column, line, column + 1),
        f"byte 0x{content[start]:02X} is not UTF-8",
        "Save the file again and choose the encoding UTF-8.",
    )


def _merge_conflict(text: str) -> Finding | None:
    """Find the first line that git leaves where two edits collide."""
    found = _CONFLICT.search(text) if "<<<<<<<" in text else None
    if found is None:
        return None
    return Finding(
        "merge-conflict",
        line_span(place(text, found.start())[0], found[0]),
        "two edits of this place were never merged",
        "Keep the lines that are right and delete the lines that start with "
        "`<<<<<<<`, `=======` and `>>>>>>>`.",
    )
