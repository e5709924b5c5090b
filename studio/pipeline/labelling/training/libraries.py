"""Style sheets that pages link from other servers, served from a folder of npm packages.

Nothing is fetched.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Route

# Pattern of a sheet's address → its path in node_modules; the first match counts.
SHEETS = (
    (r"bootstrap[/@.-]*v?5.*bootstrap(\.min)?\.css", "bootstrap5/dist/css/bootstrap.min.css"),
    (r"bootstrap[/@.-]*v?4.*bootstrap(\.min)?\.css", "bootstrap4/dist/css/bootstrap.min.css"),
    (
        r"(twitter-)?bootstrap[/@.-]*v?3.*bootstrap(\.min)?\.css",
        "bootstrap3/dist/css/bootstrap.min.css",
    ),
    (r"bootstrap(\.min)?\.css", "bootstrap4/dist/css/bootstrap.min.css"),
    (r"bootstrap-icons.*\.css", "bootstrap-icons/font/bootstrap-icons.min.css"),
    (r"bulma(\.min)?\.css", "bulma/css/bulma.min.css"),
    (r"normalize(\.min)?\.css", "normalize.css/normalize.css"),
    (r"foundation(\.min)?\.css", "foundation-sites/dist/css/foundation.min.css"),
    (r"materialize(\.min)?\.css", "materialize-css/dist/css/materialize.min.css"),
    (r"semantic(\.min)?\.css", "semantic-ui-css/semantic.min.css"),
    (r"font-?awesome[/@.-]*v?4.*\.css", "font-awesome/css/font-awesome.min.css"),
    (r"font-?awesome.*\.css", "@fortawesome/fontawesome-free/css/all.min.css"),
)
DIGEST = re.compile(rb"\sintegrity\s*=\s*(\"[^\"]*\"|'[^']*')", re.IGNORECASE)


def serve_libraries(context: BrowserContext, packages: Path | None) -> None:
    """Serve the sheets of `packages` (a node_modules folder) to `context`.

    All other requests to servers fail.
    """

    def answer(route: Route) -> None:
        sheet = find_sheet(route.request.url)
        path = packages / sheet if packages and sheet else None
        if path is None or not path.is_file():
            return route.abort()
        route.fulfill(path=path, content_type="text/css")

    def whole(route: Route) -> None:
        """Serve a page without the digests of its sheets.

        Ours are other builds, which the browser would refuse.
        """
        page = Path(unquote(urlsplit(route.request.url).path)).read_bytes()
        route.fulfill(body=DIGEST.sub(b"", page), content_type="text/html")

    context.route(re.compile(r"^https?://"), answer)
    if packages:
        context.route(re.compile(r"^file://.*\.html?$"), whole)


def find_sheet(address: str) -> str | None:
    return next(
        (path for pattern, path in SHEETS if re.search(pattern, address, re.IGNORECASE)), None
    )
