"""The fuzz targets over their seeds and simple mutations, without atheris."""

import runpy
from collections.abc import Callable, Mapping
from random import Random

import pytest

from support.cli import ROOT

RUNS = 2000
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
    random = Random(name)  # noqa: S311 - the same mutations in every run
    for content in SEEDS[name]:
        TARGETS[name](content)
    for _ in range(RUNS):
        TARGETS[name](_mutated(random, SEEDS[name]))


def _mutated(random: Random, seeds: tuple[bytes, ...]) -> bytes:
    """Put a part of one seed, or some bytes, into a part of another."""
    content, other = random.choice(seeds), random.choice(seeds)
    start, end = sorted(random.choices(range(len(content) + 1), k=2))
    piece = random.choice((other[:40], random.randbytes(random.randint(0, 3)), b""))
    return content[:start] + piece + content[random.choice((start, end)) :]
