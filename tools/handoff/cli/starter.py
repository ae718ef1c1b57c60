"""What a handoff repository is made of: files that are copied, and some made of policy.

In an installed package the copied ones lie in `starter/`; in a checkout of this project
they are its own, so that there is one source of each.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from handoff.authoring.issue_forms import forms, render_form
from handoff.authoring.owners import render_owners
from handoff.model.errors import HandoffError
from handoff.policy.policy import load_policy
from handoff.repository.snapshot import MemorySnapshot

COPIED = (
    "schemas",
    ".githooks/pre-commit",
    ".github/ISSUE_TEMPLATE/config.yml",
    ".github/PULL_REQUEST_TEMPLATE.md",
    ".github/actions/handoff/action.yml",
    ".github/workflows/acknowledge.yml",
    ".github/workflows/check.yml",
    ".github/workflows/clocks.yml",
    ".github/workflows/daily.yml",
    ".github/workflows/handoff.yml",
    ".github/workflows/intake.yml",
    ".github/workflows/scanning.yml",
)
"""Files and folders of this project that every handoff repository has too."""

MANIFEST = ".github/handoff.sha256"
"""What was written, by digest, so that a change made since then is seen."""

_README = "README.md"


def copied_files() -> Mapping[str, bytes]:
    """Give the files that are the same in every repository, by path.

    Raises:
        HandoffError: they did not come with this installation.
    """
    packaged = Path(str(files("handoff"))) / "starter"
    checkout = Path(__file__).parents[3]
    source = packaged if (packaged / "schemas").is_dir() else checkout
    found = {p.relative_to(source).as_posix(): p for p in _walk(source)}
    if "schemas/policy/stages.yaml" not in found:
        message = "the files of a new repository did not come with this installation"
        raise HandoffError(message, "Install handoff-ledger again.")
    found[_README] = packaged / _README
    return {path: found[path].read_bytes() for path in sorted(found)}


def _walk(source: Path) -> Iterator[Path]:
    for name in COPIED:
        whole = source / name
        inside = whole.rglob("*") if whole.is_dir() else [whole]
        yield from (path for path in inside if path.is_file())


def made_files(schemas: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Give the files that are made of schemas and policy, by path.

    Args:
        schemas: the files below `schemas/`, by path.

    Raises:
        HandoffError: policy is broken.
    """
    policy, found = load_policy(MemorySnapshot(schemas))
    if policy is None:
        first = found[0]
        message = f"policy is broken: {first.path}:{first.span.line}: {first.message}"
        raise HandoffError(message, "Run `handoff check` to see all of it.")
    made = {
        f".github/ISSUE_TEMPLATE/{form.name}.yml": render_form(form)
        for form in forms(policy)
    }
    made[".github/CODEOWNERS"] = render_owners(policy)
    return {path: text.encode() for path, text in sorted(made.items())}


def read_manifest(text: str) -> Mapping[str, str]:
    """Read digests by path, as `sha256sum` writes them."""
    pairs = (line.split("  ", 1) for line in text.splitlines() if "  " in line)
    return {path: digest for digest, path in pairs}


def write_manifest(written: Mapping[str, str]) -> bytes:
    """Write digests by path; `sha256sum --check` reads it."""
    lines = (f"{digest}  {path}\n" for path, digest in sorted(written.items()))
    return "".join(lines).encode()


def digest_of(content: bytes) -> str:
    """Give the digest of a file, whatever its line ends are."""
    return sha256(content.replace(b"\r\n", b"\n")).hexdigest()
