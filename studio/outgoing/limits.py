"""The settings of outgoing connections, a part of `studio.config.environment.Environ`."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from studio.config.setting_fields import boolean, count, names, number, setting, whole

KILOBYTES = (10, 100_000)


def read_entries(text: str) -> tuple[str, ...]:
    """Parse names, addresses and networks; an entry with a slash must be a network."""
    entries = names(text)
    for entry in entries:
        if "/" in entry:
            ipaddress.ip_network(entry, strict=False)
    return entries


# Without slots: Environ can inherit from only one class with slots.
@dataclass(frozen=True)
class OutgoingLimits:
    outgoing_private: bool = setting(
        "OUTGOING_PRIVATE",
        "False",
        boolean,
        "'True' or 'False'",
        "Allow teams' models, webhooks and repositories on this machine and in private networks; "
        "`MODEL_URL` is always allowed there",
    )
    outgoing_allow: tuple[str, ...] = setting(
        "OUTGOING_ALLOW",
        "",
        read_entries,
        "host names (* matches any part), addresses and networks, separated by commas",
        "Private hosts or networks that teams may use, such as git.internal or 10.1.2.0/24; "
        "link-local and cloud metadata addresses must be listed one by one",
    )
    export_hosts: tuple[str, ...] = setting(
        "EXPORT_HOSTS",
        "*",
        names,
        "host names separated by commas; * matches any part",
        "The git servers and forges that teams may export to; private addresses depend on `OUTGOING_PRIVATE`",
    )
    export_seconds: float = setting(
        "EXPORT_SECONDS",
        "600",
        number(1, 86_400),
        "seconds from 1 to 86400",
        "Time limit of one exchange with a git server or forge",
    )
    capture_hosts: tuple[str, ...] = setting(
        "CAPTURE_HOSTS",
        "*",
        names,
        "host names separated by commas; * matches any part",
        "The hosts whose pages may become mockups by their address; private addresses depend on `OUTGOING_PRIVATE`",
    )
    capture_seconds: float = setting(
        "CAPTURE_SECONDS",
        "40",
        number(1, 300),
        "seconds from 1 to 300",
        "Time limit of loading a page that becomes a mockup",
    )
    capture_megabytes: int = setting(
        "CAPTURE_MEGABYTES",
        "60",
        whole(1, 1000),
        count(1, 1000),
        "The most that such a page may load with all its files",
    )
    webhook_seconds: float = setting(
        "WEBHOOK_SECONDS",
        "10",
        number(0.1, 300),
        "seconds from 0.1 to 300",
        "Time limit of one webhook delivery, up to the response's status line",
    )
    deliveries: int = setting(
        "DELIVERIES",
        "8",
        whole(1, 100),
        count(1, 100),
        "Webhooks that one `serve` delivers in parallel",
    )
    model_answer_kilobytes: int = setting(
        "MODEL_ANSWER_KILOBYTES",
        "2000",
        whole(*KILOBYTES),
        count(*KILOBYTES),
        "The longest answer of a model, in thousands of characters; longer ones fail",
    )
    model_thinking_kilobytes: int = setting(
        "MODEL_THINKING_KILOBYTES",
        "2000",
        whole(*KILOBYTES),
        count(*KILOBYTES),
        "The longest thinking before an answer, in thousands of characters; longer ones fail",
    )
    model_line_kilobytes: int = setting(
        "MODEL_LINE_KILOBYTES",
        "1000",
        whole(*KILOBYTES),
        count(*KILOBYTES),
        "The longest line in the stream of a model's server",
    )
    model_stream_megabytes: int = setting(
        "MODEL_STREAM_MEGABYTES",
        "256",
        whole(1, 10_000),
        count(1, 10_000),
        "The most that a model's server may send for one answer; a token can take a line of 300 bytes",
    )
    model_list_kilobytes: int = setting(
        "MODEL_LIST_KILOBYTES",
        "5000",
        whole(*KILOBYTES),
        count(*KILOBYTES),
        "The largest list of models from a server",
    )
