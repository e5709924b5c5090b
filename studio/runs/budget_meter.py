"""Meters a run's use of its team's daily budget and reports when the budget is used up.

Tokens are known when an answer ends, seconds at any time. Both are written to the database every
few seconds, because several runs of one team share one budget.
"""

from __future__ import annotations

import time
from types import TracebackType

from inference.types import Usage
from studio.teams.budgets import read_today, spend

EVERY = 2.0  # seconds between writes


class BudgetMeter:
    def __init__(self, team_id: int) -> None:
        self._team_id = team_id
        self._tokens = 0  # tokens of this run that were already written to the database
        self._used = Usage()
        self._since = self._asked = time.monotonic()
        self._spent = False

    def spent(self, usage: Usage) -> bool:
        """Return True if the team's budget is used up; `usage` is this run's total so far."""
        grown = usage != self._used
        self._used = usage
        if grown or time.monotonic() - self._asked > EVERY:
            self._write()
            now = read_today(self._team_id)
            self._spent = now.no_seconds or now.no_tokens
        return self._spent

    def __enter__(self) -> BudgetMeter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._write()

    def _write(self) -> None:
        now = time.monotonic()
        tokens = self._used.prompt_tokens + self._used.completion_tokens
        spend(team_id=self._team_id, tokens=tokens - self._tokens, seconds=now - self._since)
        self._tokens = tokens
        self._since = now
        self._asked = now
