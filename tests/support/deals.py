"""Fictional deals as text, for tests; the people are those of the shipped policy."""

KITES = "zephyr-kites-2026-03-02"
KITES_PATH = f"opportunities/2026/03/{KITES}.md"
KITES_PACKET = "handoffs/2026/04/assessment-zephyr-kites-2026-04-21.md"
TAKO = "tako-works-2026-04-06"
OTTER = "marble-otter-2026-04-14"
LOST = "paper-lantern-2026-02-09"

KITES_TEXT = """\
---
schema: opportunity/v1
company: Zephyr Kites
service: assessment
owner: dana-okafor
source: Trade fair
service_fit: strong
urgency: high
decision_owner: Mina Castellanos
contact:
  name: Mina Castellanos
  title: Head of Partnerships
  email: mina@zephyr-kites.example
budget_signal: Approved for this quarter
provider_stack: [Shared mailbox]
close_risk: Board decides late
scope:
  included:
    - {id: S1, text: Review of the partner programme}
  excluded:
    - {id: X1, text: Implementation of findings}
  assumptions:
    - {id: A1, text: Partner list is current}
  dependencies:
    - {id: D1, text: Access to the partner portal}
timeline:
  summary: Four weeks from signature
pricing:
  currency: EUR
  line_items:
    - {id: L1, text: "Assessment, fixed price", amount_minor: 250000}
promises:
  - id: P1
    text: Draft findings before the board meeting
    made_at: 2026-04-09
    made_by: dana-okafor
    due: 2026-05-15
risks:
  - {id: R1, text: Data owner is on leave in May, severity: high, owner: dana-okafor}
onboarding_owner: ines-moreau
payment: not-invoiced
contract: drafted
events:
  - {event: opened, at: 2026-03-02T09:00:00+01:00, by: dana-okafor}
  - {event: qualified, at: 2026-03-05T09:00:00+01:00, by: dana-okafor}
  - {event: discovery-held, at: 2026-03-12T10:00:00+01:00, by: dana-okafor}
  - event: audit-completed
    at: 2026-03-26T10:00:00+01:00
    by: dana-okafor
    evidence: Audit sheet of 25 March
  - event: proposal-drafted
    at: 2026-04-07T10:00:00+02:00
    by: dana-okafor
    line_items: [L1]
  - event: approval-given
    at: 2026-04-08T10:00:00+02:00
    by: priya-venkat
    subject: proposal
  - event: approval-given
    at: 2026-04-08T10:05:00+02:00
    by: priya-venkat
    subject: pricing
  - event: approval-given
    at: 2026-04-08T10:10:00+02:00
    by: priya-venkat
    subject: claims
  - event: proposal-sent
    at: 2026-04-09T10:00:00+02:00
    by: dana-okafor
    line_items: [L1]
    follow_up_on: 2026-04-14
    probability: 60
    decision_by: 2026-04-24
  - event: paused
    at: 2026-04-10T12:00:00+02:00
    by: dana-okafor
    what: follow-up
    reason: timing
  - event: resumed
    at: 2026-04-13T12:00:00+02:00
    by: dana-okafor
    what: follow-up
  - event: follow-up-made
    at: 2026-04-14T11:00:00+02:00
    by: dana-okafor
    outcome: They want to start in May
  - event: closed-won
    at: 2026-04-21T12:00:00+02:00
    by: dana-okafor
    commitment: verbal
    sow: not-sent
    expected_signature_on: 2026-04-24
    primary_contact_confirmed: "yes"
    next:
      action: Send the statement of work
      owner: dana-okafor
      due: 2026-04-22T12:00:00+02:00
---

## Discovery notes

Partners are lost between two mailboxes.

## Pain points

Nobody answers within a week.

## Current lead flow

A form, a mailbox, a spreadsheet.

## Decision criteria

Fixed price, finished before the summer.

## Audit evidence

Fourteen of thirty requests were never answered.
"""

KITES_PACKET_HEADER = """\
---
schema: packet/v1
opportunity: zephyr-kites-2026-03-02
primary_contact:
  name: Mina Castellanos
  title: Head of Partnerships
  email: mina@zephyr-kites.example
sow:
  status: verbal
  expected_on: 2026-04-24
price: {currency: EUR, amount_minor: 250000}
delivery_window: {start_on: 2026-05-04, days_at_most: 28}
promises: [P1]
risks: [R1]
exclusions: [X1]
assumptions: [A1]
milestones:
  - id: M1
    text: Draft findings sent
    on: 2026-05-15
    owner: ines-moreau
    promises: [P1]
    risks: [R1]
escalation_contacts:
  - {name: Mina Castellanos, reach: +1 555 0100}
payment: not-invoiced
needed_access: [Read access to the partner portal]
delivery_owner: ines-moreau
filed:
  by: dana-okafor
  at: 2026-04-21T15:30:00+02:00
---
"""

TAKO_TEXT = """\
---
schema: opportunity/v1
company: 凧株式会社
service: assessment
owner: rui-tanaka
source: Referral by a partner
service_fit: partial
urgency: medium
decision_owner: Haru Minami
contact:
  name: Haru Minami
  email: haru@tako-works.example
budget_signal: Asked for a price range
provider_stack: [Spreadsheet]
close_risk: Two offers on the table
events:
  - {event: opened, at: 2026-04-06T09:00:00+02:00, by: rui-tanaka}
  - {event: qualified, at: 2026-04-09T09:00:00+02:00, by: rui-tanaka}
  - event: discovery-held
    at: 2026-04-16T10:00:00+02:00
    by: rui-tanaka
    next:
      action: Collect the audit evidence
      owner: rui-tanaka
      due: 2026-04-28
---

## Discovery notes

They sell through eleven resellers.

## Pain points

Leads are not followed up.

## Current lead flow

Telephone and paper.

## Decision criteria

Effort for their own team.
"""

LOST_TEXT = """\
---
schema: opportunity/v1
company: Paper Lantern & Söhne
owner: dana-okafor
source: Web form
events:
  - {event: opened, on: 2026-02-09, by: dana-okafor}
  - event: closed-lost
    on: 2026-03-20
    by: dana-okafor
    reason: timing
---
"""
