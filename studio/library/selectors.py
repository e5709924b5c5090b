"""Search over runs and projects that are active, archived or deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal, get_args
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from studio.projects.models import Project
from studio.projects.soft_delete import KEPT
from studio.runs.models import Run
from studio.runs.selectors import annotate_likeness, count_listed_runs
from studio.teams import access
from studio.teams.models import Role, Team, User
from studio.timelimit import limit_queries

Shelf = Literal["active", "archived", "deleted"]
SHELVES: tuple[Shelf, ...] = get_args(Shelf)
# How the gallery is sorted. Runs without a score are last by score.
SORTS = {
    "newest": ("-created_at",),
    "oldest": ("created_at",),
    "score": (F("likeness").desc(nulls_last=True), "-created_at"),
    "name": ("name", "page_title", "prompt", "-created_at"),
}
ON_A_PAGE = 24
MOST_WORDS = 8  # of a search; each adds one subquery per run


def build_library_context(
    user: User, words: str, shelf: str, page: str, sort: str = ""
) -> dict[str, Any]:
    """Return a page of runs and projects on `shelf` whose texts contain all of `words`.

    `sort` is a name of SORTS; anything else is "newest".

    Raises QueryTimeout after SEARCH_SECONDS.
    """
    chosen = shelf if shelf in SHELVES else "active"
    order = sort if sort in SORTS else "newest"
    searched = words.split()[:MOST_WORDS]
    runs = _filter_runs(user, chosen)
    projects = _filter_projects(user, chosen)
    for word in searched:
        runs = runs.filter(_run_holds(word))
        projects = projects.filter(name__icontains=word)
    with limit_queries(settings.SEARCH_SECONDS):
        matches = annotate_likeness(runs.select_related("upload", "project"))
        found = Paginator(matches.order_by(*SORTS[order]), ON_A_PAGE).get_page(page)
        return {
            **_frame(user, words, chosen, order),
            "ignored_words": words.split()[MOST_WORDS:],
            "projects": list(_sized(projects)),
            "found": found.paginator.count,
            "runs": list(found),
            "page": found,
        }


def timeout_context(user: User, words: str, shelf: str) -> dict[str, Any]:
    """Return the page for a search that was stopped: no results and a message."""
    chosen = shelf if shelf in SHELVES else "active"
    sentence = gettext(
        "The search took longer than {search_seconds:g} s and was stopped; use fewer "
        "or longer words."
    ).format(search_seconds=settings.SEARCH_SECONDS)
    empty = Paginator(Run.objects.none(), ON_A_PAGE).get_page(1)
    return {**_frame(user, words, chosen), "error": sentence, "found": 0, "page": empty}


def _frame(user: User, words: str, shelf: Shelf, sort: str = "newest") -> dict[str, Any]:
    """Return what the page shows around the results."""
    editable = access.filter_visible(Team.objects.all(), user, need=Role.EDITOR)
    asked = {"q": words, "shelf": shelf}
    if sort != "newest":
        asked["sort"] = sort
    return {
        "words": words,
        "address": urlencode(asked),
        "sort": sort,
        "sorts": tuple(SORTS),
        "shelf": shelf,
        "shelves": SHELVES,
        "kept_days": KEPT.days,
        "editable": set(editable.values_list("pk", flat=True)),
    }


def _run_holds(word: str) -> Q:
    """Match first runs with the word in their name, project or any prompt of the family.

    A subquery, not a join: with a join, each word multiplies the rows by the family's size.
    """
    title = Q(name__icontains=word) | Q(page_title__icontains=word)
    own = title | Q(prompt__icontains=word) | Q(project__name__icontains=word)
    later = Run.objects.filter(root=OuterRef("pk"), prompt__icontains=word)
    return own | Q(Exists(later))


def _sized(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Annotate each project with the number of runs that its page lists; load its team."""
    return projects.annotate(size=count_listed_runs()).select_related("team")


def _filter_runs(user: User, shelf: Shelf) -> QuerySet[Run]:
    first = Run.objects.filter(root=None)
    if shelf == "deleted":
        return access.filter_visible(
            first.filter(_match_recently_deleted()), user, deleted=True
        ).filter(project__deleted_at=None)
    active = Q(archived_at=None, project__archived_at=None)
    return access.filter_visible(first, user).filter(~active if shelf == "archived" else active)


def _filter_projects(user: User, shelf: Shelf) -> QuerySet[Project]:
    if shelf == "deleted":
        return access.filter_visible(
            Project.objects.filter(_match_recently_deleted()), user, deleted=True
        )
    return access.filter_visible(
        Project.objects.filter(archived_at__isnull=shelf != "archived"), user
    )


def _match_recently_deleted() -> Q:
    """Match deleted rows that will not be purged within the next hour."""
    return Q(deleted_at__gt=timezone.now() - KEPT + timedelta(hours=1))
