"""The settings that limit visitors, connections and runs, a part of `environment.Environ`."""

from __future__ import annotations

from dataclasses import dataclass

from studio.config.setting_fields import count, host_name, number, setting, whole


@dataclass(frozen=True, slots=True)
class EdgeLimits:
    body_kilobytes: int = setting(
        "BODY_KILOBYTES",
        "1000",
        whole(10, 100_000),
        count(10, 100_000),
        "The largest request body other than uploads (forms, JSON); larger ones get 413 before they are read",
    )
    upload_total_megabytes: int = setting(
        "UPLOAD_TOTAL_MEGABYTES",
        "200",
        whole(1, 10_000),
        count(1, 10_000),
        "The largest upload request, all files together; only for signed-in people",
    )
    head_kilobytes: int = setting(
        "HEAD_KILOBYTES",
        "32",
        whole(4, 1_000),
        count(4, 1_000),
        "The largest request line with all headers; larger ones get 414 or 431",
    )
    head_seconds: float = setting(
        "HEAD_SECONDS",
        "10",
        number(0.1, 600),
        "seconds from 0.1 to 600",
        "Time limit for a request's headers; then the connection is closed",
    )
    body_seconds: float = setting(
        "BODY_SECONDS",
        "20",
        number(0.1, 600),
        "seconds from 0.1 to 600",
        "The longest pause in a request body, and its time beyond 4 kB/s; then 408",
    )
    send_seconds: float = setting(
        "SEND_SECONDS",
        "20",
        number(0.1, 600),
        "seconds from 0.1 to 600",
        "How often a client that has not taken its whole answer is looked at; one that took less than 4 kB a second "
        "since the last look is cut off",
    )
    connections: int = setting(
        "CONNECTIONS",
        "8000",
        whole(10, 100_000),
        count(10, 100_000),
        "Open connections of the web process; further requests get 503",
    )
    streams: int = setting(
        "STREAMS",
        "4000",
        whole(1, 100_000),
        count(1, 100_000),
        "Open WebSockets and event streams of all people; a run's page has two",
    )
    person_streams: int = setting(
        "PERSON_STREAMS",
        "60",
        whole(1, 100_000),
        count(1, 100_000),
        "Open WebSockets and event streams of one person",
    )
    preview_host: str = setting(
        "PREVIEW_HOST",
        "",
        host_name,
        "a host name, with :port if it is not the default",
        "A second host name that serves only generated pages; empty: the studio's own name",
    )
    stream_megabytes: int = setting(
        "STREAM_MEGABYTES",
        "16",
        whole(1, 1_000),
        count(1, 1_000),
        "Size of one run's live events; beyond it, the model's text is no longer shown live",
    )
    stream_events: int = setting(
        "STREAM_EVENTS",
        "100000",
        whole(2_000, 10_000_000),
        count(2_000, 10_000_000),
        "Number of one run's live events; beyond it, the model's text is no longer shown live",
    )
    valkey_megabytes: int = setting(
        "VALKEY_MEGABYTES",
        "512",
        whole(16, 1_000_000),
        count(16, 1_000_000),
        "Memory of the embedded Valkey; when it is full, live events of the oldest runs are evicted first",
    )
