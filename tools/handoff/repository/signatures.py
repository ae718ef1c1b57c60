"""Who signed which commit, as git and OpenSSH verify it."""

import os
import shutil
from collections.abc import Iterable, Mapping
from tempfile import TemporaryDirectory

from handoff.model.errors import HandoffError
from handoff.repository.git import Git

# What the settings of this machine must not decide: which program verifies, and how.
_PINNED = (
    "gpg.format=ssh",
    "gpg.minTrustLevel=undefined",
    "gpg.ssh.program=ssh-keygen",
    "gpg.ssh.revocationFile=",
)


def read_signers(
    git: Git, commits: Iterable[str], trusted: Iterable[tuple[str, str]]
) -> Mapping[str, str]:
    """Tell for each commit whose trusted key signed it.

    Args:
        git: the repository.
        commits: full ids.
        trusted: address and public SSH key of each who may sign.

    Returns:
        The address, by commit; one that has no good signature of a trusted key is
        left out.

    Raises:
        HandoffError: OpenSSH is missing.
    """
    if shutil.which("ssh-keygen") is None:
        message = "`ssh-keygen` is not installed, and policy asks for signatures"
        raise HandoffError(message, "Install OpenSSH, then run it again.")
    lines = (f'{email} namespaces="git" {key}\n' for email, key in trusted)
    stdin = "".join(f"{commit}\n" for commit in commits).encode()
    with TemporaryDirectory() as folder:
        path = os.path.join(folder, "allowed_signers")  # noqa: PTH118 - git wants text
        with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - as above
            file.writelines(lines)
        settings = (*_PINNED, f"gpg.ssh.allowedSignersFile={path}")
        words = tuple(part for setting in settings for part in ("-c", setting))
        log = ("log", "-z", "--no-walk=unsorted", "--stdin", "--no-show-signature")
        output = git.run(*words, *log, "--format=%H%x00%G?%x00%GS", stdin=stdin)
    fields = output.decode("utf-8", "replace").split("\0")
    triples = zip(fields[::3], fields[1::3], fields[2::3], strict=False)
    return {commit: signer for commit, verdict, signer in triples if verdict == "G"}
