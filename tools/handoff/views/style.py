"""How the reader wants a view to look."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """Settings of a view that do not change what it says.

    Attributes:
        colour: whether to use ANSI colours.
        width: columns of the terminal.
        explain: rule name to its one-line summary.
    """

    colour: bool
    width: int
    explain: Mapping[str, str]

    def paint(self, text: str, colour: str) -> str:
        """Wrap text in an ANSI colour (SGR parameters of ECMA-48), if wanted."""
        return f"\x1b[{colour}m{text}\x1b[0m" if self.colour else text
