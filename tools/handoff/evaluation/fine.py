"""What is written down of deals that are surely fine, so that it can be read at once.

Under a digest of the ids of its contents and their paths stands from when on nothing
is found in a deal, at which commit of the ledger, what the ledger said of it, and
which deals of other systems it links to. A finding is never written down.

Nothing here needs the engine, nor any module that takes long to import.
"""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

from handoff import __version__

try:  # `hashlib` loads OpenSSL, for which a hook would wait longer than for git
    from _blake2 import blake2b
except ImportError:  # another Python than CPython, or a later one
    from hashlib import blake2b

NAME = "handoff/fine"
"""Where it is kept, below the git directory."""
NO_LEDGER = "-"
_BYTES = 16  # of a key
_PACKAGE = os.path.dirname(os.path.dirname(__file__))

Fine = tuple[int, str, str, tuple[str, ...]]
"""Since when, in microseconds of 1970; commit of the ledger; a digest of what it says
of the deal; links. The two are `NO_LEDGER` where there is none."""


def key_of(deal: Iterable[tuple[str, str]]) -> str:
    """Give the key of a deal.

    Args:
        deal: path of each file and the id of its content, in the order of the deal.
    """
    text = "\0".join(f"{blob}:{path}" for path, blob in deal)
    whole = blake2b(text.encode("utf-8", "surrogateescape"), digest_size=_BYTES)
    return whole.hexdigest()


def written(fine: Fine) -> str:
    """Write what is known of a deal in one line."""
    since, tip, observed, links = fine
    linked = ",".join(link.encode("utf-8", "surrogatepass").hex() for link in links)
    return f"{since} {tip} {observed} {linked}"


def read(text: str) -> Fine:
    """Read what `written` gave; links stay in hexadecimal, as they are compared."""
    since, tip, observed, linked = text.split(" ")
    return int(since), tip, observed, tuple(filter(None, linked.split(",")))


def are_apart(links: Sequence[str]) -> bool:
    """Tell whether deals link to no deal of another system twice."""
    return len(set(links)) == len(links)


def stamp(blobs: Mapping[str, str]) -> str:
    """Name everything an answer rests on besides records and ledger.

    Args:
        blobs: id of each file of policy, by path.

    Returns:
        One line: the policy, the code, and what is installed beside it. Empty where
        the code does not lie in files.
    """
    try:
        code = _code()
    except OSError:
        return ""
    policy = ",".join(f"{blob}:{path}" for path, blob in sorted(blobs.items()))
    python = f"{sys.implementation.cache_tag}-{sys.hexversion:x}"
    return f"{__version__} {python} {code} {policy}"


def _code() -> str:
    """Sum up the files of this package, and when others were installed last."""
    listed: list[str] = []
    folders = [_PACKAGE]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    about = f"{status.st_size} {status.st_mtime_ns}"
                    listed.append(f"{entry.path[len(_PACKAGE) :]} {about}")
                elif entry.is_dir() and "." not in entry.name:
                    folders.append(entry.path)
    installed = (p for p in sys.path if p.endswith("-packages") and os.path.isdir(p))
    listed += (f"{path} {os.stat(path).st_mtime_ns}" for path in installed)
    return f"{len(listed)}-{crc32('|'.join(sorted(listed)).encode()):08x}"
