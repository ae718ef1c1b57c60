"""The client of the forge: what it asks, how it reads, and when it gives up."""

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.connectors import github_shapes as shapes
from handoff.connectors.github import GitHub
from handoff.connectors.github_api import Api, ForgeError
from handoff.connectors.github_shapes import ShapeError
from handoff.connectors.http import LostError, send
from handoff.model.errors import HandoffError
from handoff.model.review import Verdict
from support.forge import NAME, TOKEN, Forge, forging
from support.git import Repository
from support.github_spec import SPEC, faults_of, spec
from support.local_server import Fault, Received, Reply, as_json, serve

DANA, INES = 910101, 910001
needs_spec = pytest.mark.skipif(
    not SPEC.exists(), reason="GitHub's API description is not beside us"
)


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    work = Repository.create(tmp_path / "work")
    work.write("README.md", "records\n")
    work.commit("Begin")
    work.branch("packet")
    work.write("handoffs/2026/04/p.md", "one\n")
    work.commit("Add a packet", author="Dana Okafor")
    work.write("handoffs/2026/04/p.md", "two\n")
    work.commit("Correct it", author="Robin Field")
    remote = Repository.create(tmp_path / "remote.git", "--bare")
    work.git("push", "--quiet", str(remote.root), "main", "packet")
    with forging(remote) as made:
        made.people = {DANA: "dana-o", INES: "ines-m"}
        made.emails = {"dana.okafor@example.com": DANA}
        yield made


@pytest.fixture
def github(forge: Forge) -> GitHub:
    return client(forge)


def client(forge: Forge, token: str = TOKEN) -> GitHub:
    url = forge.environment["GITHUB_API_URL"]
    brisk = partial(send, timeout=5, max_bytes=1_000_000)
    return GitHub(Api(url, NAME, token, brisk))


def test_a_pull_request_is_read_with_all_that_is_judged(
    forge: Forge, github: GitHub
) -> None:
    opened = forge.open("packet", author=DANA)
    forge.review(opened, INES, body="Fine", at="2026-04-22T09:00:00Z")
    merged = forge.merge(opened)
    pull = github.pull(opened.number)
    assert (pull.author and pull.author.login) == "dana-o"
    assert (pull.head, pull.merge_commit) == (forge.tip("packet"), merged)
    assert (pull.base, pull.default_branch) == ("main", "main")
    assert pull.head_repository == pull.base_repository
    (review,) = github.reviews(pull.number)
    assert review.verdict is Verdict.APPROVED
    assert (review.account and review.account.id) == INES
    assert review.head == pull.head
    assert str(review.submitted_at) == "2026-04-22 09:00:00+00:00"
    first, second = github.authors(pull)
    assert (first.author and first.author.id, second.author) == (DANA, None)
    (file,) = github.files(pull)
    blob = forge.remote.git("rev-parse", "packet:handoffs/2026/04/p.md")
    assert (file.path, file.status, file.blob) == (
        "handoffs/2026/04/p.md",
        "added",
        blob,
    )
    assert github.pulls_with(merged) == (pull.number,)
    assert github.open_pulls("main") == ()


def test_a_renamed_and_a_removed_file_say_what_they_were(
    tmp_path: Path, forge: Forge, github: GitHub
) -> None:
    forge.merge(forge.open("packet", author=DANA))
    work = Repository(tmp_path / "work")
    work.git("pull", "--quiet", str(forge.remote.root), "main")
    work.branch("tidy")
    work.git("mv", "handoffs/2026/04/p.md", "handoffs/2026/04/q.md")
    work.git("rm", "--quiet", "README.md")
    work.commit("Tidy")
    work.git("push", "--quiet", str(forge.remote.root), "tidy")
    removed, renamed = github.files(github.pull(forge.open("tidy", author=DANA).number))
    assert (removed.path, removed.status) == ("README.md", "removed")
    assert (renamed.path, renamed.previous) == (
        "handoffs/2026/04/q.md",
        "handoffs/2026/04/p.md",
    )


def test_all_pages_are_read(forge: Forge, github: GitHub) -> None:
    opened = forge.open("packet", author=DANA)
    for _ in range(7):
        forge.review(opened, INES, "COMMENTED")
    forge.page = 3
    assert len(github.reviews(opened.number)) == 7
    assert len(forge.server.requests) == 3


