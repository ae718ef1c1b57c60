"""From process start to exit for one changed file: what a commit waits for."""

import argparse
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import (
    ENVIRONMENT,
    ROOT,
    Command,
    beside_python,
    fill,
    git,
    handoff,
    interleave,
    table,
)

_NAIVE = str(Path(__file__).parent / "peers" / "naive.py")
_HOOK = """\
repos:
  - repo: local
    hooks:
      - {id: nothing, name: Nothing, entry: "true", language: system, files: md$}
"""
_EDIT = 'echo "One word more." >>"$0" && exec "$@"'


def main() -> None:
    """Make a small repository, run the rounds, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200, help="in the repository")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "records"
        fill(root, options.files)
        packet = min((root / "handoffs").rglob("*.md"))
        (root / ".pre-commit-config.yaml").write_text(_HOOK, encoding="utf-8")
        packet.write_bytes(packet.read_bytes() + b"\n")
        git(root, "add", "--all")
        _install(root)
        commands = tuple(_commands(root, packet))
        taken = interleave(commands, options.rounds)
        print(table(f"One of {options.files} records", taken, "python -c pass"))


def _install(root: Path) -> None:
    """Put the plain hook of the docs in place, and let it see the staged file once."""
    page = (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8")
    found = re.search("```sh\n(.*?)```", page, re.DOTALL)
    if found is None:
        raise LookupError(page)
    hook = root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(found[1].replace("handoff check", shlex.join(handoff("check"))))
    hook.chmod(0o755)
    words = ("git", "hook", "run", "pre-commit")
    subprocess.run(words, check=True, cwd=root, env=ENVIRONMENT)  # noqa: S603 - no shell


def _commands(root: Path, packet: Path) -> list[Command]:
    """Give the floor, ours, and what others offer for the same job."""
    name = packet.relative_to(root).as_posix()
    header = root.parent / "header.yaml"
    header.write_text(packet.read_text(encoding="utf-8").split("---\n")[1], "utf-8")
    other = max((root / "opportunities").rglob("*.md")).relative_to(root).as_posix()
    staged = handoff("check", "--rev", "index", name)
    judged = handoff("check", other)
    naive = (sys.executable, _NAIVE, str(root), name)
    commands = [
        Command("python -c pass", (sys.executable, "-c", "pass"), root),
        Command("handoff --version", handoff("--version"), root),
        Command("handoff check FILE, judged before", handoff("check", name), root),
        Command("handoff check --rev index FILE, judged before", staged, root),
        Command(
            "handoff check FILE, just edited", ("sh", "-c", _EDIT, other, *judged), root
        ),
        Command(
            "handoff check --no-cache FILE",
            (*handoff("check", "--no-cache"), name),
            root,
        ),
        Command(
            "plain git hook, judged before", ("git", "hook", "run", "pre-commit"), root
        ),
        Command("python-frontmatter + jsonschema", naive, root),
    ]
    if program := beside_python("check-jsonschema"):
        schema = str(root / "schemas/packet.schema.json")
        words = (program, "--schemafile", schema, str(header))
        commands.append(Command("check-jsonschema", words, root))
    if program := beside_python("pre-commit"):
        commands.append(Command("pre-commit, hook `true`", (program, "run"), root))
    return commands


main()
