"""Requests to Slack held against its published description of the methods."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from support.local_server import Received
from support.slack import fields

SPEC = Path(__file__).parents[3] / "shared/specs/slack/slack_web_prepared_oas3.json"
# Younger than the description, which is of October 2020: message metadata
# (https://docs.slack.dev/messaging/message-metadata/).
_YOUNGER = {
    "/chat.postMessage": {"metadata"},
    "/conversations.history": {"include_all_metadata"},
}


@cache
def _spec() -> Any:  # noqa: ANN401 - JSON, taken apart below
    return json.loads(SPEC.read_text(encoding="utf-8"))


def faults_of(request: Received) -> list[str]:
    """List how a request differs from what the description allows."""
    path = request.path.removeprefix("/api")
    operation = _spec()["paths"].get(path, {}).get(request.method.lower())
    if operation is None:
        return [f"there is no {request.method} {path}"]
    kind = request.headers["content-type"].partition(";")[0]
    schema = operation["requestBody"]["content"][kind]["schema"]
    given = fields(request)
    known = schema["properties"].keys() | _YOUNGER.get(path, set())
    faults = [f"{path}: unknown argument {name}" for name in given.keys() - known]
    if kind != "application/json":  # a form holds text alone
        given = {
            name: int(value)
            if schema["properties"].get(name, {}).get("type") == "integer"
            else value
            for name, value in given.items()
        }
    validator = Draft202012Validator({**schema, "components": _spec()["components"]})
    faults += [f"{path}: {error.message}" for error in validator.iter_errors(given)]
    if request.headers.get("authorization", "").partition(" ")[0] != "Bearer":
        faults.append(f"{path}: no token in the header")
    return faults
