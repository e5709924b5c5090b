"""Counts what a run uses against its team's budget while it goes on, and notices when that is
spent.

Tokens are known when an answer ends, seconds all the time; both are written down every few seconds,
so that several runs of one team share one budget.
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
        self._tokens = 0  # of the run, written down so far
        self._used = Usage()
        self._since = self._asked = time.monotonic()
        self._spent = False

    def spent(self, usage: Usage) -> bool:
        """Whether the team's budget is over, `usage` being all that this run has used so far."""
        grown, self._used = usage != self._used, usage
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
        now, tokens = time.monotonic(), self._used.prompt_tokens + self._used.completion_tokens
        spend(team_id=self._team_id, tokens=tokens - self._tokens, seconds=now - self._since)
        self._tokens, self._since, self._asked = tokens, now, now
