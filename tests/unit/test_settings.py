# SPDX-License-Identifier: Apache-2.0
"""Settings: every problem at once, no secret shown, a key of its own where none is given."""

from __future__ import annotations

import errno
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import pytest

from bot.__main__ import main
from bot.setting_numbers import NUMBERS
from bot.settings import NAMES, ROOT, Settings, SettingsError, load
from bot.telephone_settings import SWITCHES


def test_every_problem_is_reported_together(tmp_path):
    with pytest.raises(SettingsError) as refused:
        load(
            {
                "FINGERPOST_VAR": str(tmp_path),
                "FINGERPOST_PORT": "eighty",
                "FINGERPOST_AREA": "atlantis",
                "FINGERPOST_SECRET_KEYS": "short",
                "FINGERPOST_PUBLC_URL": "https://example.org",
            }
        )
    assert len(refused.value.problems) == 4


@pytest.mark.parametrize(
    "name, value",
    [
        ("FINGERPOST_PORT", "99999"),
        ("FINGERPOST_PORT", "-1"),
        ("FINGERPOST_PORT", "5005"),  # the assistant's
        ("FINGERPOST_RASA_PORT", "8080"),
        ("FINGERPOST_CONSOLE_URL", "http://staff.example.org"),
        ("FINGERPOST_CONSOLE_URL", "https://staff.example.org/console"),
        ("FINGERPOST_DATABASE_URL", "nonsense"),
        ("FINGERPOST_DATABASE_URL", "mysql://x/y"),
        ("FINGERPOST_DATABASE_URL", "sqlite://"),
        ("FINGERPOST_DATABASE_URL", "postgresql://h:port/d"),
        ("FINGERPOST_KEYS_URL", "postgresql://h/d?application=x"),
        ("FINGERPOST_ROTA", "/nowhere/rota.yml"),
        ("FINGERPOST_SMTP_URL", "mail.example.org"),
        ("FINGERPOST_SMTP_URL", "smtps://mail.example.org"),  # and nobody it comes from
        ("FINGERPOST_WEBHOOK_SECRET", "short"),
        ("FINGERPOST_SENDS", "letters"),
        ("FINGERPOST_NOBODY_AFTER", "nan"),
        ("FINGERPOST_NOBODY_AFTER", "inf"),
        ("FINGERPOST_IDLE_CLOSES_AFTER", "-5"),
        ("FINGERPOST_AUDIT_DIR", "/nowhere/audit"),
        ("FINGERPOST_HIT_HELD_FOR", "4000"),  # 1.1 hours, and people are told whole ones
        ("FINGERPOST_CONSENT_KEPT_FOR", "86400"),  # a day would be told as 0 weeks
        ("FINGERPOST_LEAVE_URL", "javascript:alert(1)"),
        ("FINGERPOST_ON_CALL", "banana"),
        ("FINGERPOST_ON_CALL", "+441172000001,999"),
        ("TWILIO_NUMBER", "0117 234 5678"),
        ("FINGERPOST_SMS_LINE", "yes"),
        ("FINGERPOST_LOG_LEVEL", "loud"),
        ("FINGERPOST_CONVERSATION_RELAY", "yes"),
        ("FINGERPOST_CONVERSATION_RELAY", "on"),  # and no address that Twilio reaches
        ("FINGERPOST_VOICE", "Amy"),
        ("FINGERPOST_VOICE", "Polly.Amy<"),
        ("FINGERPOST_SPEECH_MODEL", "whisper"),
        ("FINGERPOST_INTERPRETER", "01172345678"),
    ],
)
def test_what_cannot_be_used_is_one_line_that_names_it(tmp_path, name, value):
    with pytest.raises(SettingsError) as refused:
        load({"FINGERPOST_VAR": str(tmp_path), name: value})
    (line,) = refused.value.problems
    assert name in line


READ_APART = {
    "var": "it says where the other files lie",
    "secret_keys": "a list, or the machine's own key",
    "twilio_auth_tokens": "a list",
}


def test_a_deployment_can_set_every_field():
    named = {*NAMES.values(), *SWITCHES.values(), *(target for target, _ in NUMBERS.values())}
    assert {field.name for field in fields(Settings)} - named == set(READ_APART)


