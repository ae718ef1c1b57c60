"""The two folders that hold records."""

OPPORTUNITIES = "opportunities"
HANDOFFS = "handoffs"


def top_of(path: str) -> str:
    """Give the first folder of a repository path."""
    return path.split("/", 1)[0]
