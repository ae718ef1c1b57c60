"""Which scopes the Slack token has, and which it needs."""

from collections.abc import Iterator

from handoff.connectors.http import Request, Send
from handoff.model.checkup import Health, Symptom

SCOPES = {
    "chat:write": "to post",
    "channels:history": "to find a post again whose answer was lost",
    "im:write": "to write to a person",
    "users:read.email": "to find a person by address",
}
_PUBLIC = "https://slack.com/api/"


def check_slack(name: str, token: str, send: Send, url: str = "") -> Iterator[Symptom]:
    """Ask Slack what a token may do.

    Args:
        name: of the channel in policy.
        token: of the bot.
        send: how requests go out.
        url: address of the API; the public one if empty.
    """
    area = f"channel {name}"
    headers = {"Authorization": f"Bearer {token}"}
    answer = send(Request("POST", f"{url or _PUBLIC}auth.test", headers))
    listed = answer.headers.get("x-oauth-scopes", "")
    given = {scope.strip() for scope in listed.split(",")}
    if not listed:
        said, hint = "Slack does not accept the token", "Install the app anew, copy it."
        yield Symptom(area, Health.OFF, said, hint)
        return
    for scope, use in SCOPES.items():
        if scope in given:
            yield Symptom(area, Health.OK, f"scope {scope}, {use}")
        else:
            hint = f"Add the scope `{scope}` to the app, and install it anew."
            yield Symptom(area, Health.OFF, f"no scope {scope}, {use}", hint)
