"""Identity of records: the path is the identity, nothing in the header repeats it."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from handoff.model.instant import parse_date
from handoff.model.trees import HANDOFFS, OPPORTUNITIES, top_of

SLUG_LIMIT = 60
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_STEM = re.compile(
    r"(?P<slug>.+?)-(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:-(?P<number>[0-9]{1,3}))?"
)
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10)}
)


class Kind(StrEnum):
    """The kinds of records; the value is the name of the schema."""

    OPPORTUNITY = "opportunity"
    PACKET = "packet"

    @property
    def tree(self) -> str:
        """The top-level folder that holds records of this kind."""
        return TREES[self]


TREES = {Kind.OPPORTUNITY: OPPORTUNITIES, Kind.PACKET: HANDOFFS}


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """What a record's path says.

    Attributes:
        kind: opportunity or packet.
        slug: the company's slug; for a packet `{service}-{company slug}`.
        day: the day opened; for a packet the day the deal closed.
        number: 1, or higher for a second record of the same name and day.
    """

    kind: Kind
    slug: str
    day: date
    number: int = 1

    @property
    def stem(self) -> str:
        """File name without ending; the record's id."""
        suffix = f"-{self.number}" if self.number > 1 else ""
        return f"{self.slug}-{self.day.isoformat()}{suffix}"

    @property
    def path(self) -> str:
        """Path in the repository, derived, never typed."""
        return f"{self.kind.tree}/{self.day.year}/{self.day.month:02}/{self.stem}.md"


def is_slug(text: str) -> bool:
    """Tell whether `text` is a slug: lower-case ASCII words joined by hyphens."""
    return (
        len(text) <= SLUG_LIMIT
        and _SLUG.fullmatch(text) is not None
        and text not in _DEVICES
    )


def _is_slug_of(kind: Kind, slug: str) -> bool:
    """Check a whole slug; a packet's is two slugs joined, each within the limit."""
    if kind is Kind.OPPORTUNITY:
        return is_slug(slug)
    is_within = "-" in slug and len(slug) <= 2 * SLUG_LIMIT + 1
    return is_within and _SLUG.fullmatch(slug) is not None


def parse_stem(kind: Kind, stem: str) -> Identity | None:
    """Read a record's id; `None` if it is not one."""
    found = _STEM.fullmatch(stem)
    if not found:
        return None
    day = parse_date(found["date"])
    if day is None or not _is_slug_of(kind, found["slug"]):
        return None
    identity = Identity(kind, found["slug"], day, int(found["number"] or 1))
    return identity if identity.stem == stem else None


def stem_of(path: str) -> str:
    """Give the id that a path, or an id as typed, ends in."""
    return path.rsplit("/", 1)[-1].removesuffix(".md")


def tree_of(path: str) -> Kind | None:
    """Tell which tree a repository path lies in; `None` if in neither."""
    top = top_of(path)
    return next((kind for kind, tree in TREES.items() if tree == top), None)


def is_near_tree(path: str) -> bool:
    """Tell whether a path lies in one of the trees but for upper and lower case."""
    return top_of(path).casefold() in TREES.values()


def parse_path(path: str) -> Identity | None:
    """Read a repository path as identity; `None` if it is not where it should be."""
    kind = tree_of(path)
    if kind is None or not path.endswith(".md"):
        return None
    identity = parse_stem(kind, path.rsplit("/", 1)[-1].removesuffix(".md"))
    return identity if identity and identity.path == path else None
