"""History, origins and differences as JSON, version 1; fields may be added only."""

from collections.abc import Iterable

from handoff.evaluation.chronicle import Chapter, Origin, Told
from handoff.evaluation.differences import Difference
from handoff.model.instant import format_instant
from handoff.repository.lineage import Step
from handoff.views.escaping import json_text


def render(record: str, rev: str, chapters: Iterable[Chapter]) -> str:
    """Write what each commit changed in a deal, oldest first."""
    changes = [_chapter(chapter) for chapter in chapters]
    return json_text({"version": 1, "record": record, "rev": rev, "changes": changes})


def render_origins(record: str, rev: str, origins: Iterable[Origin]) -> str:
    """Write who wrote each value of a record, and when."""
    values = [_origin(origin) for origin in origins]
    return json_text({"version": 1, "record": record, "rev": rev, "values": values})


def differences_json(found: Iterable[Difference]) -> list[dict[str, object]]:
    """Give differences as data: every value by its name, before and after."""
    return [
        {
            "name": list(difference.name),
            "act": difference.act,
            "values": [
                {"name": list(v.name), "before": v.before, "after": v.after}
                for v in difference.values
            ],
        }
        for difference in found
    ]


def stage_json(stage: tuple[str, str] | None) -> dict[str, str | None] | None:
    """Give a move from stage to stage; `None` where there is no record."""
    if stage is None:
        return None
    return {"before": stage[0] or None, "after": stage[1] or None}


def _chapter(chapter: Chapter) -> dict[str, object]:
    stage, records = stage_json(chapter.stage), chapter.records
    return {
        **_witness(chapter.step),
        "stage": stage,
        "records": [_told(told) for told in records],
    }


def _told(told: Told) -> dict[str, object]:
    return {
        "path": told.path,
        "renamed_from": told.earlier,
        "differences": differences_json(told.differences),
    }


def _origin(origin: Origin) -> dict[str, object]:
    place = {"path": origin.path, "name": list(origin.name), "value": origin.text}
    return {**place, **_witness(origin.step)}


def _witness(step: Step) -> dict[str, object]:
    return {
        "commit": step.commit,
        "author": step.author,
        "email": step.email,
        "committed_at": format_instant(step.committed) if step.committed else None,
        "landed": step.landed,
        "merge": step.is_merge,
    }