@pytest.mark.parametrize("name", [name for name, (_, cast) in NUMBERS.items() if cast is float])
def test_every_time_is_read_and_stands_in_the_list_with_its_own_figure(tmp_path, name):
    target = NUMBERS[name][0]
    found = load({"FINGERPOST_VAR": str(tmp_path), name: "7257600"})  # whole weeks
    assert getattr(found, target) == 7257600
    row = f"| `{name}` | {getattr(Settings, target):.0f}"
    assert row in (ROOT / "docs" / "operating.md").read_text()


@pytest.mark.parametrize("command", [["up"], ["chat"], ["call"], ["retain"]])
def test_every_command_says_that_line_and_ends(tmp_path, monkeypatch, capsys, command):
    monkeypatch.setenv("FINGERPOST_VAR", str(tmp_path))
    monkeypatch.setenv("FINGERPOST_PORT", "abc")
    monkeypatch.setattr("bot.logs.configure", lambda: None)
    monkeypatch.setattr("os.umask", lambda _: 0)
    assert main(command) == 2
    assert capsys.readouterr().out == "FINGERPOST_PORT must be a number.\n"


@pytest.mark.parametrize(
    "given, used",
    [
        ("sqlite:////tmp/x.db", "sqlite+aiosqlite:////tmp/x.db"),
        ("postgresql://h/d?sslmode=require", "postgresql+asyncpg://h/d?ssl=require"),
        ("postgresql://u:p%40s@h:5433/d", "postgresql+asyncpg://u:p%40s@h:5433/d"),
    ],
)
def test_an_address_as_others_write_it_is_understood(tmp_path, given, used):
    found = load({"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_DATABASE_URL": given})
    assert found.database_url == used


def test_a_machine_makes_its_own_key_once_and_keeps_it_private(tmp_path):
    first, second = load({"FINGERPOST_VAR": str(tmp_path)}), load({"FINGERPOST_VAR": str(tmp_path)})
    assert first.secret_keys == second.secret_keys
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("left", ["", "\n", "cut-off"])
def test_a_key_that_is_not_whole_is_refused_and_left_alone(tmp_path, left):
    """What is sealed could be opened only by the key that was lost: no new one takes its place."""
    (tmp_path / "secret.key").write_text(left)
    with pytest.raises(SettingsError) as refused:
        load({"FINGERPOST_VAR": str(tmp_path)})
    assert len(refused.value.problems) == 1
    assert (tmp_path / "secret.key").read_text() == left


def test_a_full_disk_leaves_no_key_behind(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(OSError):
            load({"FINGERPOST_VAR": str(tmp_path)})
    assert list(tmp_path.iterdir()) == []
    assert load({"FINGERPOST_VAR": str(tmp_path)}).secret_keys


def test_processes_that_start_together_have_one_key(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        made = pool.map(lambda _: load({"FINGERPOST_VAR": str(tmp_path)}).secret_keys, range(64))
    assert len(set(made)) == 1


def test_secrets_are_not_printed(tmp_path):
    found = load(
        {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_SECRET_KEYS": "s" * 40,
         "TWILIO_AUTH_TOKEN": "tttt", "FINGERPOST_ON_CALL": "+447700900123"}
    )  # fmt: skip
    assert not any(secret in repr(found) for secret in ("sss", "tttt", "7700900123"))


def test_postgresql_urls_get_the_driver_they_need(tmp_path):
    found = load({"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_DATABASE_URL": "postgres://h/d"})
    assert found.database_url == "postgresql+asyncpg://h/d"


def test_a_page_links_to_where_the_console_answers(tmp_path):
    given = {"FINGERPOST_VAR": str(tmp_path), "FINGERPOST_PUBLIC_URL": "https://help.example.org"}
    # The public address answers no console: without one of its own it is on this machine alone.
    assert load(given).queue_url == "http://127.0.0.1:8080/staff"
    staff = given | {"FINGERPOST_CONSOLE_URL": "https://staff.example.org/"}
    assert load(staff).queue_url == "https://staff.example.org/staff"
