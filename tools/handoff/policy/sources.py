"""The files that policy is read from, by path."""

FOLDER = "schemas/policy"
SCHEMAS = ("common", "event", "opportunity", "packet", "policy")
FILES = ("stages", "clocks", "calendars", "people", "severities", "waivers")
OPTIONAL = ("branches", "channels", "profiles", "trust")
"""Files that repositories of older versions do not have; without one nothing is set."""
TOOL = f"{FOLDER}/tool.yaml"
"""States the oldest tool that may judge the records."""


def schema_path(name: str) -> str:
    """Give the path of a schema."""
    return f"schemas/{name}.schema.json"


def policy_path(name: str) -> str:
    """Give the path of a file of policy."""
    return f"{FOLDER}/{name}.yaml"


PATHS = (
    *map(schema_path, SCHEMAS),
    *map(policy_path, (*FILES, *OPTIONAL)),
    TOOL,
)
"""Everything that decides how records are judged."""
