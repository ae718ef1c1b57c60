"""The obvious script: python-frontmatter, jsonschema, and the same schemas.

Usage: python naive.py REPOSITORY [FILE ...]
"""

import json
import sys
from pathlib import Path
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

_KINDS = {"opportunities": "opportunity", "handoffs": "packet"}


class Loader(yaml.CSafeLoader):
    """The quick loader of PyYAML; dates, and keys such as `on`, stay text."""


_GUESSED = {f"tag:yaml.org,2002:{kind}" for kind in ("bool", "timestamp")}
Loader.yaml_implicit_resolvers = {
    key: [pair for pair in pairs if pair[0] not in _GUESSED]
    for key, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class Handler(YAMLHandler):
    """Front matter read by that loader."""

    def load(self, fm: str, **_: object) -> Any:  # noqa: ANN401 - YAML holds anything
        """Read a header."""
        return yaml.load(fm, Loader)  # noqa: S506 - a safe loader


def _validators(root: Path) -> dict[str, Draft202012Validator]:
    documents = {
        path.name: json.loads(path.read_bytes())
        for path in (root / "schemas").glob("*.schema.json")
    }
    registry: Registry[Any] = Registry().with_resources(
        (name, DRAFT202012.create_resource(document))
        for name, document in documents.items()
    )
    checker = FormatChecker()
    return {
        tree: Draft202012Validator(
            {"$ref": f"{kind}.schema.json"},
            registry=registry,
            format_checker=checker,
        )
        for tree, kind in _KINDS.items()
    }


def main() -> None:
    """Print the first error of every file that has one."""
    root = Path(sys.argv[1])
    validators = _validators(root)
    trees = (path for tree in _KINDS for path in sorted((root / tree).rglob("*.md")))
    paths = [root / name for name in sys.argv[2:]] or trees
    bad = 0
    for path in paths:
        header = frontmatter.load(str(path), handler=Handler()).metadata
        tree = path.relative_to(root).parts[0]
        error = next(validators[tree].iter_errors(header), None)
        if error:
            bad += 1
            print(f"{path}: {error.json_path}: {error.message}")
    sys.exit(1 if bad else 0)


main()
