"""Versions to be exported, and exports carried out as a worker would."""

from __future__ import annotations

from studio.export.models import Export, Repository
from studio.export.services import confirm_export, plan_export
from studio.export.tasks import export as work
from studio.pipeline.bundle import Bundle
from studio.runs.models import Attempt, Run
from studio.runs.services import claim_run, record_attempt, start_run
from tests.people import cast
from tests.studio.runs.making import BEN, attempt, project, upload

BRANCH = "likeness/boats"
SHEET = "h1 {\n  color: teal;\n}\n\np {\n  margin: 0;\n}\n"


def page(title: str = "Boats", text: str = "Quiet ones.") -> str:
    return (
        f'<!doctype html>\n<html lang="en">\n  <head>\n    <title>{title}</title>\n'
        '    <link rel="stylesheet" href="styles.css" />\n  </head>\n  <body>\n'
        f"    <h1>{title}</h1>\n    <p>{text}</p>\n  </body>\n</html>\n"
    )


def version(
    html: str = "", sheet: str = SHEET, *, root: Run | None = None, stack: str = "html-css"
) -> Attempt:
    """A version with this code; `root`: of that family."""
    from dataclasses import replace

    run = start_run(
        project=project(),
        by=cast("ada"),
        upload=upload(),
        prompt="Boats for @everyone",
        stack=stack,
    )
    if root is not None:
        Run.objects.filter(pk=run.pk).update(root=root)
    claim_run(run_id=run.pk, worker=BEN)
    made = replace(attempt(), bundle=Bundle({"index.html": html or page(), "styles.css": sheet}))
    found = record_attempt(run_id=run.pk, worker=BEN, attempt=made)
    assert found is not None
    found.run.refresh_from_db()
    return found


def planned(
    made: Attempt, repository: Repository, *, branch: str = BRANCH, folder: str = ""
) -> Export:
    """The export up to where a person looks at it."""
    where = {"attempt": made, "repository": repository, "branch": branch, "folder": folder}
    found = plan_export(**where, by=cast("ada"), address="http://studio.example/runs/1/")
    return carried_on(found)


def carried_on(export: Export) -> Export:
    work(str(export.pk))
    export.refresh_from_db()
    return export


def agreed(export: Export) -> Export:
    assert export.state == "planned", (export.state, export.message)
    confirm_export(export=export, digest=export.plan["digest"], by=cast("ada"))
    return carried_on(export)


def exported(
    made: Attempt, repository: Repository, *, branch: str = BRANCH, folder: str = ""
) -> Export:
    return agreed(planned(made, repository, branch=branch, folder=folder))
