# A script, not a package.
# ruff: noqa: INP001
"""The seed corpus: the bad-input fixtures, and short texts for the small targets."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
_FIXTURES = ROOT / "tests" / "fixtures"
_RECORDS = (*_FIXTURES.glob("reader/*.md"), *_FIXTURES.glob("rules/base/*.md"))
_LARGEST = 4096
_SLUGS = (
    *("acme-robotics", "2026/04/acme-robotics-2026-04-02.md", "a--b", "con", "../x"),
    *("2026/04/assessment-acme-2026-04-21-2.md", "Acme", "caf\u00e9", "a" * 61, "-rf"),
)
_INSTANTS = (
    *(
        "2026-04-21T14:30:00+02:00",
        "2026-04-21T14:30:00.5Z",
        "2026-02-30",
        "2026-04-21",
    ),
    *(
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "8999-12-31T23:59:59-14:00",
    ),
    *(
        "2026-04-21T14:30:60Z",
        "2026-04-21T14:30:00-00:00",
        "٢٠٢٦-٠٤-٢١",
        "2026-04-21\n",
    ),
)
_HOSTILE = (
    *("::error file=a::b", "##[error]x", "%0A%0D%25", "[a](javascript:b)", "@team #12"),
    *("<script>", "</details>", "\x1b[31m", "\u202egnp.exe", "a|b\\|c", "\u2028::x::"),
    *("\ud800", "\U0001f469\u200d\U0001f527", "\r\n::add-mask::x", "=1+1", "`a``b```"),
)


def seeds() -> Mapping[str, tuple[bytes, ...]]:
    """Give the seeds of each target."""
    values = tuple(dict.fromkeys(_values()))
    return {
        "front_matter": (
            *_records(),
            *values,
            *(b"---\n%b\n---\n" % v for v in values),
        ),
        "slug": tuple(text.encode() for text in _SLUGS),
        "instant": tuple(text.encode() for text in _INSTANTS),
        "escapers": (*(t.encode("utf-8", "surrogatepass") for t in _HOSTILE), *values),
    }


def _records() -> tuple[bytes, ...]:
    contents = (path.read_bytes() for path in sorted(_RECORDS))
    return tuple(content for content in contents if len(content) <= _LARGEST)


def _values() -> Iterator[bytes]:
    """Give the pieces of text that the bad-input cases put into a record."""
    for path in sorted(_FIXTURES.glob("bad_input/*.yaml")):
        for case in yaml.safe_load(path.read_text("utf-8"))["cases"]:
            text = case.get("new", case.get("text", ""))
            yield bytes.fromhex(case["hex"]) if "hex" in case else text.encode()


def write(folder: Path) -> None:
    """Write the corpus, a folder for each target."""
    for target, contents in seeds().items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for number, content in enumerate(contents):
            (folder / target / f"seed-{number:03}").write_bytes(content)


if __name__ == "__main__":
    write(Path(__file__).parent / "corpus")
