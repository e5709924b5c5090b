"""A generated page reaches nobody: not over TCP, not over UDP, not by name, by any way out a page
has.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Route, sync_playwright

from studio.pipeline.bundle import Bundle
from studio.pipeline.rendering.browser import build_arguments, find_browser
from studio.pipeline.rendering.render import Renderer, RenderError
from tests.studio.pipeline.listeners import Ears, listening

PAGE = """<!doctype html><html><head>
<link rel="stylesheet" href="vendor/kept.css">
<link rel="stylesheet" href="HTTP/style"><link rel="prefetch" href="HTTP/prefetch">
<link rel="preload" as="image" href="HTTP/preload">
<link rel="preconnect" href="HTTP"><link rel="dns-prefetch" href="//localhost:PORT"><link rel="icon" href="HTTP/icon">
<link rel="modulepreload" href="HTTP/modulepreload"><link rel="manifest" href="HTTP/manifest">
<style>@import url("HTTP/import");@font-face{font-family:Far;src:url("HTTP/font")}
body{font-family:Kept,Far;background:url("HTTP/background")}</style>
<script type="speculationrules">{"prerender":[{"urls":["HTTP/speculation"]}]}</script>
</head><body>A
<img src="HTTP/img"><img src="http://localhost:PORT/name"><img src="http://[::1]:PORT/six"><img srcset="HTTP/srcset 1x">
<video src="HTTP/video" autoplay></video><audio src="HTTP/audio" autoplay></audio><object data="HTTP/object"></object>
<embed src="HTTP/embed"><iframe src="HTTP/iframe"></iframe><iframe srcdoc="<img src='HTTP/srcdoc'>"></iframe>
<svg><image href="HTTP/svgimage"/><use href="HTTP/svguse#a"/></svg>
<form id="post" method="post" action="HTTP/form" target="sink"><input name="secret" value="1"></form>
<iframe name="sink"></iframe><iframe name="drain"></iframe>
<form id="top" method="post" action="HTTP/topform"></form>
<a id="ping" href="#here" ping="HTTP/ping">x</a><a id="download" href="HTTP/download" target="drain" download>x</a>
<script src="vendor/kept.js"></script><script src="HTTP/script"></script>
<script type="module">import "HTTP/module"</script>
<script>
const attempt = (way) => { try { const done = way(); done?.catch?.(() => null) } catch {} };
attempt(() => fetch("HTTP/fetch", {mode: "no-cors"}));
attempt(() => { const x = new XMLHttpRequest(); x.open("GET", "HTTP/xhr"); x.send() });
attempt(() => new WebSocket("ws://127.0.0.1:PORT/socket"));
attempt(() => new EventSource("HTTP/events"));
attempt(() => navigator.sendBeacon("HTTP/beacon", "x"));
const job = "fetch('HTTP/worker', {mode: 'no-cors'}); importScripts('HTTP/imported')";
attempt(() => new Worker(URL.createObjectURL(new Blob([job]))));
attempt(() => navigator.serviceWorker.register("vendor/kept.js"));
attempt(() => new WebTransport("https://127.0.0.1:PORT/transport").ready);
attempt(() => window.open("HTTP/popup"));
attempt(() => document.getElementById("post").submit());
attempt(() => document.getElementById("ping").click());
attempt(() => document.getElementById("download").click());
attempt(() => {
  const peer = new RTCPeerConnection({iceServers: [
    {urls: "stun:127.0.0.1:PORT"},
    {urls: "turn:127.0.0.1:PORT?transport=udp", username: "a", credential: "b"},
    {urls: "turn:127.0.0.1:PORT?transport=tcp", username: "a", credential: "b"},
  ]});
  peer.createDataChannel("x");
  return peer.createOffer().then((offer) => peer.setLocalDescription(offer));
});
</script></body></html>"""
LEAVING = {
    "meta refresh": '<meta http-equiv="refresh" content="0;url=HTTP/refresh">stay',
    "location": "stay<script>location.href = 'HTTP/location'</script>",
    "form": "stay<form method=post action='HTTP/form'></form><script>document.forms[0].submit()</script>",
    "frame": "stay<iframe srcdoc=\"<script>top.location = 'HTTP/top'</script>\"></iframe>",
}
ASSETS = {
    "vendor/kept.css": b"body{color:#123456}",
    "vendor/kept.js": b"document.title='kept';document.body.append(' kept')",
}
# What the unguarded browser is heard to fetch; icons, manifests and speculation come when it likes.
ALL_WAYS = {
    "style",
    "import",
    "font",
    "background",
    "img",
    "name",
    "six",
    "srcset",
    "srcdoc",
    "svgimage",
    "video",
}
ALL_WAYS |= {
    "audio",
    "object",
    "embed",
    "iframe",
    "form",
    "popup",
    "ping",
    "prefetch",
    "preload",
    "modulepreload",
}
ALL_WAYS |= {
    "script",
    "module",
    "fetch",
    "xhr",
    "socket",
    "events",
    "beacon",
    "worker",
    "imported",
    "download",
}
NO_LOCAL_GUARD = "--disable-features=" + ",".join(
    f"LocalNetworkAccessChecks{kind}"
    for kind in ("", "WebSockets", "WebRTC", "WebRTCLoopbackOnly", "WebTransport")
)
LINGER = 2.0  # s; the unguarded browser has made all its contacts after 0.8 s


URLS = (
    "/a.svg",
    "http://page.invalid.example/a.svg",
    "http://page.invalid:81/a.svg",
    "file:///a.svg",
)


def page(source: str, ears: Ears) -> str:
    return source.replace("HTTP", f"http://127.0.0.1:{ears.port}").replace("PORT", str(ears.port))


def test_a_page_reaches_nobody_by_any_way_out() -> None:
    with listening() as ears, Renderer() as renderer:
        render = renderer.render(Bundle({"index.html": page(PAGE, ears)}, ASSETS))
        time.sleep(LINGER)
        renderer.render(Bundle({"index.html": "after"}))
        assert ears.heard == {}, ears.paths
    assert [text.text for text in render.texts if "kept" in text.text] == ["kept"], (
        "its own script was not served"
    )
    assert render.texts[0].color == "#123456", "its own style sheet was not served"


@pytest.mark.parametrize("way", LEAVING)
def test_a_page_cannot_be_left(renderer: Renderer, way: str) -> None:
    with listening() as ears:
        render = renderer.render(Bundle({"index.html": page(LEAVING[way], ears)}))
        time.sleep(0.3)
        assert ears.heard == {}, ears.paths
    assert [text.text for text in render.texts] == ["stay"]


def test_the_flags_alone_reach_nobody() -> None:
    with listening() as ears:
        visit_unguarded(ears, abort=False, flags=build_arguments())
        assert ears.heard == {}, ears.paths


def test_aborted_routes_alone_would_leak() -> None:
    with listening() as ears:
        visit_unguarded(ears, abort=True, flags=[])
        assert ears.heard


def test_the_listeners_hear_an_unguarded_browser() -> None:
    """The control: what the tests above listen for is really there to be heard."""
    with listening() as ears:
        visit_unguarded(
            ears, abort=False, flags=[], seconds=15, enough=lambda: unheard(ears) == set()
        )
        assert unheard(ears) == set()


def unheard(ears: Ears) -> set[str]:
    udp = set() if ears.heard["udp"] else {"webrtc"}
    return (ALL_WAYS - {path.rpartition("/")[2] for path in ears.paths}) | udp


def visit_unguarded(
    ears: Ears,
    *,
    abort: bool,
    flags: list[str],
    seconds: float = LINGER,
    enough: Callable[[], bool] = lambda: False,
) -> None:
    """The page in a browser without Chromium's own guard of the local network, which a page
    elsewhere does not meet.
    """
    own, html = "http://page.invalid/", page(PAGE, ears)

    def answer(route: Route) -> None:
        if route.request.url == own:
            route.fulfill(body=html, content_type="text/html")
        else:
            route.abort() if abort else route.continue_()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=[*flags, "--no-sandbox", NO_LOCAL_GUARD]
        )
        tab = browser.new_page()
        tab.route("**", answer)
        tab.goto(own, wait_until="commit")
        deadline = time.monotonic() + seconds
        with contextlib.suppress(Error):
            while time.monotonic() < deadline and not enough():
                tab.wait_for_timeout(50)
        browser.close()


def test_an_absolute_address_of_its_own_site_is_served_and_a_strange_one_is_not(
    renderer: Renderer,
) -> None:
    tags = [f"<img src='{url}' onload='document.body.append({n})'>" for n, url in enumerate(URLS)]
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'
    render = renderer.render(Bundle({"index.html": "".join(tags)}, {"a.svg": svg}))
    assert [text.text for text in render.texts] == ["0"]


def test_a_folder_serves_nothing_above_itself(
    renderer: Renderer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("site")
    (root / "secret.js").write_text("document.body.append('secret')")
    (root / "page").mkdir()
    (root / "page" / "link.js").symlink_to(root / "secret.js")
    tags = "".join(
        f"<script src='{path}'></script>"
        for path in ("../secret.js", "..%2fsecret.js", "link.js", "own.js")
    )
    (root / "page" / "own.js").write_text("document.body.append('own')")
    (root / "page" / "index.html").write_text(f"<body>{tags}")
    assert [text.text for text in renderer.render_file(root / "page" / "index.html").texts] == [
        "own"
    ]


def test_a_missing_page_is_one_clear_sentence(
    renderer: Renderer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    missing = tmp_path_factory.mktemp("empty") / "index.html"
    with pytest.raises(RenderError, match="no page at"):
        renderer.render_file(missing)
    with pytest.raises(RenderError, match=r"no index\.html"):
        renderer.render(Bundle({}))
