"""Every rule name this layer reports, described once for `explain` and the docs."""

from collections.abc import Mapping

from handoff.model.defect import Defect
from handoff.model.diagnostic import Severity


def _error(name: str, summary: str, explanation: str) -> Defect:
    return Defect(name, Severity.ERROR, summary, explanation)


def _warning(name: str, summary: str, explanation: str) -> Defect:
    return Defect(name, Severity.WARNING, summary, explanation)


_ALL = (
    _error(
        "too-large",
        "the file, its header or its text is larger than any record needs to be",
        "A record is at most 1 MB, its header at most 20,000 keys and values, and its "
        "text has at most 5,000 headings. "
        "Larger files are nearly always pasted by mistake. "
        "Keep long documents elsewhere and link to them.",
    ),
    _error(
        "empty-file",
        "the file has no text at all",
        "A record needs a header and a body. "
        "Fill the file in, or remove it if nobody needs it.",
    ),
    _error(
        "binary-file",
        "the file is not text",
        "A record is a text file in markdown. "
        "A document, image or archive was saved under a record's name. "
        "Move it elsewhere and link to it.",
    ),
    _error(
        "lfs-pointer",
        "the file holds a pointer to Git LFS instead of the record",
        "Somebody told git to keep records in large file storage, so that their text "
        "is not in the repository. "
        "Remove that line from `.gitattributes` and add the file again.",
    ),
    _error(
        "not-utf-8",
        "the file is not encoded as UTF-8",
        "Letters outside English would be read wrongly, so nothing is guessed. "
        "Save the file again and choose the encoding UTF-8.",
    ),
    _error(
        "forbidden-character",
        "a control character or hidden line break is in the file",
        "Some programs take such a character for the end of a line, others do not, "
        "so a reviewer could approve something else than what is read. "
        "It usually comes with pasted text. Delete it, or type the line again.",
    ),
    _error(
        "merge-conflict",
        "two edits of one place were never merged",
        "Git marks such places with lines of `<`, `=` and `>`. "
        "Keep the lines that are right and delete the marks.",
    ),
    _error(
        "missing-front-matter",
        "the file does not start with a header",
        "A record starts with a line `---`, then its fields, then a second line `---`. "
        "Nothing, not even an empty line, may stand above the first one.",
    ),
    _error(
        "unterminated-front-matter",
        "the header never ends",
        "The fields must be followed by a line that is exactly `---`, not indented. "
        "Without it, fields and text cannot be told apart.",
    ),
    _error(
        "empty-header",
        "the header has no fields",
        "Between the two lines `---` each line holds one `field: value`. "
        "Lines that start with `#` are comments and do not count.",
    ),
    _error(
        "header-not-a-mapping",
        "the header is a list or a text instead of fields",
        "Each line of the header holds one `field: value`. "
        "The usual cause is a missing space after the colon, or a dash before each "
        "field.",
    ),
    _error(
        "malformed-yaml",
        "the header breaks the rules of YAML",
        "The message says where reading stopped and what the likely cause is. "
        "Most often a value holds a colon followed by a space, starts with a special "
        "character, or has a quote that is never closed: put the whole value in "
        "double quotes. "
        "Indent with spaces only, and fields of one group alike.",
    ),
    _error(
        "forbidden-yaml",
        "the header uses a part of YAML that records must not use",
        "Tags, anchors, aliases, merge keys, directives and further documents make a "
        "header mean something else than what it shows. "
        "Write the values out. "
        "If the character is part of a text, put the text in double quotes.",
    ),
    _error(
        "duplicate-key",
        "a field is given twice in one group",
        "Most programs would silently keep the last one. "
        "Both lines are named: delete the wrong one.",
    ),
    _error(
        "nested-too-deep",
        "values are nested deeper than 20 levels",
        "No field of a record needs that; it is a mistake or an attack. "
        "Use fewer brackets or levels of indentation.",
    ),
    _error(
        "placeholder-text",
        "text of the template was left in place of a value",
        "A value such as `{name, title}` tells what to write and is no answer. "
        "Replace it, braces included, with your own words.",
    ),
    _warning(
        "text-lost-to-comment",
        "a comment behind a value may be lost text",
        "In YAML a space and `#` start a comment, so `Suite #4` is read as `Suite`. "
        "If it is text, put the whole value in double quotes. "
        "If it is a comment, move it to a line of its own.",
    ),
    _warning(
        "hidden-character",
        "a character that nobody can see is in the text",
        "Such characters can turn text around or make two different names look the "
        "same. They usually come with pasted text. "
        "Type the words around it again. "
        "Joiners inside emoji and in scripts that need them are not reported.",
    ),
    _warning(
        "look-alike-character",
        "a word mixes Latin letters with ones that only look Latin",
        "A Cyrillic or Greek letter can look exactly like a Latin one, so that two "
        "different names look the same and a search misses one of them. "
        "It usually comes with pasted text. Delete the word and type it again. "
        "Whole words of other scripts, and signs such as that of a micrometre, are not "
        "reported.",
    ),
)

DEFECTS: Mapping[str, Defect] = {defect.name: defect for defect in _ALL}
"""All of them, by name."""
