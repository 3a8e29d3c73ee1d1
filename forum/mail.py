"""The only door to SMTP. Without a mail server, mails become .eml files."""

from __future__ import annotations

import contextlib
import re
import secrets
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import current_app

from forum import clock

TIMEOUT_SECONDS = 15
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Letter(Protocol):
    """What a mail says and to whom."""

    @property
    def to(self) -> str:
        """The receiver's address."""

    @property
    def subject(self) -> str:
        """One line."""

    @property
    def text(self) -> str:
        """The words, for readers that show no HTML."""

    @property
    def html(self) -> str:
        """The same words as a page; empty sends only the text."""


class BadAddress(ValueError):
    """An address that no mail can be sent to."""


def send(letter: Letter, *, key: str) -> None:
    """Send one mail, or write it to `mail/<key>.eml` when no server is set.

    `key` is the same at every attempt to send the same mail. Raises
    smtplib.SMTPException or OSError when the server does not take it.
    """
    settings = current_app.config
    message = compose(letter, key=key, settings=settings)
    if settings["FORUM_SMTP_HOST"]:
        _hand_over(message, settings)
    else:
        _write_down(message, settings["FORUM_DATA"] / "mail" / f"{key}.eml")


def compose(letter: Letter, *, key: str, settings: Any) -> EmailMessage:
    """Return the mail as it goes out. No word in it can become a header."""
    host = urlsplit(settings["FORUM_SITE_URL"]).hostname or "localhost"
    message = EmailMessage(policy=SMTP)
    message["From"] = address_of(settings["FORUM_MAIL_FROM"])
    message["To"] = address_of(letter.to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{one_line(key)}@{host}>"
    # Nobody's holiday notice should answer a machine.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    return message


def address_of(text: str) -> Address:
    """Return a mail address with or without a name; BadAddress for anything else."""
    # Not `parseaddr`: it takes a colon in a name for the beginning of a group.
    name, bracket, rest = one_line(text).rpartition("<")
    spec = rest.removesuffix(">") if bracket else rest
    try:
        return Address(display_name=name.strip(' "'), addr_spec=spec)
    except Exception as problem:  # the parser of addresses raises many kinds
        raise BadAddress("this is no mail address") from problem


def one_line(text: str) -> str:
    """Return text without line ends and control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def connect(settings: Any) -> smtplib.SMTP:
    """Return a connection to the mail server, encrypted and logged in as set."""
    host, port = settings["FORUM_SMTP_HOST"], settings["FORUM_SMTP_PORT"]
    security = settings["FORUM_SMTP_SECURITY"]
    if security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    try:
        if security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings["FORUM_SMTP_USER"]:
            server.login(settings["FORUM_SMTP_USER"], settings["FORUM_SMTP_PASSWORD"])
    except BaseException as problem:
        if isinstance(problem, smtplib.SMTPException):
            # Say good-bye; a server that has hung up already need not hear it.
            with contextlib.suppress(smtplib.SMTPServerDisconnected):
                server.quit()
        server.close()
        raise
    return server


def _hand_over(message: EmailMessage, settings: Any) -> None:
    with connect(settings) as server:
        server.send_message(message)


def _write_down(message: EmailMessage, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{secrets.token_hex(8)}")
    draft.touch(mode=0o600)  # it holds a link that lets somebody in
    draft.write_bytes(message.as_bytes())
    draft.replace(target)
