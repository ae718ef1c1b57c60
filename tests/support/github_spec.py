"""Requests held against GitHub's published description of its API."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from jsonschema import Draft202012Validator

from support.forge import NAME
from support.local_server import Received

SPEC = Path(__file__).parents[3] / "shared/specs/github/github-rest-subset.json"
# Published, but not part of the subset beside us:
# https://docs.github.com/rest/commits/commits#list-pull-requests-associated-with-a-commit
_BEYOND = re.compile(r"/repos/[^/]+/[^/]+/commits/[0-9a-f]{40}/pulls")
_NUMBER = {"type": "integer"}


@cache
def spec() -> Any:  # noqa: ANN401 - JSON, taken apart by the tests
    """Read the description."""
    return json.loads(SPEC.read_text(encoding="utf-8"))


def _resolve(node: Any) -> Any:  # noqa: ANN401 - as above
    while "$ref" in node:
        found: Any = spec()
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def _operation(method: str, path: str) -> Any:  # noqa: ANN401 - as above
    for template, methods in spec()["paths"].items():
        # References may hold slashes, whatever the template says.
        pattern = re.sub(r"\\{(ref|path)\\}", ".+", re.escape(template))
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", pattern), path):
            found = methods.get(method.lower())
            if found:
                return found
    return None


def faults_of(request: Received) -> list[str]:
    """List how a request differs from what the description allows."""
    address = urlsplit(request.path)
    path = unquote(address.path.removeprefix("/api"))
    if _BEYOND.fullmatch(path):
        return []
    operation = _operation(request.method, path)
    if operation is None or f"/repos/{NAME}" not in path:
        return [f"there is no {request.method} {path}"]
    known = {p["name"]: p for p in map(_resolve, operation.get("parameters", ()))}
    asked = parse_qs(address.query, strict_parsing=bool(address.query))
    faults = [f"unknown parameter {name}" for name in asked if name not in known]
    for name, values in asked.items():
        schema = known.get(name, {}).get("schema", {})
        value = int(values[0]) if schema.get("type") == "integer" else values[0]
        faults += [e.message for e in Draft202012Validator(schema).iter_errors(value)]
    body = operation.get("requestBody")
    if bool(request.body) != bool(body):
        return [*faults, "body where none belongs, or none where one does"]
    if body:
        schema = body["content"]["application/json"]["schema"]
        whole = {**schema, "components": spec()["components"]}
        errors = Draft202012Validator(whole).iter_errors(request.data())
        faults += [error.message for error in errors]
        if "properties" in schema:
            extra = set(json.loads(request.body)) - set(schema["properties"])
            faults += [f"unknown field {name}" for name in sorted(extra)]
    return faults
