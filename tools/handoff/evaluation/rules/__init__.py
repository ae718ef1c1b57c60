"""Every rule, in one table: adding one is a module and a line here."""

from collections.abc import Mapping

from handoff.document.defects import DEFECTS
from handoff.evaluation.rules import (
    carried_value_differs,
    claim_after_commit,
    dangling_reference,
    duplicate_deal,
    duplicate_id,
    duplicate_packet,
    duplicate_section,
    empty_section,
    events_out_of_order,
    future_claim,
    gate_unsatisfied,
    invalid_acknowledgement,
    late_claim,
    leaked_internal_phrase,
    missing_from_packet,
    missing_next_action,
    missing_section,
    orphan_promise,
    orphan_risk,
    owner_mismatch,
    packet_name_mismatch,
    pasted_secret,
    placeholder_text,
    premature_field,
    removed_promise,
    removed_record,
    rewritten_event,
    rewritten_stamp,
    skipped_transition,
    stale_client_safe_approval,
    unauthorised_change,
    unfiled_packet,
    unknown_person,
    unknown_section,
    unproven_acknowledgement,
    unresolved_promise,
)
from handoff.evaluation.rules.rule import (
    ChangeRule,
    DealRule,
    ProseRule,
    RecordRule,
    error,
    warning,
)
from handoff.model.defect import Defect
from handoff.policy.defects import SHAPE_DEFECTS

PROSE_RULES: tuple[ProseRule, ...] = (
    missing_section.RULE,
    empty_section.RULE,
    placeholder_text.RULE,
    duplicate_section.RULE,
    unknown_section.RULE,
    pasted_secret.RULE,
)

RECORD_RULES: tuple[RecordRule, ...] = (
    duplicate_id.RULE,
    dangling_reference.RULE,
    unknown_person.RULE,
    events_out_of_order.RULE,
    future_claim.RULE,
    owner_mismatch.RULE,
    missing_from_packet.RULE,
    carried_value_differs.RULE,
    orphan_promise.RULE,
    orphan_risk.RULE,
    unresolved_promise.RULE,
    packet_name_mismatch.RULE,
    duplicate_packet.RULE,
    duplicate_deal.RULE,
    unfiled_packet.RULE,
    leaked_internal_phrase.RULE,
    stale_client_safe_approval.RULE,
    *invalid_acknowledgement.RULES,
)

DEAL_RULES: tuple[DealRule, ...] = (
    gate_unsatisfied.RULE,
    skipped_transition.RULE,
    premature_field.RULE,
    missing_next_action.RULE,
)

CHANGE_RULES: tuple[ChangeRule, ...] = (
    removed_record.RULE,
    rewritten_event.RULE,
    *rewritten_stamp.RULES,
    removed_promise.RULE,
    late_claim.RULE,
    claim_after_commit.RULE,
    unproven_acknowledgement.RULE,
    *unauthorised_change.RULES,
)

HISTORY_DEFECTS = (
    error(
        "rewritten-main",
        "the history of the branch was replaced by another",
        "The last commit that was judged is no ancestor of what is there now: somebody "
        "pushed with force, and whatever stood between is gone. Nothing computed from "
        "this history can be compared with what was reported before.",
    ),
    error(
        "unsigned-commit",
        "a commit is not signed by a key that policy trusts for its author",
        "`signed_by` in schemas/policy/trust.yaml names the keys and the address each "
        "may sign for, as the file stood before the commit: a commit cannot bring the "
        "key it is trusted by.",
    ),
    warning(
        "skewed-commit",
        "the date of a commit cannot be right",
        "A commit is dated before the one it was made upon, or later than now, or not "
        "in a way that can be read. Dates of commits are claims like any other: a "
        "clock may be wrong, or somebody set the date to help their case.",
    ),
)
"""Defects of commits, which only the audit finds."""

CHANGE_SCOPE = frozenset(
    defect.name
    for defect in (*(rule.defect for rule in CHANGE_RULES), *HISTORY_DEFECTS)
)
"""Names of the rules about changes, which judging a snapshot cannot apply."""

_PLACES = (
    error(
        "misplaced-record",
        "a file is not where a record can be",
        "The path is the identity: folders of year and month, a slug and a date. A "
        "file with another name would be read by nobody, so it is refused instead of "
        "skipped.",
    ),
    error(
        "unreadable-file",
        "a file cannot be opened as a regular file",
        "Only regular files of this repository are read: no links, pipes or folders "
        "with a record's name. The message says what was found instead.",
    ),
    error(
        "unknown-policy-name",
        "policy names what nobody defines, or says what can never happen",
        "Stages, clocks, calendars and people refer to each other by name. A name that "
        "does not exist, a start that its own stop or pause undoes, or a calendar that "
        "never opens would make a gate or clock silently never apply.",
    ),
    warning(
        "unread-ledger-file",
        "a file of the ledger is no entry",
        "The branch `handoff-ledger` holds one small file for each fact that a "
        "workflow observed, in exactly the form in which it writes them. Anything else "
        "there is named and never counted.",
    ),
    error(
        "expired-waiver",
        "a waiver is past its last day",
        "A waiver is an exception with an end. Renew it with a new approval, or remove "
        "it and satisfy the rule.",
    ),
    error(
        "unapproved-waiver",
        "a waiver was not approved by those who may",
        "Somebody other than its owner approves a waiver, and holds the role that "
        "`approver` in waivers.yaml names, on the day it was approved (`approved_on`) "
        "or else today. For a deal above `two_approvers_above` two people do. Until "
        "then it excuses nothing.",
    ),
    error(
        "unused-waiver",
        "a waiver excuses nothing",
        "The rule it names is satisfied for that record, or one of the two is "
        "misspelt. Remove it: an unused exception hides the next real one.",
    ),
)

CATALOGUE: Mapping[str, Defect] = {
    defect.name: defect
    for defect in (
        *DEFECTS.values(),
        *SHAPE_DEFECTS.values(),
        *_PLACES,
        *(rule.defect for rule in PROSE_RULES),
        *(rule.defect for rule in RECORD_RULES),
        *(rule.defect for rule in DEAL_RULES),
        *(rule.defect for rule in CHANGE_RULES),
        *HISTORY_DEFECTS,
    )
}
"""Every rule there is, by name: what `handoff explain` and the docs are made of."""
