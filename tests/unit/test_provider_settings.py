"""The settings of an identity provider: all of them, or a sentence that says what is wrong."""

from pathlib import Path

import pytest

from agent_assist.core.errors import SetupRefused
from agent_assist.core.groups import GroupRule
from agent_assist.settings import read_settings

SET = {
    "AGENT_ASSIST_OIDC_ISSUER": "https://id.example.com/realms/a",
    "AGENT_ASSIST_OIDC_CLIENT_ID": "assist",
    "AGENT_ASSIST_OIDC_CLIENT_SECRET": "secret",
}
GROUPS = """
[[groups]]
name = "cc-seniors"
level = "senior"
team = "t-2"

[[groups]]
name = "cc-admins"
admin = true
"""


def test_provider_is_read_with_what_its_groups_give(tmp_path: Path) -> None:
    path = tmp_path / "groups.toml"
    path.write_text(GROUPS, "utf-8")

    provider = read_settings({**SET, "AGENT_ASSIST_OIDC_GROUPS": str(path)}).provider

    assert provider is not None
    assert provider.issuer == "https://id.example.com/realms/a"
    assert provider.scopes == ("openid", "profile")
    assert provider.groups == (
        GroupRule("cc-seniors", "senior", "t-2"), GroupRule("cc-admins", admin=True),
    )  # fmt: skip


def test_there_is_none_without_an_issuer() -> None:
    assert read_settings({}).provider is None


@pytest.mark.parametrize("name", ["AGENT_ASSIST_OIDC_CLIENT_ID", "AGENT_ASSIST_OIDC_CLIENT_SECRET"])
def test_issuer_needs_a_client(name: str) -> None:
    with pytest.raises(SetupRefused, match=f"needs {name} as well"):
        read_settings({key: text for key, text in SET.items() if key != name})


@pytest.mark.parametrize(
    "text",
    [
        "", "groups = 1", "[[groups]]", "[[groups]]\nname = 'a'", "[[groups]]\nlevel = 'senior'",
        "[[groups]]\nname = 'a'\nlevel = 1", "[[groups]]\nname = 'a'\nadmin = 'yes'",
        "[[groups]]\nname = 'a'\nadmin = true\nmore = 1", "[[groups]\n", "other = 1",
    ],
)  # fmt: skip
def test_groups_that_say_nothing_stop_the_start(tmp_path: Path, text: str) -> None:
    path = tmp_path / "groups.toml"
    path.write_text(text, "utf-8")

    with pytest.raises(SetupRefused, match="AGENT_ASSIST_OIDC_GROUPS"):
        read_settings({**SET, "AGENT_ASSIST_OIDC_GROUPS": str(path)})
