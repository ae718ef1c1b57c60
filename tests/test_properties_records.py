"""Properties of `check`: one meaning, every defect told, a report for any bytes."""

import json
import re
import unicodedata
from random import Random
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.document.document import read_document
from handoff.model.verdict import Verdict
from handoff.views.formats import CHECK_FORMATS, render_check
from handoff.views.style import Style
from support.bad_input import base_bytes, judge_bytes
from support.defects import DEFECTS, Defect, valid
from support.records import OPPORTUNITY, PACKET, read
from support.yaml_styles import in_any_style

PATHS = (OPPORTUNITY, PACKET)
PLAIN = Style(colour=False, width=80, explain={})
HONEST = st.text(
    st.characters(categories=("L", "Nd", "P", "S", "Zs"), exclude_characters="\u00ad"),
    max_size=40,
).map(lambda text: f"Note{text}".strip())
TWINS = re.compile("[\u0370-\u03ff\u0400-\u052f]")


def files(path: str, content: bytes) -> dict[str, bytes]:
    """Give the valid records, one of them replaced."""
    return base_bytes() | {path: content}


@settings(deadline=None, max_examples=80)
@given(
    st.sampled_from(PATHS),
    st.randoms(use_true_random=False),
    HONEST.filter(lambda text: not TWINS.search(text)),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff"]),
)
def test_every_style_means_the_same(
    path: str, random: Random, note: str, end: str, mark: str
) -> None:
    document = read(path, valid(path))
    header = dict(document.header)
    if path == OPPORTUNITY:
        header["source"] = note
    text = f"{mark}---\n{in_any_style(header, random)}---\n{document.body}"
    content = text.replace("\n", end).encode()
    again, findings = read_document(path, content)
    assert again, (findings, text)
    assert again.header == header
    assert judge_bytes(files(path, content)).diagnostics == ()


def test_the_catalogue_is_large() -> None:
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS) >= 40


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_every_defect_is_told(defect: Defect) -> None:
    @settings(deadline=None, max_examples=6, database=None)
    @given(st.data())
    def told(data: st.DataObject) -> None:
        content = defect.spoil(data.draw, valid(defect.path))
        verdict = judge_bytes(files(defect.path, content))
        assert defect.rule in {d.rule for d in verdict.diagnostics}, content.decode(
            "utf-8", "replace"
        )

    told()


def mutated(text: str) -> st.SearchStrategy[bytes]:
    """Cut, repeat and mix pieces of a record."""
    content = text.encode()
    places = st.integers(0, len(content))
    return st.builds(
        lambda a, b, c, piece: content[:a] + piece + content[b : b + 40] + content[c:],
        *(places, places, places),
        st.binary(max_size=8) | st.sampled_from([b"- ", b'"', b"\n", b"\t", b"{", b""]),
    )


ANY_BYTES = (
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.binary(max_size=200).map(lambda data: b"---\n" + data + b"\n---\n" + data)
    | mutated(valid(PACKET))
    | mutated(valid(OPPORTUNITY))
)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(PATHS), ANY_BYTES)
def test_any_bytes_give_a_report(path: str, content: bytes) -> None:
    verdict = judge_bytes(files(path, content))
    assert verdict.files_listed == 2
    assert verdict.failed or verdict.files_judged == 2
    for form in CHECK_FORMATS:
        readable(form, render_check(form, verdict, PLAIN), verdict)


HOSTILE = st.lists(
    st.sampled_from(
        [
            *("::error::x", "##[error]", "%0A", "%", ",", ":", "\u202e", "\u200b", "`"),
            *(
                "](javascript:x)",
                "<script>",
                "|",
                "@team",
                "#1",
                "\\",
                "\U000e0041",
                "]",
            ),
            *(
                "\u65e5",
                "\U0001f469\u200d\U0001f527",
                "\t",
                "  ",
                "'",
                "=1+1",
                "x" * 90,
            ),
        ]
    ),
    max_size=6,
).map("".join)


@settings(deadline=None, max_examples=120)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_values_are_read_back(key: str, value: str, name: str) -> None:
    """Each view is read by its consumer's parser, and says what was found."""
    line = f"\nurgency: {json.dumps(value)}\n{json.dumps('x' + key)}: y\n"
    content = valid(OPPORTUNITY).replace("\nurgency: high\n", line)
    stranger = f"opportunities/2026/04/{name}.md"
    verdict = judge_bytes(files(OPPORTUNITY, content.encode()) | {stranger: b"x"})
    assert verdict.failed
    for form in CHECK_FORMATS:
        readable(form, render_check(form, verdict, PLAIN), verdict)


def readable(form: str, out: str, verdict: Verdict) -> None:
    """Read a rendered verdict back and compare it with the verdict."""
    out.encode()
    seen = {unicodedata.category(c) for c in out} | {
        unicodedata.bidirectional(c) for c in out
    }
    assert not seen & {"Cs", "Zl", "Zp", "RLO", "LRO"}
    assert not set(out) & set("\x1b\x9b\r\0")
    _READERS[form](out, verdict)


def _read_json(out: str, verdict: Verdict) -> None:
    data = json.loads(out)
    assert (data["files_listed"], data["files_judged"]) == (
        verdict.files_listed,
        verdict.files_judged,
    )
    keys = ("path", "line", "column", "rule", "message", "hint")
    assert [tuple(told[key] for key in keys) for told in data["diagnostics"]] == [
        (d.path, d.span.line, d.span.column, d.rule, d.message, d.hint)
        for d in verdict.diagnostics
    ]


def _read_sarif(out: str, verdict: Verdict) -> None:
    (run,) = json.loads(out)["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for told, d in zip(run["results"], verdict.diagnostics, strict=True):
        place = told["locations"][0]["physicalLocation"]
        uri = unquote(place["artifactLocation"]["uri"], errors="surrogatepass")
        assert (uri, place["region"]["startLine"]) == (d.path, d.span.line)
        assert rules[told["ruleIndex"]] == told["ruleId"] == d.rule
        assert "](" not in told["message"]["text"]


def _read_github(out: str, verdict: Verdict) -> None:
    """Read commands as the runner does: the line's first `::`, then the next."""
    lines = out.split("\n")
    told = [line for line in lines if line.lstrip().startswith("::")]
    assert len(told) <= len(verdict.diagnostics)
    assert "##[" not in out
    places = {(d.rule, str(d.span.line)) for d in verdict.diagnostics}
    for line in told:
        command = re.fullmatch(r"::(?:error|warning|notice) ([^:]*)::(.*)", line)
        assert command, line
        fields = dict(pair.split("=", 1) for pair in command[1].split(","))
        assert fields.keys() >= {"file", "endLine"}
        assert (fields["title"], fields["line"]) in places


def _read_text(out: str, verdict: Verdict) -> None:
    heads = re.findall(r"^.*:(\d+):(\d+): \w+\[([a-z0-9-]+)\] ", out, re.MULTILINE)
    wanted = [
        (str(d.span.line), str(d.span.column), d.rule) for d in verdict.diagnostics
    ]
    assert [head for head in heads if head in wanted] == wanted


_READERS = {
    "text": _read_text,
    "json": _read_json,
    "github": _read_github,
    "sarif": _read_sarif,
}


def test_every_format_has_a_reader() -> None:
    assert tuple(_READERS) == CHECK_FORMATS
