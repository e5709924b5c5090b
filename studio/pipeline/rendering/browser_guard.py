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
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from studio.pipeline.isolation.privileges import USER
from studio.pipeline.isolation.systems import check_system
from studio.pipeline.rendering.browser import launch
from studio.pipeline.types import RenderError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Playwright

T = TypeVar("T")
Work = Callable[["Browser"], Any]
Counts = Callable[[Path, int, int], bool]

START_LIMIT = 60.0  # seconds; a cold start on a busy two-core machine took up to 8 s
LAST_WORDS = 10.0  # seconds in which a call must end after its browser was killed
GLANCE = 0.25
DRIVER = b"playwright/driver"  # in the command line of Playwright's own process
DRIVER_STARTS = threading.Lock()  # held while one starts, to tell it from others of this process


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

    def call(
        self,
        work: Callable[[Browser], T],
        time_limit: float,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> T:
        """Return the work's result.

        Raises RenderError when it takes longer than `time_limit` seconds or too much memory, or
        once `cancelled` returns True.
        """
        with self.lock:
            thread = self.started()
            future = thread.submit(work)
            reason = self._watch(thread, future, time_limit, cancelled)
            if reason is None:
                return future.result()  # type: ignore[no-any-return]
            thread.kill()
            with contextlib.suppress(Exception):
                future.result(LAST_WORDS)
            if not thread.answers(LAST_WORDS):
                self._abandon()
            raise RenderError(reason)

    def started(self) -> _BrowserThread:
        """Return the thread with a living browser.

        Raises BrowserMissing, RenderError and UnsupportedSystem.
        """
        check_system()
        if self.thread is None:
            self.thread = _BrowserThread(self.executable, self.user)
        try:
            self.thread.submit(lambda browser: None).result(START_LIMIT)
        except TimeoutError:
            self._abandon()
            raise RenderError(f"The browser did not start within {START_LIMIT:g} s.") from None
        return self.thread

    def _abandon(self) -> None:
        """Leave a thread that does not answer: Playwright may still read what a page sent."""
        if self.thread is not None:
            self.thread.abandon()
            self.thread = None

    def close(self) -> None:
        with self.lock:
            if self.thread is not None:
                self.thread.close()
                self.thread = None

    def _watch(
        self,
        thread: _BrowserThread,
        future: Future[Any],
        time_limit: float,
        cancelled: Callable[[], bool],
    ) -> str | None:
        """Return None when the work is done, else why it must end."""
        deadline = time.monotonic() + time_limit
        while True:
            with contextlib.suppress(TimeoutError):
                future.exception(GLANCE)
            if future.done():
                return None
            if cancelled():
                return "The render was cancelled."
            if time.monotonic() > deadline:
                return f"The page was still busy after {time_limit:g} s."
            if group_memory(thread.group) + driver_memory() > self.memory_limit:
                return f"The page took more than {self.memory_limit // 2**20} MiB of memory."


class _BrowserThread:
    """The thread that owns Playwright.

    Its synchronous calls work only on the thread that started it.
    """

    def __init__(self, executable: str | None, user: str) -> None:
        self.executable = executable
        self.user = user
        # Work None: the thread only answers.
        self.jobs: queue.SimpleQueue[tuple[Work | None, Future[Any]] | None] = queue.SimpleQueue()
        self.browser: Browser | None = None
        self.session: CDPSession | None = None
        self.group: int | None = None  # the browser's process group
        self.is_abandoned = False
        self.drivers: set[int] = set()  # process ids of Playwright's driver: one, where /proc is
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

    def answers(self, seconds: float) -> bool:
        """Return True if the thread is ready for more work within the time."""
        done: Future[Any] = Future()
        self.jobs.put((None, done))
        with contextlib.suppress(TimeoutError):
            done.result(seconds)
        return done.done()

    def abandon(self) -> None:
        """End the browser and Playwright's driver, with which the thread ends as well."""
        self.is_abandoned = True
        self.kill()
        for driver in self.drivers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(driver, signal.SIGKILL)
        self.jobs.put(None)

    def close(self) -> None:
        self.jobs.put(None)
        self.thread.join(LAST_WORDS)
        if self.thread.is_alive():
            self.kill()

    def _run(self) -> None:
        from playwright.sync_api import Error, sync_playwright

        with contextlib.suppress(Error), contextlib.ExitStack() as stack:
            with DRIVER_STARTS:
                others = _list_drivers()
                playwright = stack.enter_context(sync_playwright())
                self.drivers = _list_drivers() - others
            while (job := self.jobs.get()) is not None and not self.is_abandoned:
                work, future = job
                try:
                    done = None if work is None else work(self._living_browser(playwright))
                    future.set_result(done)
                except BaseException as error:
                    future.set_exception(error)
            if self.browser is not None and not self.is_abandoned:
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
    return _sum_memory(lambda folder, parent, its_group: its_group == group)


def driver_memory() -> int:
    """Return the private bytes of Playwright's drivers, through which all goes that a page says."""
    return _sum_memory(_is_driver)


def _list_drivers() -> set[int]:
    return {int(folder.name) for folder in _find_processes(_is_driver)}


def _is_driver(folder: Path, parent: int, group: int) -> bool:
    return parent == os.getpid() and DRIVER in (folder / "cmdline").read_bytes()


def _sum_memory(counts: Counts) -> int:
    """Return the private bytes of the processes for which `counts` returns True."""
    total = 0
    for folder in _find_processes(counts):
        with contextlib.suppress(OSError):
            total += _read_private_bytes(folder)
    return total


def _find_processes(counts: Counts) -> Iterator[Path]:
    """Yield the folders in /proc of the processes for which `counts` returns True; it gets the folder,
    the parent's process id and the process group.
    """
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if counts(folder, int(fields[1]), int(fields[2])):
                yield folder


def _read_private_bytes(folder: Path) -> int:
    _, resident, shared = (folder / "statm").read_text().split()[:3]
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
