"""Files of teams, stored with their size so that no file is forgotten and storage is limited.

A file is kept while a row names it in a `FileField`. Every model with one declares its team
(`TEAM`, as in `access`).
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
from django.utils.translation import gettext

from studio.teams.errors import TeamError
from studio.teams.models import StoredFile, Team

SETTLED = timedelta(days=1)  # after this time, a file without a row can be deleted
AT_ONCE = 500  # names in one query


def store_file(*, team_id: int, name: str, data: bytes) -> str:
    """Store a file for the team; return its name, which differs if `name` was taken."""
    stored = default_storage.save(name, ContentFile(data))
    count_file(team_id=team_id, name=stored, size=len(data))
    return stored


def count_file(*, team_id: int, name: str, size: int) -> None:
    """Count an existing file for the team's storage, once."""
    StoredFile.objects.update_or_create(team_id=team_id, name=name, defaults={"size": size})


def used_bytes(team_id: int) -> int:
    files = StoredFile.objects.filter(team=team_id)
    total: int | None = files.aggregate(total=Sum("size"))["total"]
    return total or 0


def check_storage(team: Team) -> None:
    """Raise TeamError if the team's storage is full."""
    used = used_bytes(team.pk)
    if used >= settings.TEAM_BYTES:
        raise TeamError(
            gettext(
                "{name} uses {used:,.0f} MB of its {most:,.0f} MB of storage "
                "(TEAM_MEGABYTES); delete runs. Deleted runs free space when they are purged."
            ).format(name=team.name, used=used / 1e6, most=settings.TEAM_BYTES / 1e6)
        )


def file_fields() -> Iterator[tuple[type[Model], str]]:
    """Yield every model and field that names a file."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, FileField):
                yield model, field.name


def named_files() -> set[str]:
    """Return the names of all files that rows name; copies share theirs."""
    names: set[str] = set()
    for model, field in file_fields():
        names.update(model._default_manager.exclude(**{field: ""}).values_list(field, flat=True))
    return names


def unnamed_files(named: set[str]) -> set[str]:
    """Return stored files older than SETTLED that are not in `named`."""
    settled = StoredFile.objects.filter(created_at__lt=timezone.now() - SETTLED)
    return set(settled.values_list("name", flat=True)) - named


def delete_files(names: Iterable[str]) -> int:
    """Delete the files and their sizes; return how many there were."""
    doomed = sorted(set(names))
    for name in doomed:
        default_storage.delete(name)
    for start in range(0, len(doomed), AT_ONCE):
        StoredFile.objects.filter(name__in=doomed[start : start + AT_ONCE]).delete()
    return len(doomed)


def count_older_files() -> int:
    """Count files from before sizes were stored; return how many."""
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
