"""What belongs to one deal is judged together, by its names."""

from hypothesis import given
from hypothesis import strategies as st

from handoff.records.batches import files, split

_DEAL = "opportunities/2026/04/acme-robotics-2026-04-02.md"
_AGAIN = "opportunities/2026/05/acme-robotics-2026-05-02-2.md"
_OTHER = "opportunities/2026/04/robotics-2026-04-02.md"
_PACKET = "handoffs/2026/04/assessment-acme-robotics-2026-04-21.md"
_LONELY = "handoffs/2026/04/assessment-nobody-2026-04-21.md"


def test_a_packet_goes_with_the_longest_slug_that_fits() -> None:
    paths = sorted([_DEAL, _AGAIN, _OTHER, _PACKET, _LONELY])
    assert split(paths, 1) == (
        ((_DEAL, _AGAIN, _PACKET),),
        ((_OTHER,),),
        ((_LONELY,),),
    )


def test_a_batch_is_closed_when_it_is_full() -> None:
    paths = sorted([_DEAL, _OTHER, _PACKET, _LONELY])
    assert split(paths, 3) == (((_DEAL, _PACKET), (_OTHER,)), ((_LONELY,),))
    assert split([], 3) == ()


@given(
    st.lists(
        st.from_regex(
            r"(opportunities|handoffs|OPPORTUNITIES)/[ab]?/?([ab-]{1,4}"
            r"(-2026-0[45]-02)?(-2)?(\.md)?)?",
            fullmatch=True,
        ),
        unique=True,
    ),
    st.integers(1, 5),
)
def test_every_path_is_in_one_batch(paths: list[str], size: int) -> None:
    batches = split(paths, size)
    assert sorted(path for batch in batches for path in files(batch)) == sorted(paths)
    assert all(batches)
