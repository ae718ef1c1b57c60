"""Who judges the headers of a repository: `handoff check`, and what others offer.

A peer that is not installed is left out with a word; none is a dependency.
"""

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from measuring import Command, beside_python, handoff

PEERS = Path(__file__).parent / "peers"
_FINDS = (0, 1)  # exit codes of a check that did its work
_CAT = "find opportunities handoffs -type f -print0 | xargs -0 cat"
_TREES = {"opportunities": "opportunity", "handoffs": "packet"}
_RELAXED = "{extends: relaxed, rules: {line-length: disable}}"
_COPY = re.compile(r"-([0-9]{6})-2[0-9]{3}-")

Words = tuple[str, ...] | None
Making = Callable[[Path, Path | None], Words]


def commands(root: Path, modules: Path | None, only: list[str]) -> Iterator[Command]:
    """Give what to run in a repository.

    Args:
        root: the repository.
        modules: a `node_modules` folder with the packages of the peers in Node.
        only: names of those wanted; empty for all.
    """
    for name, make in WAYS.items():
        if only and name not in only:
            continue
        words = make(root, modules)
        if words is None:
            print(f"{name} is not installed: left out", file=sys.stderr)
        else:
            yield Command(name, words, root, _FINDS)


def found(output: bytes) -> frozenset[int]:
    """Give the numbers of the pairs of which an output names a file."""
    return frozenset(int(number) for number in _COPY.findall(output.decode()))


def _check(*options: str) -> Making:
    return lambda _root, _modules: handoff("check", *options)


def _naive(root: Path, _: Path | None) -> Words:
    return (sys.executable, str(PEERS / "naive.py"), str(root))


def _node(script: str, *packages: str) -> Making:
    def make(root: Path, modules: Path | None) -> Words:
        if not _holds(modules, *packages):
            return None
        return ("node", str(PEERS / script), str(modules), str(root))

    return make


def _holds(modules: Path | None, *packages: str) -> bool:
    has_node = bool(modules and shutil.which("node"))
    return has_node and all((modules or Path()).joinpath(p).is_dir() for p in packages)


def _remark(root: Path, modules: Path | None) -> Words:
    """Lint with remark, which reads schemas of draft 7 only: `$schema` is left out."""
    if modules is None or not _holds(modules, "remark-lint-frontmatter-schema"):
        return None
    folder = root / "remark"
    folder.mkdir(exist_ok=True)
    for path in (root / "schemas").glob("*.schema.json"):
        schema = json.loads(path.read_bytes())
        del schema["$schema"]
        (folder / path.name).write_text(json.dumps(schema), encoding="utf-8")
    schemas = {
        f"./remark/{kind}.schema.json": [f"{t}/**"] for t, kind in _TREES.items()
    }
    options = {"schemas": schemas, "ajvOptions": {"logger": False}}
    rule = [str(modules / "remark-lint-frontmatter-schema/dist/index.js"), options]
    plugins = [str(modules / "remark-frontmatter/index.js"), rule]
    (root / ".remarkrc.json").write_text(json.dumps({"plugins": plugins}), "utf-8")
    words = ("--frail", "--quiet", "--no-stdout", "--no-color", *_TREES)
    return ("node", str(modules / "remark-cli/cli.js"), *words)


def _check_jsonschema(root: Path, _: Path | None) -> Words:
    schema = "check-jsonschema --verbose --schemafile schemas/{}.schema.json headers/{}"
    lines = [schema.format(kind, tree) + "/*.yaml" for tree, kind in _TREES.items()]
    return _on_headers(root, "check-jsonschema", "; ".join(lines))


def _yamllint(root: Path, _: Path | None) -> Words:
    return _on_headers(
        root, "yamllint", f"yamllint -f parsable -d '{_RELAXED}' headers"
    )


def _on_headers(root: Path, program: str, script: str) -> Words:
    """Give a shell's work on headers that were written to files of their own."""
    path = beside_python(program)
    if path is None:
        return None
    _extract_headers(root)
    return ("sh", "-c", script.replace(f"{program} ", f"{path} "))


def _extract_headers(root: Path) -> None:
    for tree in _TREES:
        folder = root / "headers" / tree
        folder.mkdir(parents=True, exist_ok=True)
        for path in (root / tree).rglob("*.md"):
            header = path.read_text(encoding="utf-8").split("---\n")[1]
            (folder / f"{path.stem}.yaml").write_text(header, encoding="utf-8")


def _cat(_root: Path, _modules: Path | None) -> Words:
    return ("sh", "-c", _CAT)


WAYS: Mapping[str, Making] = {
    "check": _check("--no-cache"),
    "check-rev": _check("--no-cache", "--rev", "HEAD"),
    "check-again": _check(),
    "ajv": _node("ajv.mjs", "js-yaml", "ajv", "ajv-formats"),
    "gray-matter": _node("gray_matter.mjs", "gray-matter", "ajv", "ajv-formats"),
    "naive": _naive,
    "check-jsonschema": _check_jsonschema,
    "yamllint": _yamllint,
    "remark": _remark,
    "cat": _cat,
}
"""What each name stands for; `benchmarks/README.md` says more of them."""
