"""The one place that reads the clock."""

from datetime import UTC, datetime


def read_clock() -> datetime:
    """Give the present instant, in UTC."""
    return datetime.now(UTC)
