"""Runs the same action in several threads at the same moment, each on its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from forum.extensions import db
from forum.unit_of_work import transaction


def at_once(app: Flask, *doings: Callable[[], Any]) -> list[Any]:
    """Return what each did or the error it raised, in the order given."""
    gate = threading.Barrier(len(doings))
    results: list[Any] = [None] * len(doings)

    def run(place: int, do: Callable[[], Any]) -> None:
        with app.app_context():
            gate.wait()
            try:
                with transaction():
                    results[place] = do()
            except Exception as error:  # noqa: BLE001 (the test looks at it)
                results[place] = error
            finally:
                db.session.remove()

    threads = [
        threading.Thread(target=run, args=(place, do))
        for place, do in enumerate(doings)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # What this thread read before is an older state of the data.
    db.session.rollback()
    return results