def test_a_comment_is_written_once(forge: Forge, github: GitHub) -> None:
    opened = forge.open("packet", author=DANA)
    assert github.comment_once(opened.number, "a", "Hello")
    assert not github.comment_once(opened.number, "a", "Hello again")
    assert github.comment_once(opened.number, "b", "Other")
    written = [comment["body"] for comment in forge.comments[opened.number]]
    assert written == ["<!-- handoff:a -->\nHello", "<!-- handoff:b -->\nOther"]


def test_branch_and_pull_request_are_made(forge: Forge, github: GitHub) -> None:
    main = github.tip("main")
    assert main == forge.tip("main")
    assert github.tip("handoff/new/zephyr") is None
    github.create_branch("handoff/new/zephyr", forge.tip("packet"))
    assert github.tip("handoff/new/zephyr") == forge.tip("packet")
    assert github.pull_of("acme", "handoff/new/zephyr") is None
    number = github.create_pull("A packet", "handoff/new/zephyr", "main", "Hello")
    assert github.pull_of("acme", "handoff/new/zephyr") == number
    github.request_reviewers(number, ["ines-m"])
    github.add_labels(number, ["handoff"])
    assert (forge.pulls[number].asked, forge.pulls[number].labels) == (
        ["ines-m"],
        ["handoff"],
    )
    assert github.default_branch() == "main"


def test_what_the_forge_refuses_says_what_to_do(forge: Forge, github: GitHub) -> None:
    with pytest.raises(ForgeError, match="404: it knows nothing there") as caught:
        github.pull(99)
    assert caught.value.status == 404
    with pytest.raises(ForgeError, match="422"):
        github.create_pull("x", "no-such-branch", "main", "")
    with pytest.raises(ForgeError, match="401: it does not accept the token") as caught:
        client(forge, "another-t0ken").pull(1)
    assert "another-t0ken" not in f"{caught.value.message}{caught.value.hint}"


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_is_an_error_and_goes_away(fault: Fault, forge: Forge) -> None:
    github = client(forge)
    opened = forge.open("packet", author=DANA)
    forge.review(opened, INES)
    forge.server.faults[1] = fault
    with pytest.raises(HandoffError) as caught:
        github.reviews(opened.number)
    assert TOKEN not in f"{caught.value.message} {caught.value.hint} {caught.value!r}"
    assert len(github.reviews(opened.number)) == 1


def test_a_comment_whose_answer_was_lost_is_not_written_twice(
    forge: Forge, github: GitHub
) -> None:
    opened = forge.open("packet", author=DANA)
    forge.server.faults[2] = Fault.RESET_AFTER
    with pytest.raises(LostError):
        github.comment_once(opened.number, "a", "Hello")
    assert not github.comment_once(opened.number, "a", "Hello")
    assert len(forge.comments[opened.number]) == 1


@pytest.mark.parametrize(
    "link",
    [
        "<https://evil.example/api/repos/acme/handoffs/pulls/1/reviews?page=2>",
        "<{url}.evil.example/repos/acme/handoffs/pulls/1/reviews?page=2>",
        "<{url}/repos/acme/handoffs/pulls/1/comments?page=2>",
        "</repos/acme/handoffs/pulls/1/reviews?page=2>",
    ],
)
def test_the_next_page_lies_where_the_first_did(link: str) -> None:
    def respond(_: Received) -> Reply:
        return as_json([], Link=f'{link.format(url=server.url)}; rel="next"')

    with serve(respond) as server:
        github = GitHub(Api(server.url, NAME, TOKEN, send))
        with pytest.raises(ShapeError, match="the next page lies somewhere else"):
            github.reviews(1)
    assert len(server.requests) == 1


def test_a_list_without_end_is_left() -> None:
    ids = count(1)

    def respond(request: Received) -> Reply:
        body = {"id": next(ids), "user": None, "body": ""}
        path = request.path.split("?")[0]
        return as_json([body], Link=f'<{server.url}{path}?page=9>; rel="next"')

    with serve(respond) as server:
        github = GitHub(Api(server.url, NAME, TOKEN, send))
        with pytest.raises(ShapeError, match="more than 40 pages"):
            github.comments(1)


