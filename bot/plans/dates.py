"""The dates of the plans and the office calendar, as they were read from a data folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.plans import schedule_data
from bot.plans.corpus import Corpus
from bot.plans.deadlines import Schedules
from bot.plans.workdays import DayOverride, Workdays, WorkdayTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """What plans and calendar say, before administrators moved anything."""

    schedules: Schedules
    tables: tuple[WorkdayTable, ...]

    def workdays(self, overrides: Iterable[DayOverride] = ()) -> Workdays:
        """The calendar with what was decided since."""
        return Workdays(self.tables, overrides)


def load(folder: Path, corpus: Corpus) -> Dates:
    """Both of a data folder.

    Raises:
        DataError: a file is wrong.
    """
    return Dates(
        schedules=schedule_data.load(folder, corpus), tables=schedule_data.load_workdays(folder)
    )
