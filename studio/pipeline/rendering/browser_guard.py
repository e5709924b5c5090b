"""A browser on its own thread, watched from outside: one that hangs, floods or crashes is replaced.

A page in an endless loop blocks every call that reads from it, so no call is trusted to return. The
calling thread watches the time and the browser's memory while it waits. Knows nothing of what is
rendered.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from studio.pipeline.isolation.privileges import USER
from studio.pipeline.rendering.browser import launch
from studio.pipeline.types import RenderError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Playwright

T = TypeVar("T")
Work = Callable[["Browser"], Any]

START_LIMIT = 60.0  # seconds; a cold start on a busy two-core machine took up to 8 s
LAST_WORDS = 10.0  # seconds in which a call must end after its browser was killed
GLANCE = 0.25


class GuardedBrowser:
    """Runs work on one browser, one piece at a time, from any thread.

    An asyncio loop in the calling thread does not matter.
    """

    def __init__(self, executable: str | None, memory_limit: int, user: str = USER) -> None:
        self.executable = executable
        self.memory_limit = memory_limit
        self.user = user
        self.lock = threading.Lock()
        self.thread: _BrowserThread | None = None

    def call(self, work: Callable[[Browser], T], time_limit: float) -> T:
        """Return the work's result.

        Raises RenderError when it takes longer than `time_limit` seconds or too much memory.
        """
        with self.lock:
            thread = self.started()
            future = thread.submit(work)
            reason = self._watch(thread, future, time_limit)
            if reason is None:
                return future.result()  # type: ignore[no-any-return]
            thread.kill()
            with contextlib.suppress(Exception):
                future.result(LAST_WORDS)
            if not future.done():
                self.thread = None
            raise RenderError(reason)

    def started(self) -> _BrowserThread:
        """Return the thread with a living browser; raises BrowserMissing."""
        if self.thread is None:
            self.thread = _BrowserThread(self.executable, self.user)
        self.thread.submit(lambda browser: None).result(START_LIMIT)
        return self.thread

    def close(self) -> None:
        with self.lock:
            if self.thread is not None:
                self.thread.close()
                self.thread = None

    def _watch(self, thread: _BrowserThread, future: Future[Any], time_limit: float) -> str | None:
        """Return None when the work is done, else why it must end."""
        deadline = time.monotonic() + time_limit
        while True:
            with contextlib.suppress(TimeoutError):
                future.exception(GLANCE)
            if future.done():
                return None
            if time.monotonic() > deadline:
                return f"The page was still busy after {time_limit:g} s."
            if group_memory(thread.group) > self.memory_limit:
                return f"The page took more than {self.memory_limit // 2**20} MiB of memory."


class _BrowserThread:
    """The thread that owns Playwright.

    Its synchronous calls work only on the thread that started it.
    """

    def __init__(self, executable: str | None, user: str) -> None:
        self.executable = executable
        self.user = user
        self.jobs: queue.SimpleQueue[tuple[Work, Future[Any]] | None] = queue.SimpleQueue()
        self.browser: Browser | None = None
        self.session: CDPSession | None = None
        self.group: int | None = None  # the browser's process group
        self.thread = threading.Thread(target=self._run, name="browser", daemon=True)
        self.thread.start()

    def submit(self, work: Work) -> Future[Any]:
        future: Future[Any] = Future()
        self.jobs.put((work, future))
        return future

    def kill(self) -> None:
        if self.group is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.group, signal.SIGKILL)

    def close(self) -> None:
        self.jobs.put(None)
        self.thread.join(LAST_WORDS)
        if self.thread.is_alive():
            self.kill()

    def _run(self) -> None:
        from playwright.sync_api import Error, sync_playwright

        with contextlib.suppress(Error), sync_playwright() as playwright:
            while (job := self.jobs.get()) is not None:
                work, future = job
                try:
                    future.set_result(work(self._living_browser(playwright)))
                except BaseException as error:
                    future.set_exception(error)
            if self.browser is not None:
                self.browser.close()

    def _living_browser(self, playwright: Playwright) -> Browser:
        """Return a browser that answers; start one if there is none.

        It is asked, because Playwright does not notice a browser's end while this thread waits for work.
        """
        from playwright.sync_api import Error

        try:
            if self.session is not None:
                self.session.send("Browser.getVersion")
        except Error:
            self.session = None
        if self.session is None:
            self.browser = launch(playwright, self.executable, self.user)
            self.session = self.browser.new_browser_cdp_session()
            self.group = os.getpgid(_process_id(self.session))
            assert self.group != os.getpgrp(), (
                "the browser's group is killed, so it must not be ours"
            )
        assert self.browser is not None
        return self.browser


def _process_id(session: CDPSession) -> int:
    """Return the id of the browser itself.

    A start script (Debian's) may have started it; the process group has both.
    """
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return int(next(process["id"] for process in processes if process["type"] == "browser"))


def group_memory(group: int | None) -> int:
    """Return the private bytes of the processes of one group.

    0 where the system does not provide them (no /proc).
    """
    if group is None:
        return 0
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                _, resident, shared = (folder / "statm").read_text().split()[:3]
                total += (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
    return total
