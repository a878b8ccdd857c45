"""Settings are documented, and bad ones stop the start."""

import re
from pathlib import Path

import pytest

from agent_assist.core.errors import SetupRefused
from agent_assist.settings import ROOT, read_settings


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    documented = re.findall(
        r"^\| `(\w+)`", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    code = (ROOT / "agent_assist" / "settings" / "__init__.py").read_text(encoding="utf-8")

    assert sorted(documented) == sorted(
        set(re.findall(r'"(AGENT_ASSIST_\w+[A-Z]|HOST|PORT)"', code))
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "eighty"),
        ("PORT", "-1"),
        ("PORT", "\u0668\u0660"),
        ("AGENT_ASSIST_THREADS", "0"),
        ("AGENT_ASSIST_WORKERS", "1.5"),
        ("AGENT_ASSIST_LOG_LEVEL", "LOUD"),
        ("AGENT_ASSIST_DATABASE_URL", "mysql://localhost/x"),
        ("AGENT_ASSIST_DATABASE_URL", "sqlite:///:memory:"),
        ("AGENT_ASSIST_DATABASE_URL", "postgres://localhost/x"),
        ("AGENT_ASSIST_DATABASE_URL", "sqlite:///relative.db"),
        ("AGENT_ASSIST_DATABASE_URL", "sqlite:////"),
        ("AGENT_ASSIST_DATABASE_URL", "postgresql://a:pass word@h/y"),
        ("AGENT_ASSIST_DATABASE_URL", "postgresql://a:p@h:x/y"),
        ("AGENT_ASSIST_DATABASE_URL", "postgresql://a:p@h"),
        ("AGENT_ASSIST_KEEP_TEXTS", "maybe"),
        ("AGENT_ASSIST_SECOND_FACTOR", "yes"),
        ("AGENT_ASSIST_STEP_UP_MINUTES", "0"),
        ("AGENT_ASSIST_OIDC_ISSUER", "http://id.example"),
        ("AGENT_ASSIST_OIDC_SCOPES", "profile"),
        ("AGENT_ASSIST_OIDC_GROUPS", "/nowhere/groups.toml"),
        ("AGENT_ASSIST_ENCODER", "/dev/null/encoder"),
        ("AGENT_ASSIST_DATABASE_URL", "sqlite:////tmp/x.db?mode=ro"),
        ("AGENT_ASSIST_DATA", "~nobody-of-this-name/data"),
        ("HOST", "999.1.1.1"),
        ("HOST", "a b"),
        ("HOST", "http://x"),
        ("AGENT_ASSIST_DATBASE_URL", "sqlite:////tmp/x.db"),
    ],
)
def test_a_bad_or_misspelt_setting_stops_the_start_and_is_named(name: str, value: str) -> None:
    with pytest.raises(SetupRefused, match=name):
        read_settings({name: value})


def test_all_bad_settings_are_named_at_once() -> None:
    with pytest.raises(SetupRefused, match=r"PORT.*AGENT_ASSIST_THREADS"):
        read_settings({"PORT": "x", "AGENT_ASSIST_THREADS": "x"})


def test_a_path_that_leads_in_a_circle_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to(tmp_path / "circle")

    with pytest.raises(SetupRefused, match="AGENT_ASSIST_MODELS must be a path"):
        read_settings({"AGENT_ASSIST_MODELS": str(tmp_path / "circle")})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "1" * 5_000, "a whole number from 1 to 65535"),
        ("AGENT_ASSIST_DATABASE_URL", "postgresql://[::1/n", "like postgresql://"),
    ],
)
def test_a_refusal_says_what_to_put_there_whatever_was_put(
    name: str, value: str, words: str
) -> None:
    with pytest.raises(SetupRefused, match=f"{name} must be {words}"):
        read_settings({name: value})


def test_an_ipv6_address_is_listened_on_in_brackets() -> None:
    assert read_settings({"HOST": "::1"}).address == "[::1]:8000"
    assert read_settings({"HOST": "127.0.0.1"}).address == "127.0.0.1:8000"


def test_an_empty_setting_is_an_unset_one() -> None:
    assert read_settings({"PORT": ""}).port == 8000


def test_a_plain_postgresql_address_is_served_by_psycopg() -> None:
    settings = read_settings({"AGENT_ASSIST_DATABASE_URL": "postgresql://u@h/n"})

    assert settings.database_url == "postgresql+psycopg://u@h/n"
