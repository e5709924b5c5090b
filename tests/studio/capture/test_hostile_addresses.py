"""A page that is captured reaches nothing but public addresses, whatever it tries."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

import pytest

from studio.capture.addresses import CaptureError
from studio.capture.capture import capture_address
from studio.capture.fetching import MOST_REQUESTS, Fetcher
from studio.outgoing.policy import Policy
from studio.pipeline.rendering.render import Renderer
from tests.studio.capture.web import (
    PRIVATE,
    PUBLIC,
    Server,
    html,
    make_public,
    redirect,
    resolver,
    serving,
)

CLOSED, OPEN = Policy(), Policy(private=True)
SECRET = 200, {"Content-Type": "text/plain", "Access-Control-Allow-Origin": "*"}, b"secret"


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


@pytest.fixture(autouse=True)
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    make_public(monkeypatch)


@pytest.fixture
def inside() -> Iterator[Server]:
    """A server that only this machine should reach."""
    with serving(PRIVATE, {"/secret": SECRET, "/": html("<h1>Intranet")}) as server:
        yield server


def capture(renderer: Renderer, address: str, policy: Policy, **options: Any) -> None:
    limits: dict[str, Any] = {"seconds": 60.0, "most": 10**7, "most_pixels": 10**7}
    limits |= options
    capture_address(address, width=400, renderer=renderer, policy=policy, **limits)


def test_a_private_address_is_denied_unless_the_operator_opens_it(
    renderer: Renderer, inside: Server
) -> None:
    address = f"http://{PRIVATE}:{inside.port}/"
    with pytest.raises(CaptureError, match=r"has a loopback address.*OUTGOING_PRIVATE"):
        capture(renderer, address, CLOSED)
    assert inside.asked == []
    capture(renderer, address, OPEN)
    assert "/" in inside.asked


@pytest.mark.parametrize("policy", [CLOSED, OPEN])
def test_cloud_metadata_is_denied_in_any_case(renderer: Renderer, policy: Policy) -> None:
    for host in ("169.254.169.254", "[fd00:ec2::254]", "100.100.100.200"):
        with pytest.raises(CaptureError, match="has a cloud metadata address"):
            capture(renderer, f"http://{host}/latest/meta-data", policy)


@pytest.mark.parametrize("policy", [CLOSED, OPEN])
def test_a_public_page_reads_nothing_inside_by_any_way(
    renderer: Renderer, inside: Server, policy: Policy
) -> None:
    target = f"http://{PRIVATE}:{inside.port}/secret"
    page = html(
        f"<h1>Outside</h1><img src={target}><iframe src={target}></iframe>"
        f"<link rel=stylesheet href={target}><script src={target}></script>"
        f"<img src=/moved><object data={target}></object>"
        "<img src=file:///etc/passwd><iframe src='view-source:file:///etc/passwd'></iframe>"
        f"<script>fetch('{target}').then((a) => a.text()).then((t) => fetch('/told?' + t));"
        f"new WebSocket('ws://{PRIVATE}:{inside.port}/secret');"
        f"new EventSource('{target}');navigator.sendBeacon('{target}', 'x');"
        f"try {{ new Worker('{target}') }} catch {{}}"
        f"window.open('{target}');location.href = '{target}'</script>"
    )
    answers = {"/": page, "/moved": redirect(target)}
    with serving(PUBLIC, answers) as server:
        capture(renderer, f"http://{PUBLIC}:{server.port}/", policy)
        told = [path for path in server.asked if path.startswith("/told")]
    assert inside.asked == []
    assert told == []


@pytest.mark.parametrize("policy", [CLOSED, OPEN])
def test_a_public_page_does_not_lead_inside_by_a_redirect(
    renderer: Renderer, inside: Server, policy: Policy
) -> None:
    answers = {"/": redirect(f"http://{PRIVATE}:{inside.port}/secret")}
    way_inside = pytest.raises(CaptureError, match=r"sends visitors on to 127\.0\.0\.1")
    with serving(PUBLIC, answers) as server, way_inside:
        capture(renderer, f"http://{PUBLIC}:{server.port}/", policy)
    assert inside.asked == []


@pytest.mark.parametrize("policy", [CLOSED, OPEN])
def test_a_name_that_changes_its_address_after_the_page_was_fetched_is_denied(
    renderer: Renderer, policy: Policy
) -> None:
    """DNS rebinding: the same origin, now on this machine."""
    page = html("<h1>Outside</h1><script>fetch('/secret')</script><img src=/secret>")
    with (
        serving(PUBLIC, {"/": page}) as server,
        serving(PRIVATE, {"/secret": SECRET}, server.port) as twin,
    ):
        names = {"rebind.example": [PUBLIC, PRIVATE]}
        address = f"http://rebind.example:{server.port}/"
        capture(renderer, address, policy, resolve=resolver(names))
        assert twin.asked == []
    assert server.asked == ["/"]


def test_a_name_that_is_private_only_when_asked_first_gets_nothing_private(
    renderer: Renderer,
) -> None:
    """DNS rebinding where private addresses are open: the page itself came from a public one."""
    page = html("<h1>Outside</h1><script>fetch('/secret')</script><img src=/secret>")
    with (
        serving(PUBLIC, {"/": page}) as server,
        serving(PRIVATE, {"/secret": SECRET}, server.port) as twin,
    ):
        names = {"rebind.example": [PRIVATE, PUBLIC, PRIVATE]}
        address = f"http://rebind.example:{server.port}/"
        capture(renderer, address, OPEN, resolve=resolver(names))
        assert twin.asked == []
    assert "/" in server.asked


def test_a_public_frame_in_a_private_page_reads_nothing_of_its_host(
    renderer: Renderer, inside: Server
) -> None:
    inside.answers["/secret"] = 200, {"Content-Type": "text/plain"}, b"secret"
    target = f"http://{PRIVATE}:{inside.port}/secret"
    frame = html(
        "<script>for (const at of ['/moved', '" + target + "'])"
        "fetch(at).then((a) => a.text()).then((t) => fetch('/told?' + t))</script>"
    )
    answers = {"/frame": frame, "/moved": redirect(target)}
    with serving(PUBLIC, answers) as public:
        inside.answers["/"] = html(
            f"<h1>Intranet</h1><iframe src=http://{PUBLIC}:{public.port}/frame></iframe>"
            f"<iframe sandbox=allow-scripts src=http://{PUBLIC}:{public.port}/frame></iframe>"
            "<script>fetch('/secret').then((a) => a.text()).then((t) => fetch('/own?' + t))</script>"
        )
        capture(renderer, f"http://{PRIVATE}:{inside.port}/", OPEN)
        assert set(public.asked) == {"/frame", "/moved"}
    assert "/own?secret" in inside.asked


@pytest.mark.parametrize("way", ["typed", "redirect", "picture"])
def test_ports_that_are_not_for_pages_are_not_asked(renderer: Renderer, way: str) -> None:
    with serving(PUBLIC, {}, 6667) as irc, serving(PUBLIC, {}) as server:
        port = f"http://{PUBLIC}:6667/"
        server.answers["/"] = html(f"<h1>x</h1><img src={port}>")
        server.answers["/moved"] = redirect(port)
        address = {"typed": port, "redirect": f"http://{PUBLIC}:{server.port}/moved"}.get(way)
        if address is None:
            capture(renderer, f"http://{PUBLIC}:{server.port}/", CLOSED)
        else:
            with pytest.raises(CaptureError, match=r"Port 6667 of 127\.0\.0\.2 is not for web"):
                capture(renderer, address, CLOSED)
        assert irc.asked == []


def test_a_name_with_a_public_and_a_private_address_is_denied(renderer: Renderer) -> None:
    both = [ipaddress.ip_address(PUBLIC), ipaddress.ip_address(PRIVATE)]
    with pytest.raises(CaptureError, match="has a loopback address"):
        capture(renderer, "http://both.example/", CLOSED, resolve=lambda *asked: both)


def test_a_private_page_loads_from_its_own_host_and_from_public_ones_alone(
    renderer: Renderer, inside: Server
) -> None:
    with serving("127.0.0.3", {"/other": SECRET}) as other, serving(PUBLIC, {}) as public:
        page = html(
            f"<h1>Intranet</h1><img src=/own><img src=http://127.0.0.3:{other.port}/other>"
            f"<img src=http://{PUBLIC}:{public.port}/library>"
        )
        inside.answers["/"] = page
        capture(renderer, f"http://{PRIVATE}:{inside.port}/", OPEN)
        assert other.asked == []
        assert public.asked == ["/library"]
    assert "/own" in inside.asked


def test_a_page_that_floods_with_requests_is_held_to_its_number(renderer: Renderer) -> None:
    page = html(
        "<h1>Flood</h1><script>for (let i = 0; i < 900; i++) new Image().src = '/p' + i</script>"
    )
    with serving(PUBLIC, {"/": page}) as server:
        capture(renderer, f"http://{PUBLIC}:{server.port}/", CLOSED)
    assert 300 < len(server.asked) <= 400


def test_requests_above_the_number_do_not_wait_behind_slow_ones() -> None:
    with Fetcher(CLOSED, seconds=10, most=1000) as fetcher:
        admitted = [fetcher.admit() for _ in range(MOST_REQUESTS + 5)]
    assert admitted.count(True) == MOST_REQUESTS
    assert not any(admitted[MOST_REQUESTS:])


def test_a_page_that_asks_for_itself_gets_so_many_bytes_in_all(renderer: Renderer) -> None:
    page = html(
        "<h1>Again</h1><script>let read = 0;"
        "const again = () => fetch(location.href).then((a) => a.text()).then(() => read++);"
        "Promise.allSettled(Array.from({ length: 40 }, again)).then(() => fetch('/told?' + read))"
        f"</script>{' ' * 1_000_000}"
    )
    with serving(PUBLIC, {"/": page}) as server:
        capture(renderer, f"http://{PUBLIC}:{server.port}/", CLOSED, most=4_000_000)
        assert [path for path in server.asked if path.startswith("/told")] == ["/told?6"]


def test_the_operators_list_of_hosts_holds_for_pages_and_their_files(renderer: Renderer) -> None:
    policy = Policy(hosts=(PUBLIC,), setting="CAPTURE_HOSTS")
    with serving("127.0.0.3", {}) as other:
        page = html(f"<h1>Boats</h1><img src=http://127.0.0.3:{other.port}/a>")
        with serving(PUBLIC, {"/": page}) as server:
            capture(renderer, f"http://{PUBLIC}:{server.port}/", policy)
        assert other.asked == []
    with pytest.raises(CaptureError, match="CAPTURE_HOSTS lists the allowed hosts"):
        capture(renderer, "https://example.com/", policy)
