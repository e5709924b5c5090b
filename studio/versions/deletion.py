"""Services that delete single versions and bring them back. The numbers of the others stay."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from studio.runs.models import Attempt, Run
from studio.runs.selectors import find_best_attempt
from studio.runs.services import record_activity
from studio.runs.version_numbers import Version, is_last_accepted, list_versions
from studio.teams.errors import TeamError
from studio.teams.models import User

ACTIVE = (Run.State.QUEUED, Run.State.RUNNING)
# Of Export.State, which is not imported here: an app imports only earlier ones.
PENDING_EXPORTS = ("queued", "running", "planned")
DIGITS = 4  # of scores in a report


def delete_version(*, attempt: Attempt, by: User | None) -> int:
    """Hide the version until `undelete_version` or `purge`; return its number.

    The next best version of its run takes its place. Runs that continued it, comments and exports of it
    stay. Raises TeamError while something works on it, for the last version of a family that was kept,
    and for an attempt that is no version: without a picture, or deleted already.
    """
    with transaction.atomic():
        _lock_family(attempt.run)
        versions = list_versions(attempt.run.family)
        number = _find_number(attempt, versions)
        _check_deletable(attempt, number, versions)
        Attempt.objects.filter(pk=attempt.pk).update(deleted_at=timezone.now())
        _refresh_report(attempt.run)
        record_activity(attempt.run, by, gettext_noop("deleted a version of"), f"(v{number})")
    return number


def undelete_version(*, attempt: Attempt, by: User | None) -> None:
    """Bring back a deleted version. Raises TeamError if `purge` has emptied it."""
    with transaction.atomic():
        _lock_family(attempt.run)
        changed = Attempt.objects.filter(pk=attempt.pk).exclude(bundle="").update(deleted_at=None)
        if not changed:
            raise TeamError(gettext("This version was deleted for good."))
        _refresh_report(attempt.run)
        number = _find_number(attempt, list_versions(attempt.run.family))
        record_activity(attempt.run, by, gettext_noop("brought back a version of"), f"(v{number})")


def _lock_family(run: Run) -> None:
    """Wait for other changes of the family's versions: two deletions must not each take the other's
    version for the one that stays.
    """
    Run.objects.select_for_update().get(pk=run.family)


def _find_number(attempt: Attempt, versions: list[Version]) -> int:
    number = next((each.number for each in versions if each.attempt.pk == attempt.pk), None)
    if number is None:
        raise TeamError(gettext("There is no such version of this run."))
    return number


def _check_deletable(attempt: Attempt, number: int, versions: list[Version]) -> None:
    """Raise TeamError with the reason if the version cannot be deleted now."""
    reason = ""
    if Run.objects.filter(pk=attempt.run_id, state__in=ACTIVE).exists():
        reason = gettext("The run that makes v{number} is not over: stop it first.")
    elif attempt.revisions.filter(state__in=ACTIVE, deleted_at=None).exists():
        reason = gettext("A run is changing v{number}: wait until it is over, or stop it.")
    elif attempt.exports.filter(state__in=PENDING_EXPORTS).exists():
        reason = gettext("An export of v{number} is not over: push it or cancel it first.")
    elif is_last_accepted(attempt, versions):
        reason = gettext(
            "v{number} is the last version that was kept: restore another one first, or delete the "
            "whole run."
        )
    if reason:
        raise TeamError(reason.format(number=number))


def _refresh_report(run: Run) -> None:
    """Write the scores of the best version that is left into the run's report, if it has one."""
    stored = Run.objects.get(pk=run.pk)
    if not stored.report:
        return
    best = find_best_attempt(stored)
    scores = {
        "best": best.number if best else None,
        "likeness": _round(best.likeness) if best else None,
        "parts": best.parts if best else {},
        "quality": _round(best.quality) if best else None,
        "quality_parts": best.quality_parts if best else {},
        "differences": [each["words"] for each in best.differences] if best else [],
    }
    Run.objects.filter(pk=run.pk).update(report={**stored.report, **scores})


def _round(score: float | None) -> float | None:
    return None if score is None else round(score, DIGITS)
