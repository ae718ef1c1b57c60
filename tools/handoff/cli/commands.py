"""The table of commands: by what people want to do, each with its module.

Modules are imported when they are needed, so that a hook on one file pays for nothing
else.
"""

from collections.abc import Mapping

GROUPS: Mapping[str, Mapping[str, str]] = {
    "Write records": {
        "new": "new",
        "log": "log",
        "file": "file_",
        "ack": "ack",
        "return": "return_",
        "fix": "fix",
        "import": "import_",
    },
    "See where deals stand": {
        "status": "status",
        "board": "board",
        "tasks": "tasks",
        "inbox": "inbox",
        "sla": "sla",
        "daily": "daily",
        "score": "score",
        "client-safe": "client_safe",
    },
    "Check, and know why": {
        "check": "check",
        "explain": "explain",
        "history": "history",
        "blame": "blame",
        "diff": "diff",
        "audit": "audit",
        "policy": "policy_",
        "calendar": "calendar_",
    },
    "Run by the forge": {
        "intake": "intake",
        "desk": "desk",
        "acknowledge": "acknowledge",
        "notify": "notify",
        "ledger": "ledger_",
        "publish": "publish",
    },
    "Set up": {
        "init": "init",
        "upgrade": "upgrade",
        "doctor": "doctor",
        "docs": "docs",
        "lsp": "lsp",
        "completion": "completion",
    },
}

HIDDEN: Mapping[str, str] = {"merge-driver": "merge_driver", "textconv": "textconv"}
"""What git calls; people do not."""

COMMANDS: Mapping[str, str] = {
    name: module
    for group in (*GROUPS.values(), HIDDEN)
    for name, module in group.items()
}
