"""The settings of outgoing connections: where they may lead and how much may come back. Part of
`environ.Environ`.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from studio.config.setting_fields import boolean, count, names, number, setting, whole

KILOBYTES = (10, 100_000)


def read_entries(text: str) -> tuple[str, ...]:
    """Names, addresses and networks; an entry with a slash must be a network."""
    entries = names(text)
    for entry in entries:
        if "/" in entry:
            ipaddress.ip_network(entry, strict=False)
    return entries


# Without slots: Environ can inherit from one class with slots only.
@dataclass(frozen=True)
class OutgoingLimits:
    outgoing_private: bool = setting(
        "OUTGOING_PRIVATE",
        "False",
        boolean,
        "'True' or 'False'",
        "Let teams' models, webhooks and repositories be on this machine and in private networks; "
        "`MODEL_URL` always may",
    )
    outgoing_allow: tuple[str, ...] = setting(
        "OUTGOING_ALLOW",
        "",
        read_entries,
        "host names (* stands for any part), addresses and networks with commas between them",
        "Single private hosts or networks that teams may use, such as git.internal or 10.1.2.0/24; "
        "link-local and cloud metadata addresses only where each is listed itself",
    )
    export_hosts: tuple[str, ...] = setting(
        "EXPORT_HOSTS",
        "*",
        names,
        "host names with commas between them; * stands for any part",
        "The git servers and forges that teams may export to; private addresses as `OUTGOING_PRIVATE` says",
    )
    export_seconds: float = setting(
        "EXPORT_SECONDS",
        "600",
        number(1, 86_400),
        "seconds from 1 to 86400",
        "Time that one exchange with a git server or forge may take in all",
    )
    webhook_seconds: float = setting(
        "WEBHOOK_SECONDS",
        "10",
        number(0.1, 300),
        "seconds from 0.1 to 300",
        "Time that one delivery of a webhook may take in all, up to the status line of the answer",
    )
    deliveries: int = setting(
        "DELIVERIES",
        "8",
        whole(1, 100),
        count(1, 100),
        "Webhooks that one `serve` delivers at the same time",
    )
    model_answer_kilobytes: int = setting(
        "MODEL_ANSWER_KILOBYTES",
        "2000",
        whole(*KILOBYTES),
        count(*KILOBYTES),
        "The longest answer of a model, in thousands of characters; a longer one fails",
    )
    model_thinking_kilobytes: int = setting(
        "MODEL_THINKING_KILOBYTES",
        "2000",
        whole(*KILOBYTES),
        count(*KILOBYTES),
        "The longest thinking before an answer, in thousands of characters; a longer one fails",
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
        "All that a model's server may send for one answer; each token may come in a line of 300 bytes",
    )
    model_list_kilobytes: int = setting(
        "MODEL_LIST_KILOBYTES",
        "5000",
        whole(*KILOBYTES),
        count(*KILOBYTES),
        "The largest list of models that a server may send",
    )
