"""`handoff explain`: what a rule means."""

from difflib import get_close_matches

import click
from click.shell_completion import CompletionItem

from handoff.cli.options import write
from handoff.evaluation.rules import CATALOGUE


class RuleType(click.ParamType[str]):
    """The name of a rule."""

    name = "rule"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Refuse names nobody defines, with the nearest one that exists."""
        text = str(value)
        if text not in CATALOGUE:
            near = get_close_matches(text, CATALOGUE, n=1)
            guess = f" Did you mean {near[0]!r}?" if near else ""
            self.fail(f"there is no rule {text!r}.{guess}", param, ctx)
        return text

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        param: click.Parameter,  # noqa: ARG002 - click's signature
        incomplete: str,
    ) -> list[CompletionItem]:
        """Offer the rules that begin with what was typed."""
        names = (name for name in CATALOGUE if name.startswith(incomplete))
        return [CompletionItem(n, help=CATALOGUE[n].summary) for n in sorted(names)]


@click.command()
@click.argument("rule", type=RuleType(), required=False)
def explain(rule: str | None) -> None:
    """Say what RULE means and what to do; without RULE, list them all."""
    if rule is None:
        width = max(map(len, CATALOGUE))
        rows = (f"{n:<{width}}  {CATALOGUE[n].summary}" for n in sorted(CATALOGUE))
        write("\n".join(rows) + "\n")
        return
    defect = CATALOGUE[rule]
    text = click.wrap_text(defect.explanation, width=80)
    write(f"{rule} ({defect.severity})\n{defect.summary}\n\n{text}\n")
