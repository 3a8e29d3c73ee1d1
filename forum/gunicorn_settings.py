"""What gunicorn is told when `forum serve` starts it."""

from __future__ import annotations

import os
import signal
from typing import Any

# Names in here are gunicorn's settings; `config` is one of them.
from forum.config import load as _load

_settings = _load()

worker_class = "gthread"
workers = _settings["FORUM_WEB_PROCESSES"]
threads = _settings["FORUM_WEB_THREADS"]
preload_app = False
# A page that takes longer has lost its reader; its process is replaced.
timeout = 60
graceful_timeout = 20
keepalive = 15
forwarded_allow_ips = "*" if _settings["FORUM_TRUSTED_PROXIES"] else "127.0.0.1"
control_socket_disable = True
loglevel = "warning"

PARENT_EVERY_SECONDS = 1.0


def on_starting(arbiter: Any) -> None:
    """Leave when the process that started this one is gone, even by kill -9.

    A timer's signal, not a thread: processes are forked from here.
    """
    parent = int(arbiter.cfg.proc_name.partition(":")[2])

    def look(_number: int, _frame: Any) -> None:
        if os.getppid() != parent:
            signal.setitimer(signal.ITIMER_REAL, 0)
            os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, PARENT_EVERY_SECONDS, PARENT_EVERY_SECONDS)


def post_fork(_arbiter: Any, _worker: Any) -> None:
    """A web process has its own way of noticing that it was left alone."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
