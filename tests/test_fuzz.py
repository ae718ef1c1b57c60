"""The fuzz targets: over their seeds, then fuzzed for a short while.

With atheris, libFuzzer looks for new ways through the code; where it is not installed,
simple mutations of the seeds stand in for it.
"""

import runpy
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest

from support.cli import ROOT

SECONDS = 6
MUTATIONS = 2000
HAS_ATHERIS = find_spec("atheris") is not None
TARGETS: Mapping[str, Callable[[bytes], None]]
TARGETS = runpy.run_path(str(ROOT / "fuzz" / "targets.py"))["TARGETS"]
SEEDS: Mapping[str, tuple[bytes, ...]]
SEEDS = runpy.run_path(str(ROOT / "fuzz" / "seeds.py"))["seeds"]()


def test_every_target_has_seeds() -> None:
    assert SEEDS.keys() == TARGETS.keys()
    assert all(len(set(seeds)) >= 10 for seeds in SEEDS.values())


def test_the_script_runs_every_target() -> None:
    script = (ROOT / "fuzz" / "run").read_text("utf-8")
    assert f"${{*:-{' '.join(TARGETS)}}}" in script


@pytest.mark.parametrize("name", TARGETS)
def test_target_holds_over_its_seeds(name: str) -> None:
    for content in SEEDS[name]:
        TARGETS[name](content)


@pytest.mark.skipif(not HAS_ATHERIS, reason="atheris has no wheel for this machine")
@pytest.mark.parametrize("name", TARGETS)
def test_target_holds_while_it_is_fuzzed(name: str, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, content in enumerate(SEEDS[name]):
        (corpus / f"seed-{number:03}").write_bytes(content)
    flags = (
        *(f"-dict={ROOT / 'fuzz' / 'yaml.dict'}", "-max_len=4096", "-seed=1"),
        *(f"-max_total_time={SECONDS}", "-timeout=10"),
        # A child inherits the peak of the process that started it, so the limit is on
        # what is asked for at once.
        *("-rss_limit_mb=0", "-malloc_limit_mb=1024"),
        f"-artifact_prefix={tmp_path}/found-",
    )
    script = ROOT / "fuzz" / "fuzz.py"
    ran = subprocess.run(  # noqa: S603 - no shell
        [sys.executable, script, name, corpus, *flags], capture_output=True, check=False
    )
    said = ran.stderr.decode("utf-8", "replace")
    found = [path.read_bytes() for path in sorted(tmp_path.glob("found-*"))]
    assert (ran.returncode, found) == (0, []), said[-3000:]
    assert "Done " in said


@pytest.mark.skipif(HAS_ATHERIS, reason="atheris does this better")
@pytest.mark.parametrize("name", TARGETS)
def test_target_holds_over_simple_mutations(name: str) -> None:
    random = Random(name)  # noqa: S311 - the same mutations in every run
    for _ in range(MUTATIONS):
        TARGETS[name](_mutated(random, SEEDS[name]))


def _mutated(random: Random, seeds: tuple[bytes, ...]) -> bytes:
    """Put a part of one seed, or some bytes, into a part of another."""
    content, other = random.choice(seeds), random.choice(seeds)
    start, end = sorted(random.choices(range(len(content) + 1), k=2))
    piece = random.choice((other[:40], random.randbytes(random.randint(0, 3)), b""))
    return content[:start] + piece + content[random.choice((start, end)) :]
