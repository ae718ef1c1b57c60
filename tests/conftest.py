"""One environment for all tests: no user settings, pinned identity and dates."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from support.git import Repository

# The same examples in every run, so that a change turns main red and luck does not;
# `HYPOTHESIS_PROFILE=explore` looks for new ones.
settings.register_profile("steady", derandomize=True)
settings.register_profile("explore", derandomize=False, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

_PINNED = {
    "GIT_AUTHOR_DATE": "2026-04-21T10:00:00Z",
    "GIT_AUTHOR_EMAIL": "robin.field@example.com",
    "GIT_AUTHOR_NAME": "Robin Field",
    "GIT_COMMITTER_DATE": "2026-04-21T10:00:00Z",
    "GIT_COMMITTER_EMAIL": "robin.field@example.com",
    "GIT_COMMITTER_NAME": "Robin Field",
    "GIT_CONFIG_NOSYSTEM": "1",
}
_REMOVED = (
    "ALL_PROXY",
    "CI",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "FORCE_COLOR",
    "GITHUB_",
    "GIT_",
    "HANDOFF_",
    "HTTPS_PROXY",
    "LANG",
    "LC_",
    "LINES",
    "NO_COLOR",
    "PAGER",
    "TERM",
    "TZ",
    "XDG_",
    "all_proxy",
    "https_proxy",
)


@pytest.fixture(scope="session", autouse=True)
def _clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Scrub the environment once for all tests; each undoes what it sets itself.

    Of the session, not of the function, so that hypothesis accepts it.
    """
    base = tmp_path_factory.getbasetemp()
    home = tmp_path_factory.mktemp("home")
    template = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(_REMOVED)]:
            patch.delenv(name)
        for name, value in _PINNED.items():
            patch.setenv(name, value)
        patch.setenv("HOME", str(home))
        patch.setenv("GIT_TEMPLATE_DIR", str(template))
        patch.setenv("GIT_CEILING_DIRECTORIES", str(base))
        # What was answered before would hide what is computed; see test_cli_recalled.
        patch.setattr("handoff.cli.recalled.OPTIONS", {})
        yield


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Give a fresh repository without any commit, on the branch `main`."""
    return Repository.create(tmp_path / "records")


@pytest.fixture
def hub(tmp_path: Path) -> Repository:
    """Give a bare repository with one commit on `main`, to be cloned and pushed to."""
    first = Repository.create(tmp_path / "first")
    first.write("note.md", "A note.\n")
    first.commit()
    return first.clone("hub", "--bare")
