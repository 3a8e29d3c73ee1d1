"""Every setting: name, type, default, meaning. The only reader of the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones


class BadSetting(Exception):
    """A setting cannot be used; the message names it, its value and what would do."""


@dataclass(frozen=True)
class Setting:
    """One setting, as `docs/operations.md` lists it."""

    name: str
    kind: str
    default: str
    meaning: str
    parse: Callable[[str], Any]


def _text(value: str) -> str:
    return value


def _flag(value: str) -> bool:
    known = {
        "1": True,
        "yes": True,
        "true": True,
        "0": False,
        "no": False,
        "false": False,
    }
    if value.lower() not in known:
        raise ValueError("say yes or no")
    return known[value.lower()]


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return parse


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in choices:
            raise ValueError("one of " + ", ".join(choices))
        return value

    return parse


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value and value.split("://")[0].split("+")[0] not in schemes:
            raise ValueError("an address beginning with " + " or ".join(schemes))
        return value.rstrip("/")

    return parse


def _zone(value: str) -> ZoneInfo:
    if value not in available_timezones():
        raise ValueError("a time zone such as Europe/Vienna")
    return ZoneInfo(value)


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "FORUM_DATA", "folder", "data", "Where database, files and mail live.", Path
    ),
    Setting(
        "FORUM_DATABASE_URL",
        "address",
        "",
        "PostgreSQL (`postgresql://…`) or SQLite; "
        "empty is `forum.db` in the data folder.",
        _url("postgresql", "sqlite"),
    ),
    Setting(
        "FORUM_REDIS_URL",
        "address",
        "",
        "Redis for the schedule and rate limits; empty keeps both on this machine.",
        _url("redis", "rediss"),
    ),
    Setting(
        "FORUM_SECRET_KEY",
        "text",
        "",
        "Signs cookies and links; empty makes one and keeps it in `secret.key`.",
        _text,
    ),
    Setting(
        "FORUM_SITE_URL",
        "address",
        "http://127.0.0.1:8000",
        "How people reach the forum; used in mail and invitation links.",
        _url("http", "https"),
    ),
    Setting(
        "FORUM_BIND", "host:port", "127.0.0.1:8000", "Where the web listens.", _text
    ),
    Setting("FORUM_WEB_PROCESSES", "number", "2", "Web processes.", _whole(1, 64)),
    Setting(
        "FORUM_WEB_THREADS", "number", "4", "Threads a web process.", _whole(1, 64)
    ),
    Setting(
        "FORUM_TRUSTED_PROXIES",
        "number",
        "0",
        "How many proxies in front may name the visitor's address.",
        _whole(0, 5),
    ),
    Setting(
        "FORUM_DEMO",
        "yes/no",
        "no",
        "Offer “Continue as …” buttons instead of passwords. Never on real data.",
        _flag,
    ),
    Setting(
        "FORUM_SMTP_HOST", "host", "", "Mail server; empty writes .eml files.", _text
    ),
    Setting("FORUM_SMTP_PORT", "number", "587", "Its port.", _whole(1, 65535)),
    Setting("FORUM_SMTP_USER", "text", "", "Its user, if it wants one.", _text),
    Setting("FORUM_SMTP_PASSWORD", "text", "", "Its password.", _text),
    Setting(
        "FORUM_SMTP_SECURITY",
        "choice",
        "starttls",
        "`starttls`, `tls` or `none`.",
        _one_of("starttls", "tls", "none"),
    ),
    Setting(
        "FORUM_MAIL_FROM",
        "address",
        "Commonplace <forum@localhost>",
        "Sender of every mail.",
        _text,
    ),
    Setting(
        "FORUM_UPLOAD_MB", "number", "20", "Largest file, in MiB.", _whole(1, 1024)
    ),
    Setting(
        "FORUM_SESSION_DAYS",
        "number",
        "30",
        "Days until somebody has to log in again.",
        _whole(1, 365),
    ),
    Setting("FORUM_LANGUAGE", "code", "en", "Language of the interface.", _text),
    Setting("FORUM_TIMEZONE", "name", "UTC", "Time zone of dates on pages.", _zone),
    Setting(
        "FORUM_LOG_LEVEL",
        "choice",
        "info",
        "`debug`, `info`, `warning` or `error`.",
        _one_of("debug", "info", "warning", "error"),
    ),
)


def load(
    given: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return every setting, read from `given` first, then from the environment.

    Raises BadSetting with one line for each setting that cannot be used, and for a
    `FORUM_…` variable that no setting has: a typing mistake must not pass in silence.
    """
    given = dict(given or {})
    environ = os.environ if environ is None else environ
    known = {setting.name for setting in SETTINGS}
    problems = [
        f"{name} is not a setting of the forum"
        for name in sorted({*environ, *given})
        if name.startswith("FORUM_") and name not in known
    ]
    values: dict[str, Any] = {k: v for k, v in given.items() if k not in known}
    for setting in SETTINGS:
        raw = given.get(setting.name, environ.get(setting.name, setting.default))
        try:
            values[setting.name] = setting.parse(str(raw))
        except ValueError as problem:
            problems.append(f"{setting.name} is {raw!r}; it has to be {problem}")
    if problems:
        raise BadSetting("\n".join(problems))
    return values


def flask_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """Derive what Flask and its extensions want from the forum's settings."""
    data: Path = values["FORUM_DATA"].absolute()
    secure = values["FORUM_SITE_URL"].startswith("https://")
    prefix = "__Host-" if secure else ""
    database = values["FORUM_DATABASE_URL"] or f"sqlite:///{data / 'forum.db'}"
    return {
        **values,
        "FORUM_DATA": data,
        "SECRET_KEY": values["FORUM_SECRET_KEY"] or kept_secret(data),
        "SQLALCHEMY_DATABASE_URI": with_driver(database),
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": "postgresql" in database},
        "SESSION_COOKIE_NAME": f"{prefix}commonplace",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": values["FORUM_SESSION_DAYS"] * 86_400,
        "MAX_CONTENT_LENGTH": (values["FORUM_UPLOAD_MB"] + 4) * 2**20,
        # The longest text (2 MiB of letters), percent-encoded by a form.
        "MAX_FORM_MEMORY_SIZE": 8 * 2**20,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "BABEL_DEFAULT_LOCALE": values["FORUM_LANGUAGE"],
        "RATELIMIT_STORAGE_URI": values["FORUM_REDIS_URL"] or "memory://",
        "RATELIMIT_HEADERS_ENABLED": False,
    }


def with_driver(address: str) -> str:
    """Name psycopg 3 in a plain `postgresql://` address."""
    return address.replace("postgresql://", "postgresql+psycopg://", 1)


def kept_secret(data: Path) -> str:
    """Return the secret of this data folder, making it at the first start.

    Written aside and linked into place: of two processes that start at once, one wins
    and both read the same secret.
    """
    target = data / "secret.key"
    if not target.exists():
        data.mkdir(parents=True, exist_ok=True)
        draft = data / f".secret-{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            target.hardlink_to(draft)
        except FileExistsError:
            return target.read_text()
        finally:
            draft.unlink()
    return target.read_text()
