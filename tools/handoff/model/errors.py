"""The one exception a user can see: the environment, not a record, is wrong."""


class HandoffError(Exception):
    """Evaluation is impossible here (exit code 3).

    Attributes:
        message: what is wrong, one sentence without a full stop.
        hint: what to do, a full sentence.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
