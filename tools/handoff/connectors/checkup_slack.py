"""Which scopes the Slack token has, and which it needs."""

from collections.abc import Iterator

from handoff.connectors.http import Request, Send
from handoff.model.checkup import Health, Symptom
from handoff.policy.channels import Channel

_POST = {"chat:write": "to post"}
_ROOM = {"channels:history": "to find a post again whose answer was lost"}
_PERSON = {
    "im:write": "to write to a person",
    "im:history": "to find a message again whose answer was lost",
    "users:read.email": "to find a person by address",
}
_INSTEAD = {"channels:history": "groups:history"}
"""What does in a private channel."""

_PUBLIC = "https://slack.com/api/"


def check_slack(
    channel: Channel, token: str, send: Send, url: str = ""
) -> Iterator[Symptom]:
    """Ask Slack what a token may do.

    Args:
        channel: of policy.
        token: of the bot.
        send: how requests go out.
        url: address of the API; the public one if empty.
    """
    area = f"channel {channel.name}"
    headers = {"Authorization": f"Bearer {token}"}
    answer = send(Request("POST", f"{url or _PUBLIC}auth.test", headers))
    listed = answer.headers.get("x-oauth-scopes", "")
    given = {scope.strip() for scope in listed.split(",")}
    if not listed:
        said, hint = "Slack does not accept the token", "Install the app anew, copy it."
        yield Symptom(area, Health.OFF, said, hint)
        return
    for scope, use in {**_POST, **(_PERSON if channel.is_personal else _ROOM)}.items():
        if given & {scope, _INSTEAD.get(scope, scope)}:
            yield Symptom(area, Health.OK, f"scope {scope}, {use}")
        else:
            hint = f"Add the scope `{scope}` to the app, and install it anew."
            yield Symptom(area, Health.OFF, f"no scope {scope}, {use}", hint)
