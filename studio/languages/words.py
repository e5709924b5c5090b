"""Words that pages show through a variable: states, roles, names of parts and steps.

The database and the pipeline know them in English, and a template translates the variable. They
are listed here so that the catalog contains them.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

STATES = (
    gettext_noop("queued"),
    gettext_noop("running"),
    gettext_noop("finished"),
    gettext_noop("failed"),
    gettext_noop("cancelled"),
    gettext_noop("planned"),
    gettext_noop("done"),
)
# Parts of the studio on the operator's page, and what its workers take.
STUDIO_PARTS = (
    gettext_noop("database"),
    gettext_noop("redis"),
    gettext_noop("queue"),
    gettext_noop("storage"),
    gettext_noop("worker"),
    gettext_noop("runs"),
    gettext_noop("deliveries"),
    gettext_noop("exports"),
)
ROLES = (gettext_noop("viewer"), gettext_noop("editor"), gettext_noop("owner"))
SHELVES = (gettext_noop("active"), gettext_noop("archived"), gettext_noop("deleted"))
SORTS = (
    gettext_noop("newest"),
    gettext_noop("oldest"),
    gettext_noop("score"),
    gettext_noop("name"),
)
DESIGN_KINDS = (
    gettext_noop("color"),
    gettext_noop("type"),
    gettext_noop("space"),
    gettext_noop("radius"),
    gettext_noop("font"),
    gettext_noop("component"),
)
FILE_CHANGES = (
    gettext_noop("added"),
    gettext_noop("changed"),
    gettext_noop("deleted"),
    gettext_noop("merged"),
    gettext_noop("conflict"),
    gettext_noop("kept"),
)
BLOCK_KINDS = (
    gettext_noop("matched"),
    gettext_noop("moved"),
    gettext_noop("missing"),
    gettext_noop("invented"),
    gettext_noop("wrong"),
)
SIDES = (
    gettext_noop("top"),
    gettext_noop("right"),
    gettext_noop("bottom"),
    gettext_noop("left"),
    gettext_noop("start"),
    gettext_noop("center"),
    gettext_noop("end"),
)
ADDRESS_KINDS = (
    gettext_noop("cloud metadata"),
    gettext_noop("unspecified"),
    gettext_noop("multicast"),
    gettext_noop("link-local"),
    gettext_noop("loopback"),
    gettext_noop("shared"),
    gettext_noop("private"),
    gettext_noop("reserved"),
)
LIKENESS_PARTS = (
    gettext_noop("words"),
    gettext_noop("place"),
    gettext_noop("ink"),
    gettext_noop("structure"),
    gettext_noop("outline"),
    gettext_noop("color"),
    gettext_noop("page"),
)
QUALITY_PARTS = (
    gettext_noop("responsive"),
    gettext_noop("elements"),
    gettext_noop("names"),
    gettext_noop("components"),
    gettext_noop("layout"),
    gettext_noop("clean"),
    gettext_noop("tokens"),
    gettext_noop("accessibility"),
)
STEPS = (
    gettext_noop("capturing"),
    gettext_noop("looking"),
    gettext_noop("outlining"),
    gettext_noop("drafting"),
    gettext_noop("fitting"),
    gettext_noop("writing"),
    gettext_noop("competing"),
    gettext_noop("rendering"),
    gettext_noop("comparing"),
    gettext_noop("reading"),
)
MODEL_NAMES = (
    gettext_noop("team"),
    gettext_noop("project"),
    gettext_noop("upload"),
    gettext_noop("run"),
    gettext_noop("attempt"),
    gettext_noop("export"),
    gettext_noop("repository"),
    gettext_noop("webhook"),
    gettext_noop("invitation"),
    gettext_noop("share link"),
    gettext_noop("comment"),
    gettext_noop("api token"),
    gettext_noop("connection"),
    gettext_noop("membership"),
    gettext_noop("user"),
    gettext_noop("delivery"),
)
SAMPLES = (
    gettext_noop("harbour"),
    gettext_noop("ledger"),
    gettext_noop("sign-up"),
)
