"""Record text made harmless: one escaper for each channel it leaves through."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

# Unicode's Default_Ignorable_Code_Point, bidirectional controls, line and
# paragraph separator, C1 controls and surrogates. The variation selectors that
# choose emoji or text style (U+FE0E, U+FE0F) and joiners inside an emoji are
# honest and stay; the ranges are written out so that every Python escapes alike.
_EMOJI = r"\u2190-\u2bff\U0001f000-\U0001faff"
_UNSEEN = (
    r"[\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c"
    r"\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0d\ufeff"
    r"\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e0fff]"
    rf"|(?<![\ufe0f{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])"
)
_UNSEEN_IN_JSON = re.compile(_UNSEEN)
_UNSEEN_OR_CONTROL = re.compile(rf"[\x00-\x1f]|{_UNSEEN}")

_OLD_COMMAND = re.compile(r"#(?=#\[)")
_COMMAND = re.compile(r"^(\s*):(?=:)")

_PUNCTUATION = frozenset("`*_[]<>~#$-+=:")
_MARKUP = re.compile(
    r"[`*_\[\]<>~#$|\\]"
    r"|&(?=[#0-9A-Za-z]|\Z)"  # may begin an entity
    r"|^[-+=:]"  # list, setext underline, table delimiter
    r"|^[0-9](?=[0-9]{0,8}[.)])"  # ordered list
    r"|^\s+|\s+\Z"  # indented code; stripped blanks
)
_REFERENCE = re.compile(
    r"@"
    r"|\#(?=[0-9])"
    r"|\bGH-(?=[0-9])"
    r"|:(?=//)|\bwww(?=\.)"
    r"|:(?=[\w+-]+:)",  # emoji short codes; `deal.md:100:5` has one
    re.IGNORECASE,
)
_BREAK = "\u200b"


def _visible(text: str) -> str:
    return _UNSEEN_OR_CONTROL.sub(
        lambda found: found[0].encode("unicode_escape").decode("ascii"), text
    )


def terminal(text: str) -> str:
    r"""Show control and invisible characters as escapes, all on one line.

    A line break becomes a visible `\n`, a bidirectional override `\u202e`. Also
    breaks `##[`, which a workflow log obeys anywhere in a line. Backslashes stay
    single: this is for reading, not for parsing back.
    """
    return _OLD_COMMAND.sub(r"\\x23", _visible(text))


def workflow_safe_line(text: str) -> str:
    """Make a line of plain text that no workflow runner takes for a command.

    The runner looks for `::` after leading blanks and for `##[` anywhere.
    """
    return _COMMAND.sub(r"\1\\x3a", terminal(text))


def github_data(text: str) -> str:
    """Escape the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def github_property(text: str) -> str:
    """Escape the value of a workflow command's property."""
    return github_data(text).replace(":", "%3A").replace(",", "%2C")


def _literal(found: re.Match[str]) -> str:
    return "".join(
        f"\\{char}" if char in _PUNCTUATION else f"&#{ord(char)};" for char in found[0]
    )


def markdown(text: str) -> str:
    """Write text that markdown renders as itself, inline and at a line's start.

    Forges look for mentions, references, bare links and emoji names in the
    rendered text, where no escape is left; a zero-width space breaks those.
    Entities stand for `|`, `&` and the backslash, because table parsers disagree
    about backslashes before a pipe.
    """
    broken = _REFERENCE.sub(rf"\g<0>{_BREAK}", _visible(text))
    return _MARKUP.sub(_literal, broken)


def _json_escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass").hex("_", 2)
    return "\\u" + units.replace("_", "\\u")


def json_text(document: object) -> str:
    """Write JSON that people can read, that loses nothing and hides nothing.

    Other scripts stay as they are; invisible characters become JSON escapes, so
    that printing it is safe and a lone surrogate cannot stop the output.
    """
    return _dumped(document) + "\n"


@dataclass(frozen=True, slots=True)
class Items:
    """A list of which every value was written already, by `json_item`."""

    texts: Iterable[str]


def json_item(value: object) -> str:
    """Write a value of a list that stands in a document, as `json_text` would."""
    return _dumped(value).replace("\n", "\n    ")


def json_pieces(document: Mapping[str, object]) -> Iterator[str]:
    """Write a document as `json_text` does, piece by piece; it may hold `Items`."""
    start = "{"
    for name in sorted(document):
        value = document[name]
        yield f"{start}\n  {json.dumps(name)}: "
        if isinstance(value, Items):
            yield from _listed(value.texts)
        else:
            yield _dumped(value).replace("\n", "\n  ")
        start = ","
    yield "\n}\n"


def _listed(texts: Iterable[str]) -> Iterator[str]:
    end = "[]"
    for text in texts:
        yield f"{'[' if end == '[]' else ','}\n    {text}"
        end = "\n  ]"
    yield end


def _dumped(value: object) -> str:
    dumped = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    return _UNSEEN_IN_JSON.sub(_json_escape, dumped)


_SLACK = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def plain_lines(text: str) -> str:
    """Show control and invisible characters as escapes; line feeds stay."""
    return "\n".join(_visible(line) for line in text.split("\n"))


def slack(text: str) -> str:
    """Escape for Slack's markup: `&`, `<` and `>`, and these only.

    Without the brackets no text is a mention, a call to a channel or a masked link.
    """
    return re.sub(r"[&<>]", lambda found: _SLACK[found[0]], plain_lines(text))


def sarif_message(text: str) -> str:
    """Escape a SARIF message: no embedded links (SARIF 2.1.0, 3.11.6)."""
    return terminal(text).replace("](", "] (")
