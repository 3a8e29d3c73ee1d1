"""Mails reach a real server, or lie in a folder; no word becomes a header."""

from __future__ import annotations

import email
import email.policy
import smtplib
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, cast

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from flask import Flask

from forum import clock, events, mail, notifications, outbox
from forum.extensions import db
from forum.models import OutboxRow, OutboxState
from forum.unit_of_work import transaction
from tests import factories


@dataclass(frozen=True)
class Letter:
    to: str = "Zoë Ångström <zoe@example.com>"
    subject: str = "Grüße ☃ from the forum"
    text: str = "Open this: https://forum.example/x\nBis bald — Jo"
    html: str = "<p>Bis bald — Jo</p>"


class Inbox:
    """A mail server that keeps what it gets."""

    def __init__(self, **options: Any) -> None:
        self.got: list[EmailMessage] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.controller = Controller(
            self, hostname="127.0.0.1", port=self.port, **options
        )

    async def handle_DATA(self, _s: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        parsed = email.message_from_bytes(
            cast(bytes, envelope.content), policy=email.policy.default
        )
        self.got.append(parsed)
        return "250 OK"

    @property
    def settings(self) -> dict[str, str]:
        return {
            "FORUM_SMTP_HOST": "127.0.0.1",
            "FORUM_SMTP_PORT": str(self.port),
            "FORUM_SMTP_SECURITY": "none",
        }


@pytest.fixture
def make_inbox() -> Iterator[Callable[..., Inbox]]:
    made: list[Inbox] = []

    def make(**options: Any) -> Inbox:
        made.append(Inbox(**options))
        made[-1].controller.start()
        return made[-1]

    yield make
    time.sleep(0.2)  # the server notices who has hung up before it goes
    for inbox in made:
        inbox.controller.stop()


def test_a_mail_reaches_the_server(
    make_inbox: Callable[..., Inbox], make_bare: Callable[..., Flask]
) -> None:
    inbox = make_inbox()
    with make_bare(**inbox.settings).app_context():
        mail.send(Letter(), key="7-mail_invitation-1")
    (got,) = inbox.got
    assert got["Subject"] == "Grüße ☃ from the forum"
    assert got["To"].addresses[0].display_name == "Zoë Ångström"
    assert got["To"].addresses[0].addr_spec == "zoe@example.com"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Message-ID"] == "<7-mail_invitation-1@127.0.0.1>"
    assert got["Date"] is not None
    assert "Bis bald — Jo" in got.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "<p>" in got.get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_without_a_server_mails_lie_in_the_data_folder(bare: Flask) -> None:
    with bare.app_context():
        mail.send(Letter(), key="7-x")
        mail.send(Letter(), key="7-x")  # sent again: still one
    (file,) = (bare.config["FORUM_DATA"] / "mail").iterdir()
    assert file.name == "7-x.eml"
    assert file.stat().st_mode & 0o077 == 0
    got = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert got["Subject"] == "Grüße ☃ from the forum"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x85", "\0"])
def test_no_word_becomes_a_header(bare: Flask, end: str) -> None:
    letter = Letter(
        to=f"Zoë{end}Bcc: all@example.com <zoe@example.com>",
        subject=f"Hello{end}Bcc: all@example.com{end}{end}<script>" + "ü" * 300,
    )
    with bare.app_context():
        try:
            made = mail.compose(letter, key=f"1{end}Bcc: x", settings=bare.config)
        except mail.BadAddress:
            return
    got = email.message_from_bytes(made.as_bytes(), policy=email.policy.default)
    assert got["Bcc"] is None
    assert [a.addr_spec for a in got["To"].addresses] == ["zoe@example.com"]


@pytest.mark.parametrize("to", ["", "nobody", "a@b@c", "two words@example.com", "<>"])
def test_what_is_no_address_is_refused(bare: Flask, to: str) -> None:
    with bare.app_context(), pytest.raises(mail.BadAddress):
        mail.compose(Letter(to=to), key="1", settings=bare.config)


def test_a_server_that_refuses_the_log_in_is_asked_again_later(
    make_inbox: Callable[..., Inbox],
    make_bare: Callable[..., Flask],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken = {"password": b"right"}

    def check(_s: Any, _session: Any, _e: Any, _mech: Any, data: Any) -> AuthResult:
        return AuthResult(success=data.password == taken["password"], handled=False)

    inbox = make_inbox(authenticator=check, auth_require_tls=False)
    app = make_bare(
        **inbox.settings, FORUM_SMTP_USER="forum", FORUM_SMTP_PASSWORD="wrong"
    )
    monkeypatch.setattr(notifications, "mails_for", lambda _name, _event: [Letter()])
    monkeypatch.setitem(events.REACTIONS, "person.added", ("mail_invitation",))
    with app.app_context():
        person = factories.person()
        with transaction():
            events.record("person.added", person, person)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            mail.send(Letter(), key="1")
        outbox.drain(app)
        db.session.close()
        row = db.session.scalars(sa.select(OutboxRow)).one()
        assert row.state is OutboxState.WAITING
        assert row.error.startswith("SMTPAuthenticationError")
        assert inbox.got == []
        taken["password"] = b"wrong"  # the server has learned it meanwhile
        with transaction():
            db.session.execute(sa.update(OutboxRow).values(due_at=clock.now()))
        outbox.drain(app)
        db.session.close()
        row = db.session.scalars(sa.select(OutboxRow)).one()
        assert row.state is OutboxState.DONE
    assert len(inbox.got) == 1


def test_starttls_is_never_left_out(
    make_inbox: Callable[..., Inbox], make_bare: Callable[..., Flask]
) -> None:
    inbox = make_inbox()  # offers no encryption
    app = make_bare(**{**inbox.settings, "FORUM_SMTP_SECURITY": "starttls"})
    with app.app_context(), pytest.raises(smtplib.SMTPNotSupportedError):
        mail.send(Letter(), key="1")
    assert inbox.got == []
