"""From an export to records: nothing dropped, nothing invented, twice the same."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff.document.document import Document, read_document
from handoff.evaluation.judging import severity_of
from handoff.imports.note import RowNote
from handoff.imports.plan import Export, ImportPlan, plan_import
from handoff.imports.settings import ImportSettings, read_settings
from handoff.model.diagnostic import Severity
from handoff.records.reading import read_file
from handoff.records.register import Register, load_register
from handoff.repository.snapshot import MemorySnapshot
from support.reports import shipped_policy

_FIXTURES = Path(__file__).parent / "fixtures" / "imports"
_REAL = Path(__file__).parents[2] / "shared" / "data" / "maven_crm"
_TODAY = date(2026, 11, 21)
_EMPTY = Register({}, ())
_STAGES = "stages:\n  Won: closed-won\n  Lost: closed-lost\n  Talking: qualified\n"


def _settings(
    map_text: str = _STAGES, preset: str = "generic", **options: str
) -> ImportSettings:
    map_file = ("map.yaml", map_text.encode()) if map_text else None
    found, diagnostics = read_settings(preset, map_file, options)
    assert found, diagnostics
    return found


def _plan(
    text: str,
    chosen: ImportSettings | None = None,
    register: Register = _EMPTY,
    today: date = _TODAY,
    others: Mapping[str, bytes] | None = None,
) -> ImportPlan:
    export = Export(text.encode(), others or {})
    return plan_import(export, chosen or _settings(), register, shipped_policy(), today)


def _register(files: Mapping[str, str]) -> Register:
    contents = {path: text.encode() for path, text in files.items()}
    return load_register(MemorySnapshot(contents), shipped_policy())


def _documents(plan: ImportPlan) -> list[Document]:
    documents = (read_document(path, text.encode())[0] for path, text in plan.files)
    return [document for document in documents if document]


def _only(plan: ImportPlan) -> Document:
    assert not plan.problems
    assert not plan.refused
    (document,) = _documents(plan)
    return document


def _messages(notes: tuple[RowNote, ...], column: str) -> list[str]:
    return [note.message for note in notes if note.column == column]


def _assert_valid(plan: ImportPlan) -> None:
    policy = shipped_policy()
    for path, text in plan.files:
        read = read_file(path, text.encode(), policy)
        weights = {severity_of(found.rule, policy) for found in read.findings}
        assert Severity.ERROR not in weights, read.findings
        assert read.record


def _pipeline(folder: Path, name: str, **options: str) -> tuple[str, ImportSettings]:
    text = (_FIXTURES / "sales-pipeline.yaml").read_text(encoding="utf-8")
    return (folder / name).read_text(encoding="utf-8"), _settings(text, **options)


def _others(folder: Path) -> dict[str, bytes]:
    return {
        name: (folder / name).read_bytes() for name in ("products.csv", "accounts.csv")
    }


def test_a_pipeline_becomes_records_and_every_lack_is_told() -> None:
    text, chosen = _pipeline(_FIXTURES, "sales-pipeline.csv")
    plan = _plan(text, chosen, others=_others(_FIXTURES))
    _assert_valid(plan)
    assert [path for path, _ in plan.files] == [
        "opportunities/2024/10/zephyr-kites-zk1001-2024-10-20.md",
        "opportunities/2024/11/zk1002-2024-11-02.md",
        "opportunities/2024/12/marlow-looms-zk1003-2024-12-01.md",
        "opportunities/2026/11/zk1004-2026-11-21.md",
        "opportunities/2025/01/marlow-looms-zk1005-2025-01-09.md",
    ]
    told = {(note.row, note.column) for note in plan.notes}
    assert told == {
        (2, "close_value"),
        (3, "account"),
        (3, "product"),
        (3, "next_step"),
        (3, "lost_reason"),
        (5, "account"),
        (5, "engage_date"),
        (6, "deal_stage"),
        (6, "sales_agent"),
    }
    assert plan.stages == Counter(["Won", "Lost", "Engaging", "Prospecting", "Parked"])


def test_the_files_say_what_the_rows_say() -> None:
    text, chosen = _pipeline(_FIXTURES, "sales-pipeline.csv")
    plan = _plan(text, chosen, others=_others(_FIXTURES))
    assert plan.files[0][1] == (
        "---\n"
        "schema: opportunity/v1\n"
        "company: Zephyr Kites\n"
        "service: assessment\n"
        "owner: dana-okafor\n"
        "links:\n"
        "  deal: pipeline:ZK1001\n"
        "events:\n"
        "  - event: opened\n"
        "    on: 2024-10-20\n"
        "    by: dana-okafor\n"
        "  - event: closed-won\n"
        "    on: 2025-03-01\n"
        "    by: dana-okafor\n"
        "    commitment: unknown\n"
        "    sow: unknown\n"
        "    primary_contact_confirmed: unknown\n"
        '    note: "close_value: 1054 (no currency recorded)"\n'
        "---\n"
        "\n"
        "## Internal notes\n"
        "\n"
        "Imported from pipeline, word for word:\n"
        "\n"
        "- sales_agent: Dana Okafor\n"
        "- product: Assessment\n"
        "- deal_stage: Won\n"
    )


def test_a_second_run_changes_nothing_even_on_another_day() -> None:
    text, chosen = _pipeline(_FIXTURES, "sales-pipeline.csv")
    first = _plan(text, chosen, others=_others(_FIXTURES))
    known = _register(dict(first.files))
    again = _plan(text, chosen, known, date(2027, 2, 3), _others(_FIXTURES))
    assert (again.files, again.notes, again.refused) == ((), (), ())
    assert again.problems == ()
    assert again.known == again.rows == 5


def test_records_are_left_alone_and_differences_told() -> None:
    row = "id,owner,stage,opened,closed,amount\n7,Dana Okafor,{}\n"
    first = _plan(row.format("Talking,2025-01-05,,"))
    path, text = first.files[0]
    edited = text.replace("owner: dana-okafor", "owner: rui-tanaka")
    refined = edited.replace("on: 2025-01-05", "at: 2025-01-05T10:00:00+01:00")
    won = row.format("Won,2025-01-05,2025-02-01,20")
    plan = _plan(won, _settings(currency="USD"), _register({path: refined}))
    assert plan.files == ()
    owner, price, event = (note.message for note in plan.notes)
    assert owner == (
        "differs: `owner` is `dana-okafor` in the export, `rui-tanaka` in the record"
    )
    assert "2000 USD (minor units) in the export, not there in the record" in price
    assert event == (
        "differs: the export says `closed-won` (2025-02-01), the record does not"
    )
    assert path in plan.notes[0].hint


def test_a_date_learned_later_is_told() -> None:
    first = _plan("id,owner,stage\n7,Dana Okafor,Talking\n")
    again = _plan(
        "id,owner,stage,opened\n7,Dana Okafor,Talking,2025-01-05\n",
        register=_register(dict(first.files)),
    )
    assert [note.message for note in again.notes] == [
        "differs: `opened` is 2025-01-05 in the export, unknown in the record"
    ]


def test_a_broken_record_stops_the_import() -> None:
    broken = _register({"opportunities/2025/01/zed-7-2025-01-05.md": "no header\n"})
    plan = _plan("id,owner,stage\n7,Dana Okafor,Won\n", register=broken)
    assert "cannot be read" in plan.problems[0].message
    assert plan.files == ()


def test_a_taken_path_gets_a_number() -> None:
    first = _plan("id,owner,stage,opened\nAB,Dana Okafor,Won,2025-01-05\n")
    text = "id,owner,stage,opened\nab,Dana Okafor,Won,2025-01-05\n"
    plan = _plan(text, register=_register(dict(first.files)))
    assert plan.files[0][0] == "opportunities/2025/01/ab-2025-01-05-2.md"


def test_stage_words_are_mapped_and_never_guessed() -> None:
    text = (
        "id,owner,stage,opened,closed\n1,Rui Tanaka,Closed Won,2025-01-05,2025-02-01\n"
    )
    plan = _plan(text)
    document = _only(plan)
    assert document.text.count("event:") == 1
    assert "- stage: Closed Won" in document.body
    (note,) = [note for note in plan.notes if note.column == "stage"]
    assert note.hint.endswith("stages:\n  Closed Won: EVENT")


def test_a_stage_that_needs_more_than_an_export_has_is_a_problem() -> None:
    text = "id,owner,stage\n1,Rui Tanaka,Offer\n"
    plan = _plan(text, _settings("stages:\n  Offer: proposal-sent\n"))
    assert "`proposal-sent`" in plan.problems[0].message
    assert "closed-won" in plan.problems[0].hint


def test_salesforce_flags_decide_whatever_the_stage_is_called() -> None:
    text = (
        '"Id","AccountId","OwnerId","StageName","IsWon","IsClosed","CreatedDate",'
        '"CloseDate","Amount"\n'
        '"006A000000abcDE","000000000000000AAA","005B","Done","1","1",'
        '"2025-01-05T09:30:00.000Z","2025-02-01 00:00:00","0"\n'
        '"006A000000ABCDE","001C","005B","Gone","0","1","2025-01-05","2025-02-01",""\n'
        '"006a000000abcde","001C","005B","Work","0","0","2025-01-05","2027-02-01",""\n'
    )
    plan = _plan(text, _settings("", "salesforce"))
    _assert_valid(plan)
    won, lost, still_open = _documents(plan)
    assert len({path for path, _ in plan.files}) == 3
    assert "event: closed-won" in won.text
    assert "on: 2025-02-01" in won.text
    assert "at: 2025-01-05T09:30:00Z" in won.text
    assert "client" not in won.text
    assert "reason: not-recorded" in lost.text
    assert "client: salesforce:001C" in lost.text
    assert "closed" not in still_open.text
    assert "- CloseDate: 2027-02-01" in still_open.body
    assert [n.row for n in plan.notes if n.column == "StageName"] == [4]


def test_pipedrive_gives_stage_and_status() -> None:
    text = (
        "Deal - ID,Deal - Title,Deal - Value,Deal - Currency,Deal - Stage,"
        "Deal - Status,"
        "Deal - Owner,Deal - Organization,Deal - Contact person,Deal - Deal created,"
        "Deal - Last stage change,Deal - Won time,Deal - Lost time,Deal - Lost reason\n"
        "9,Big one,1200.5,EUR,Talking,lost,Rui Tanaka,Marlow Looms,Mina Castellanos,"
        "2025-01-05 10:00:00,2025-01-20 11:00:00,,2025-02-01 12:30:00,Went elsewhere\n"
    )
    map_text = _STAGES + "zone: Europe/Berlin\n"
    plan = _plan(text, _settings(map_text, "pipedrive"))
    _assert_valid(plan)
    header = _only(plan).header
    assert header["contact"] == {"name": "Mina Castellanos"}
    assert header["pricing"] == {
        "currency": "EUR",
        "line_items": [{"id": "L1", "text": "Deal - Value", "amount_minor": "120050"}],
    }
    events = header["events"]
    assert isinstance(events, list)
    assert [(e["event"], e["at"]) for e in events] == [
        ("opened", "2025-01-05T10:00:00+01:00"),
        ("qualified", "2025-01-20T11:00:00+01:00"),
        ("closed-lost", "2025-02-01T12:30:00+01:00"),
    ]
    assert events[-1]["reason"] == "other"
    assert events[-1]["note"] == "Went elsewhere"


def test_flags_go_before_a_stage_that_contradicts_them() -> None:
    text = "Deal - ID,Deal - Stage,Deal - Status,Deal - Owner\n9,Won,lost,Rui Tanaka\n"
    plan = _plan(text, _settings(preset="pipedrive"))
    assert "event: closed-lost" in _only(plan).text
    assert "closed-won" not in _only(plan).text
    assert any("by the flags" in note.message for note in plan.notes)


def test_hubspot_exports_have_marks_times_and_milliseconds() -> None:
    text = (
        "\ufeffRecord ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date,"
        "Deal owner,Associated Company (Primary),Associated Contact\n"
        "88,Kites,Won,Sales,,2025-02-01 14:05,1736067600000,Dana Okafor,Zephyr Kites,"
        "Mina (mina@kites.example); Lou\n"
    )
    plan = _plan(text, _settings(preset="hubspot"))
    document = _only(plan)
    assert "at: 2025-01-05T09:00:00Z" in document.text
    assert "on: 2025-02-01" in document.text
    assert "- Close Date: 2025-02-01 14:05" in document.body
    assert "- Associated Contact: Mina (mina@kites.example); Lou" in document.body
    assert [n.row for n in plan.notes if "has no offset" in n.message] == [2]


def test_closed_before_opened_is_told_and_both_dates_are_kept() -> None:
    text = "id,owner,stage,opened,closed\n1,Rui Tanaka,Lost,2025-03-05,2025-02-01\n"
    plan = _plan(text)
    document = _only(plan)
    assert plan.files[0][0].endswith("1-2025-03-05.md")
    assert "on: 2025-02-01" in document.text
    assert "on: unknown" in document.text
    assert "- opened: 2025-03-05" in document.body
    assert any("lies after" in message for message in _messages(plan.notes, "opened"))


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("id,owner,stage,opened\n1,A B,Won,03/04/2025\n", "opened", "may mean"),
        ("ID,owner,stage\n1,A B,Won\n", "id", "the file does not have"),
        ("id,stage\n1,Won\n", "owner", "the file does not have"),
        ("id,owner\n1,A B\n", "stage", "the file does not have"),
        ("id,owner,stage,st\x07\n1,A B,Won,\n", "st\x07", "holds U+0007"),
    ],
)
def test_one_problem_stops_the_whole_file(text: str, column: str, says: str) -> None:
    plan = _plan(text)
    (problem,) = plan.problems
    assert problem.column == column
    assert says in problem.message
    assert problem.hint
    assert plan.files == ()


def test_a_column_that_only_the_map_names_must_exist() -> None:
    map_text = (
        "columns:\n  closed: Close_Date\nstages:\n  Won:\n    event: closed-won\n"
    )
    text = "id,owner,stage,Close Date\n1,A B,Won,2025-01-01\n"
    (problem,) = _plan(text, _settings(map_text)).problems
    assert "`closed: Close Date`" in problem.hint
    dated = "stages:\n  Won:\n    event: closed-won\n    dated_by: Closing\n"
    (problem,) = _plan(text, _settings(dated)).problems
    assert problem.column == "Closing"


def test_an_ambiguous_amount_stops_the_file_once_a_currency_is_known() -> None:
    text = 'id,owner,stage,amount\n1,A B,Won,"$40,000"\n2,A B,Won,"$50,000"\n'
    (problem,) = _plan(text, _settings(currency="USD")).problems
    assert (problem.row, problem.column) == (2, "amount")
    assert "`decimal: point`" in problem.hint
    plan = _plan(text, _settings(currency="USD", decimal="point"))
    assert "amount_minor: 4000000" in plan.files[0][1]
    assert 'note: "amount: $40,000 (no currency recorded)"' in _plan(text).files[0][1]


@pytest.mark.parametrize(
    ("text", "row", "says"),
    [
        ("id,owner,stage\n,A B,Won\n", 2, "has no id"),
        ("id,owner,stage\n1,,Won\n", 2, "has no owner"),
        ("id,owner,stage\n1,凧,Won\n", 2, "no handle can be made of `凧`"),
        ("id,owner,stage\n1,A B,Won,extra\n", 2, "has 4 cells, but the header has 3"),
        ("id,owner,stage\n1,A B,Won\n1,C D,Lost\n", 3, "the same id as row 2"),
        ("id,owner,stage,x\n1,A B,Won,a\u0085b\n", 2, "the cell holds U+0085"),
    ],
)
def test_a_row_that_can_be_no_record_is_refused(text: str, row: int, says: str) -> None:
    (refused,) = _plan(text).refused
    assert refused.row == row
    assert says in refused.message
    assert refused.hint


def test_what_the_user_says_about_silent_rows_is_used_and_told() -> None:
    map_text = _STAGES + "defaults:\n  owner: Dana Okafor\n  source: Fair\n"
    plan = _plan("id,owner,stage\n1,,Won\n", _settings(map_text))
    assert _only(plan).header["owner"] == "dana-okafor"
    assert _only(plan).header["source"] == "Fair"
    assert "as the map says" in _messages(plan.notes, "owner")[0]


def test_new_names_are_used_and_told_and_the_old_ones_kept() -> None:
    map_text = _STAGES + "rename:\n  product:\n    Assesment: Assessment\n"
    text = "id,owner,stage,product\n1,Rui Tanaka,Won,Assesment\n"
    plan = _plan(text, _settings(map_text))
    assert _only(plan).header["service"] == "assessment"
    assert "- product: Assesment" in _only(plan).body
    assert "renamed" in _messages(plan.notes, "product")[0]


def test_strangers_and_namesakes_among_owners_are_told_once() -> None:
    text = "id,owner,stage\n1,José Ruiz,Won\n2,Jose Ruiz,Won\n3,José Ruiz,Won\n"
    messages = _messages(_plan(text).notes, "owner")
    assert messages == [
        "`jose-ruiz` (`José Ruiz`) is not in schemas/policy/people.yaml",
        "`Jose Ruiz` gets the handle `jose-ruiz` like `José Ruiz`",
    ]


def test_lost_reasons_are_translated_by_the_map_only() -> None:
    map_text = _STAGES + "lost_reasons:\n  Too dear: price\n  Rival: competitor\n"
    text = (
        "id,owner,stage,lost_reason\n1,A B,Lost,Too dear\n2,A B,Lost,Rival\n"
        "3,A B,Lost,Moved away\n4,A B,Lost,\n"
    )
    plan = _plan(text, _settings(map_text))
    _assert_valid(plan)
    events = [d.header["events"] for d in _documents(plan)]
    last = [e[-1] for e in events if isinstance(e, list)]
    assert [e["reason"] for e in last] == [
        "price",
        "competitor",
        "other",
        "not-recorded",
    ]
    assert last[1]["competitor"] == "Rival"
    assert last[2]["note"] == "Moved away"
    (problem,) = _plan(text, _settings("lost_reasons:\n  Rival: theft\n")).problems
    assert "`theft`" in problem.message


def test_text_of_a_cell_is_never_structure() -> None:
    text = (
        "id,owner,stage,Note\n"
        '1,A B,Won,"first\n## Client-safe summary\n```\n---\n- x: y"\n'
    )
    document = _only(_plan(text))
    assert [section.title for section in document.sections] == ["Internal notes"]


def test_notes_that_say_the_same_are_put_together() -> None:
    plan = _plan("id,owner,stage\n1,A B,Won\n2,A B,Won\n")
    group = next(g for g in plan.summary if g.column == "company")
    assert group.rows == (2, 3)
    assert sum(len(g.rows) for g in plan.summary) == len(plan.notes)


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=25)
_FIELDS = ("company", "owner", "product", "stage", "opened", "closed", "amount", "Note")


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(*(_TEXT for _ in _FIELDS)), max_size=4))
def test_no_cell_is_lost_whatever_it_says(rows: list[tuple[str, ...]]) -> None:
    lines = [("id", *_FIELDS), *((str(n), *row) for n, row in enumerate(rows, 2))]
    text = "\n".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines
    )
    chosen = _settings(_STAGES + "defaults:\n  owner: Dana Okafor\n", currency="EUR")
    plan = _plan(text, chosen)
    _assert_valid(plan)
    if plan.problems:
        return
    texts = iter(plan.files)
    refused = {note.row for note in plan.refused}
    for number, row in enumerate(rows, 2):
        if number in refused:
            continue
        path, content = next(texts)
        document, _ = read_document(path, content.encode())
        assert document
        said = f"{document.header} {document.body.replace(chr(10) + 6 * ' ', chr(10))}"
        said += " ".join(note.message for note in plan.notes if note.row == number)
        for cell in row:
            plain = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
            assert plain in said or repr(plain)[1:-1] in said


@pytest.mark.skipif(not _REAL.is_dir(), reason="the sales pipeline data is not here")
def test_a_real_export_of_8800_rows() -> None:
    text, chosen = _pipeline(_REAL, "sales_pipeline.csv")
    plan = _plan(text, chosen, others=_others(_REAL))
    stages = {"Prospecting": 500, "Engaging": 1589, "Won": 4238, "Lost": 2473}
    assert plan.stages == stages
    assert len(plan.files) == len(dict(plan.files)) == plan.rows == 8800
    rows = {(g.column, g.message): len(g.rows) for g in plan.summary}
    assert rows["account", "the row has no company"] == 1425
    assert sum(n for (column, _), n in rows.items() if column == "engage_date") == 500
    (misspelt,) = [g for g in plan.summary if "`GTXPro` is not among" in g.message]
    assert len(misspelt.rows) == 1480
    assert "`GTX Pro`" in misspelt.hint
    assert plan.refused == plan.problems == ()
    register = _register(dict(plan.files))
    assert all(file.record and not file.findings for file in register.files.values())
    again = _plan(text, chosen, register, date(2027, 1, 1), _others(_REAL))
    assert (again.files, again.notes) == ((), ())
    assert again.known == 8800
