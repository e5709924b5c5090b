"""The files of teams: stored and counted here, so that none is forgotten and no team fills the
disk.

A file is kept as long as a row names it. Rows name files in `FileField`s; every model that has one
says to which team it belongs (`TEAM`, as `access` reads it).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import FileField, Model, Sum
from django.utils import timezone

from studio.teams.errors import TeamError
from studio.teams.models import StoredFile, Team

SETTLED = timedelta(days=1)  # after this, a file that no row names is nobody's
AT_ONCE = 500  # names in one query


def store_file(*, team_id: int, name: str, data: bytes) -> str:
    """Store the file for the team; returns its name, which differs where that one was taken."""
    stored = default_storage.save(name, ContentFile(data))
    count_file(team_id=team_id, name=stored, size=len(data))
    return stored


def count_file(*, team_id: int, name: str, size: int) -> None:
    """Count a file that is there against the team's storage, once."""
    StoredFile.objects.update_or_create(team_id=team_id, name=name, defaults={"size": size})


def used_bytes(team_id: int) -> int:
    total: int | None = StoredFile.objects.filter(team=team_id).aggregate(total=Sum("size"))[
        "total"
    ]
    return total or 0


def check_storage(team: Team) -> None:
    """Raise TeamError when the team keeps as much as it may."""
    used = used_bytes(team.pk)
    if used >= settings.TEAM_BYTES:
        raise TeamError(
            f"{team.name} keeps {used / 1e6:,.0f} MB of files, and {settings.TEAM_BYTES / 1e6:,.0f} MB are allowed "
            "(TEAM_MEGABYTES); delete runs. What is deleted makes room when it is removed for good."
        )


def file_fields() -> Iterator[tuple[type[Model], str]]:
    """Every field of every model that names a file."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, FileField):
                yield model, field.name


def named_files() -> set[str]:
    """Return the names of all files that some row names; copies share theirs."""
    found: set[str] = set()
    for model, field in file_fields():
        found.update(model._default_manager.exclude(**{field: ""}).values_list(field, flat=True))
    return found


def unnamed_files(named: set[str]) -> set[str]:
    """Return the stored files that are not among `named` and have had time to be."""
    settled = StoredFile.objects.filter(created_at__lt=timezone.now() - SETTLED)
    return set(settled.values_list("name", flat=True)) - named


def delete_files(names: Iterable[str]) -> int:
    """Delete the files, and count them no more; returns how many there were."""
    doomed = sorted(set(names))
    for name in doomed:
        default_storage.delete(name)
    for start in range(0, len(doomed), AT_ONCE):
        StoredFile.objects.filter(name__in=doomed[start : start + AT_ONCE]).delete()
    return len(doomed)


def count_older_files() -> int:
    """Count the files that were stored before this studio counted any; returns how many."""
    counted = set(StoredFile.objects.values_list("team_id", "name"))
    new = 0
    for model, field in file_fields():
        team = model.TEAM  # type: ignore[attr-defined]
        rows = model._default_manager.exclude(**{field: ""}).values_list(team, field)
        for team_id, name in set(rows) - counted:
            if default_storage.exists(name):
                count_file(team_id=team_id, name=name, size=default_storage.size(name))
                new += 1
    return new
