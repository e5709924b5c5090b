"""Comment a report on the pull request of this run; a later run replaces the comment.

usage: comment.py REPORT. Does nothing for runs without a pull request.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx

LONGEST = 60_000  # characters; GitHub takes 65,536
MOST_PAGES = 20  # of 100 comments


def main(report: Path) -> int:
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text())
    number = event.get("pull_request", {}).get("number")
    if number is None:
        return 0
    body = report.read_text()[:LONGEST]
    repository = os.environ["GITHUB_REPOSITORY"]
    headers = {
        "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
        "Accept": "application/vnd.github+json",
    }
    base = f"{os.environ['GITHUB_API_URL']}/repos/{repository}"
    try:
        with httpx.Client(headers=headers, timeout=30, follow_redirects=True) as http:
            mark = body.partition("\n")[0]
            known = find_comment(http, f"{base}/issues/{number}/comments", mark)
            if known is None:
                http.post(
                    f"{base}/issues/{number}/comments", json={"body": body}
                ).raise_for_status()
            else:
                http.patch(
                    f"{base}/issues/comments/{known}", json={"body": body}
                ).raise_for_status()
    except httpx.HTTPError as error:
        print(f"GitHub did not take the comment: {error}", file=sys.stderr)
        return 1
    return 0


def find_comment(http: httpx.Client, url: str, mark: str) -> int | None:
    """Return the id of the comment that an earlier run left; None without one."""
    for page in range(1, MOST_PAGES + 1):
        answer = http.get(url, params={"per_page": 100, "page": page})
        answer.raise_for_status()
        comments: list[dict[str, Any]] = answer.json()
        for comment in comments:
            if str(comment.get("body", "")).startswith(mark):
                return int(comment["id"])
        if len(comments) < 100:
            return None
    return None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
