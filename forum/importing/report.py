"""What an import says afterwards: one line for each file or record, and the sums."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import structlog
from flask_babel import gettext, ngettext

from forum.importing.records import EntryRecord, Params, ReasonKey, Refused, Warning
from forum.importing.words import sentence

_log = structlog.get_logger(__name__)
Outcome = Literal["taken", "updated", "untouched", "skipped", "refused"]


@dataclass(frozen=True)
class FileReport:
    """What became of one record. `noun` and `noun_id` name what it is here."""

    source_id: str
    path: str
    outcome: Outcome
    reason: ReasonKey | None = None
    params: Params = field(default_factory=dict)
    warnings: Sequence[Warning] = ()
    missing: Sequence[str] = ()
    noun: str = ""
    noun_id: int | None = None
    replies: int = 0

    @staticmethod
    def of_refused(refused: Refused) -> FileReport:
        """What a reader did not take."""
        return FileReport(
            refused.source_id,
            refused.path,
            "refused",
            refused.reason_key,
            refused.params,
        )

    def as_json(self, site_url: str) -> dict[str, Any]:
        """The line as it stands in the file, keys beside sentences."""
        is_entry = self.noun == "entry"
        return {
            "source_id": self.source_id,
            "path": self.path,
            "outcome": self.outcome,
            "reason": self.reason,
            "reason_text": sentence(self.reason, self.params) if self.reason else None,
            "warnings": [
                {
                    "key": warning.key,
                    "params": dict(warning.params),
                    "text": sentence(warning.key, warning.params),
                }
                for warning in self.warnings
            ],
            "missing_fields": list(self.missing),
            "became": self.noun or None,
            "entry_id": self.noun_id if is_entry else None,
            "replies": self.replies,
            "url": f"{site_url}/entries/{self.noun_id}" if is_entry else None,
        }


def unexpected(record: EntryRecord, error: Exception) -> FileReport:
    """What is said of a record that led to a mistake of the forum's own."""
    _log.warning("import.unexpected", source_id=record.source_id, exc_info=error)
    return FileReport(
        record.source_id,
        record.path,
        "refused",
        "unexpected",
        {"type": type(error).__name__},
        warnings=record.warnings,
    )


@dataclass
class Report:
    """Everything that one run did."""

    files: list[FileReport] = field(default_factory=list)
    read: int = 0
    seconds: float = 0.0

    @property
    def replies(self) -> int:
        """How many answers and comments came along."""
        return sum(file.replies for file in self.files)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many files had each outcome."""
        return Counter(file.outcome for file in self.files)

    @property
    def read_nothing(self) -> bool:
        """Whether not one record could be read."""
        return self.read == 0

    def write(self, path: Path, site_url: str) -> None:
        """Write the report for each file as JSON."""
        whole = {
            "counts": dict(self.counts),
            "replies": self.replies,
            "seconds": round(self.seconds, 2),
            "files": [file.as_json(site_url) for file in self.files],
        }
        text = json.dumps(whole, ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")

    def summary(self) -> Iterator[str]:
        """The sums, and the commonest reasons and warnings, in sentences."""
        counts = self.counts
        yield gettext(
            "%(taken)s taken, %(updated)s updated, %(untouched)s untouched, "
            "%(skipped)s skipped, %(refused)s refused, in %(seconds)s seconds.",
            seconds=round(self.seconds, 1),
            **{
                name: counts.get(name, 0)
                for name in ("taken", "updated", "untouched", "skipped", "refused")
            },
        )
        if self.replies:
            yield ngettext(
                "%(num)s answer or comment came along.",
                "%(num)s answers and comments came along.",
                self.replies,
            )
        incomplete = sum(1 for file in self.files if file.missing)
        if incomplete:
            yield ngettext(
                "%(num)s entry lacks what its template asks for; "
                "whoever edits it next will be asked.",
                "%(num)s entries lack what their templates ask for; "
                "whoever edits them next will be asked.",
                incomplete,
            )
        told = {file.reason: file.params for file in self.files if file.reason}
        for reason, number in Counter(
            file.reason for file in self.files if file.reason
        ).most_common():
            yield f"{number} × {sentence(reason, told[reason])}"
