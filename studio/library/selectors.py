"""Finds runs and projects: what is at hand, what was put away, what was deleted and can still be
had back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal, get_args
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from studio.projects.models import Project
from studio.projects.soft_delete import KEPT
from studio.runs.models import Run
from studio.runs.selectors import annotate_likeness
from studio.teams import access
from studio.teams.models import Role, Team, User
from studio.timelimit import limit_queries

Shelf = Literal["at hand", "archived", "deleted"]
SHELVES: tuple[Shelf, ...] = get_args(Shelf)
ON_A_PAGE = 24
MOST_WORDS = 8  # of a search; each is one more subquery a run


def build_library_context(user: User, words: str, shelf: str, page: str) -> dict[str, Any]:
    """A page of the first runs of families, and the projects, that lie on `shelf` and whose names
    hold `words`.

    Raises QueryTimeout when that takes longer than SEARCH_SECONDS.
    """
    chosen = shelf if shelf in SHELVES else "at hand"
    searched = words.split()[:MOST_WORDS]
    runs, projects = _filter_runs(user, chosen), _filter_projects(user, chosen)
    for word in searched:
        runs = runs.filter(_run_holds(word))
        projects = projects.filter(name__icontains=word)
    with limit_queries(settings.SEARCH_SECONDS):
        shown = annotate_likeness(runs.select_related("upload", "project")).order_by("-created_at")
        found = Paginator(shown, ON_A_PAGE).get_page(page)
        return {
            **_frame(user, words, chosen),
            "ignored_words": words.split()[MOST_WORDS:],
            "projects": list(_sized(projects)),
            "found": found.paginator.count,
            "runs": list(found),
            "page": found,
        }


def timeout_context(user: User, words: str, shelf: str) -> dict[str, Any]:
    """The same page when the search was stopped: nothing found, and a sentence."""
    chosen = shelf if shelf in SHELVES else "at hand"
    sentence = f"The search took longer than {settings.SEARCH_SECONDS:g} s and was stopped; use fewer or longer words."
    empty = Paginator(Run.objects.none(), ON_A_PAGE).get_page(1)
    return {**_frame(user, words, chosen), "error": sentence, "found": 0, "page": empty}


def _frame(user: User, words: str, shelf: Shelf) -> dict[str, Any]:
    """What the page shows around what was found."""
    return {
        "words": words,
        "address": urlencode({"q": words, "shelf": shelf}),
        "shelf": shelf,
        "shelves": SHELVES,
        "kept_days": KEPT.days,
        "editable": set(
            access.filter_visible(Team.objects.all(), user, need=Role.EDITOR).values_list(
                "pk", flat=True
            )
        ),
    }


def _run_holds(word: str) -> Q:
    """First runs with the word in their name, their project's, or any prompt of their family.

    A subquery, not a join: with a join each further word multiplies the rows by the family's size.
    """
    own = Q(name__icontains=word) | Q(prompt__icontains=word) | Q(project__name__icontains=word)
    later = Run.objects.filter(root=OuterRef("pk"), prompt__icontains=word)
    return own | Q(Exists(later))


def _sized(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Each with the number of its first runs, and its team."""
    return projects.annotate(size=Count("runs", filter=Q(runs__root=None))).select_related("team")


def _filter_runs(user: User, shelf: Shelf) -> QuerySet[Run]:
    first = Run.objects.filter(root=None)
    if shelf == "deleted":
        return access.filter_visible(
            first.filter(_match_recently_deleted()), user, deleted=True
        ).filter(project__deleted_at=None)
    away = Q(archived_at=None, project__archived_at=None)
    return access.filter_visible(first, user).filter(~away if shelf == "archived" else away)


def _filter_projects(user: User, shelf: Shelf) -> QuerySet[Project]:
    if shelf == "deleted":
        return access.filter_visible(
            Project.objects.filter(_match_recently_deleted()), user, deleted=True
        )
    return access.filter_visible(
        Project.objects.filter(archived_at__isnull=shelf != "archived"), user
    )


def _match_recently_deleted() -> Q:
    """Deleted, but not so long ago that it may be purged at any moment."""
    return Q(deleted_at__gt=timezone.now() - KEPT + timedelta(hours=1))
