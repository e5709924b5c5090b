"""Reports of errors to Sentry, if SENTRY_DSN is set; sentry-sdk is not loaded otherwise.

A report says which error, where and in which version. It never holds what a page, a prompt, a request
or a variable held: the words of an error may quote any of them, so only its kind is sent.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

INSTALL = "pip install sentry-sdk"
# The parts of a report that are sent.
KEPT = (
    "event_id",
    "timestamp",
    "platform",
    "level",
    "logger",
    "release",
    "environment",
    "sdk",
    "exception",
    "transaction",
    "tags",
)
# What a transaction is named after; another is named after an address, which may hold a token.
NAMED_BY_CODE = ("route", "component", "view", "task")
OWN_LOGGERS = ("studio", "inference", "kernels")
KEPT_OF_FRAME = ("filename", "abs_path", "function", "module", "lineno", "in_app")


def is_sentry_installed() -> bool:
    return find_spec("sentry_sdk") is not None


def set_up_error_reports(dsn: str) -> None:
    """Report errors that are logged or not caught to the address."""
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        before_send=strip_report,
        before_breadcrumb=lambda crumb, hint: None,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        server_name="",
        traces_sample_rate=None,
        auto_session_tracking=False,
    )


def strip_report(report: Any, hint: Any) -> Any:
    """Return what may leave the studio of a report."""
    kept = {name: report[name] for name in KEPT if name in report}
    source = (report.get("transaction_info") or {}).get("source")
    if source not in NAMED_BY_CODE:
        kept.pop("transaction", None)
    is_ours = str(report.get("logger", "")).startswith(OWN_LOGGERS)
    if "logentry" in report and is_ours:
        # The words that the code gives, without what was put into them. Others put it in before.
        kept["logentry"] = {"message": report["logentry"].get("message", "")}
    for error in kept.get("exception", {}).get("values", ()):
        error["value"] = ""
        for frame in (error.get("stacktrace") or {}).get("frames", ()):
            for name in set(frame) - set(KEPT_OF_FRAME):
                del frame[name]
    kept["tags"] = _list_tags()
    return kept


def _list_tags() -> dict[str, str]:
    from studio.config.logging import get_run_in_log

    run = get_run_in_log()
    return {"run": run} if run else {}