def test_a_full_page_without_a_link_is_followed_by_another() -> None:
    """A header that a proxy dropped must not hide reviews."""

    def respond(request: Received) -> Reply:
        first = 0 if "page=2" not in request.path.split("per_page=100")[1] else 100
        ids = range(first + 1, first + 101 if first == 0 else first + 3)
        return as_json([{"id": each, "user": None, "body": ""} for each in ids])

    with serve(respond) as server:
        github = GitHub(Api(server.url, NAME, TOKEN, send))
        assert len(github.comments(1)) == 102


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", "LOVED"),
        ("state", None),
        ("submitted_at", None),
        ("submitted_at", "yesterday"),
        ("submitted_at", "2026-04-22T09:00:00"),
        ("commit_id", "abc"),
        ("commit_id", 7),
        ("user", "ines-m"),
        ("user", {"login": "ines-m", "type": "User"}),
        ("user", {"id": True, "login": "ines-m", "type": "User"}),
        ("user", {"id": "910001", "login": "ines-m", "type": "User"}),
        ("id", None),
        ("id", 1.5),
        ("body", ["x"]),
    ],
)
def test_a_review_of_another_shape_is_no_review(
    field: str, value: object, forge: Forge, github: GitHub
) -> None:
    opened = forge.open("packet", author=DANA)
    forge.review(opened, INES)[field] = value
    with pytest.raises(ShapeError):
        github.reviews(opened.number)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("head", None),
        ("base", {"ref": "main"}),
        ("merged_at", "soon"),
        ("merge_commit_sha", "main"),
        ("commits", 9),
        ("changed_files", 2),
        ("changed_files", -1),
    ],
)
def test_a_pull_request_that_does_not_add_up_is_not_judged(
    field: str, value: object, forge: Forge, github: GitHub
) -> None:
    opened = forge.open("packet", author=DANA)
    forge.merge(opened)
    opened.overrides[field] = value

    def look() -> None:
        pull = github.pull(opened.number)
        github.authors(pull)
        github.files(pull)

    with pytest.raises(ShapeError):
        look()


def test_a_review_that_is_listed_twice_is_doubted(forge: Forge, github: GitHub) -> None:
    opened = forge.open("packet", author=DANA)
    opened.reviews += [forge.review(opened, INES)]
    with pytest.raises(ShapeError, match="listed twice"):
        github.reviews(opened.number)


@pytest.mark.parametrize(
    "name", ["", "handoffs", "acme/", "acme/../x", "acme/x/y", "acme/x?y", "a b/c"]
)
def test_a_name_cannot_lead_elsewhere(name: str) -> None:
    with pytest.raises(HandoffError, match="OWNER/NAME"):
        Api("https://forge.example", name, TOKEN, send)


def test_the_token_is_not_shown(github: GitHub) -> None:
    assert TOKEN not in repr(github)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
READERS = (
    shapes.read_review,
    shapes.read_pull,
    shapes.read_authorship,
    shapes.read_file,
    shapes.read_comment,
    shapes.read_number,
)


@settings(deadline=None)
@given(JSON, st.sampled_from(READERS))
def test_no_json_breaks_a_reader(value: object, read: object) -> None:
    assert callable(read)
    with suppress(ShapeError):
        read(value)


@needs_spec
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("pull-request-review-items", shapes.read_review),
        ("pull-request", shapes.read_pull),
        ("commit-items", shapes.read_authorship),
        ("diff-entry-items", shapes.read_file),
        ("issue-comment-items", shapes.read_comment),
        ("pull-request-simple-items", shapes.read_number),
    ],
)
def test_the_published_examples_are_read(name: str, read: object) -> None:
    assert callable(read)
    value = spec()["components"]["examples"][name]["value"]
    for entry in value if isinstance(value, list) else [value]:
        read(entry)


@needs_spec
@pytest.mark.parametrize("name", ["approved", "changes_requested"])
def test_recorded_events_hold_reviews_of_the_same_shape(name: str) -> None:
    recorded = f"derived_pull_request_review_submitted_{name}.json"
    event = json.loads(SPEC.with_name(recorded).read_text(encoding="utf-8"))
    review = shapes.read_review(event["review"])
    assert review.verdict.name.lower() == name


@needs_spec
def test_every_call_is_one_that_is_published(forge: Forge, github: GitHub) -> None:
    opened = forge.open("packet", author=DANA)
    pull = github.pull(opened.number)
    review = forge.review(opened, INES)
    github.review(opened.number, review["id"])
    github.reviews(opened.number)
    github.authors(pull)
    github.files(pull)
    github.pulls_with(forge.merge(opened))
    github.open_pulls("main")
    github.comment_once(opened.number, "a", "Hello")
    test_branch_and_pull_request_are_made(forge, github)
    assert [faults_of(request) for request in forge.server.requests] == [
        [] for _ in forge.server.requests
    ]
    bad = Received("POST", f"/api/repos/{NAME}/pulls", {}, b'{"titel": "x"}')
    assert faults_of(bad) == [
        "'head' is a required property",
        "'base' is a required property",
        "unknown field titel",
    ]
