"""Finds runs and projects: what is at hand, what was put away, what was deleted and can still be had back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal, get_args
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from studio.projects.models import Project
from studio.projects.soft_delete import KEPT
from studio.runs.models import Run
from studio.runs.selectors import with_likeness
from studio.teams import access
from studio.teams.models import Role, Team, User

Shelf = Literal["at hand", "archived", "deleted"]
SHELVES: tuple[Shelf, ...] = get_args(Shelf)
ON_A_PAGE = 24


def library_context(user: User, words: str, shelf: str, page: str) -> dict[str, Any]:
    """A page of the first runs of families, and the projects, that lie on `shelf` and whose names hold `words`."""
    chosen = shelf if shelf in SHELVES else "at hand"
    runs = with_likeness(_runs(user, chosen).select_related("upload", "project"))
    projects = _projects(user, chosen).annotate(size=Count("runs", filter=Q(runs__root=None)))
    for word in words.split():
        text = Q(name__icontains=word) | Q(prompt__icontains=word) | Q(project__name__icontains=word)
        runs = runs.filter(text | Q(descendants__prompt__icontains=word))
        projects = projects.filter(name__icontains=word)
    return {
        "words": words,
        "address": urlencode({"q": words, "shelf": chosen}),
        "shelf": chosen,
        "shelves": SHELVES,
        "projects": projects.select_related("team"),
        "page": Paginator(runs.distinct().order_by("-created_at"), ON_A_PAGE).get_page(page),
        "kept_days": KEPT.days,
        "editable": set(access.visible(Team.objects.all(), user, need=Role.EDITOR).values_list("pk", flat=True)),
    }


def _runs(user: User, shelf: Shelf) -> QuerySet[Run]:
    first = Run.objects.filter(root=None)
    if shelf == "deleted":
        return access.visible(first.filter(_recent()), user, deleted=True).filter(project__deleted_at=None)
    away = Q(archived_at=None, project__archived_at=None)
    return access.visible(first, user).filter(~away if shelf == "archived" else away)


def _projects(user: User, shelf: Shelf) -> QuerySet[Project]:
    if shelf == "deleted":
        return access.visible(Project.objects.filter(_recent()), user, deleted=True)
    return access.visible(Project.objects.filter(archived_at__isnull=shelf != "archived"), user)


def _recent() -> Q:
    """Deleted, but not so long ago that it may be purged at any moment."""
    return Q(deleted_at__gt=timezone.now() - KEPT + timedelta(hours=1))
