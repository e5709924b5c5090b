"""The web process: `python -m studio.processes.web FD` serves on an inherited socket.

`serve` owns the socket: while the web process restarts, visitors wait instead of being refused.
"""

from __future__ import annotations

import logging
import socket
import sys

# Files that one process of macOS may open; it refuses a limit above (OPEN_MAX of sys/syslimits.h).
MACOS_FILES = 10_240


def main(descriptor: int) -> None:
    import uvicorn

    from studio.edge.protocol import web_options
    from studio.processes.parent_death import die_with_parent

    die_with_parent()
    raise_file_limit()
    config = uvicorn.Config(
        "studio.config.asgi:application",
        lifespan="off",
        log_level="warning",
        timeout_graceful_shutdown=2,
        log_config=None,
        **web_options(),
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


def raise_file_limit() -> None:
    """Raise the limit of open files to the maximum: each connection needs one, 1,024 is usual."""
    if sys.platform == "win32":
        return
    import resource

    from studio.config.settings import ENVIRON

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = min(hard, MACOS_FILES) if sys.platform == "darwin" else hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    if most < ENVIRON.connections:
        words = "The web process may open %d files, but CONNECTIONS is %d: raise `ulimit -Hn`."
        logging.getLogger(__name__).warning(words, most, ENVIRON.connections)


if __name__ == "__main__":
    main(int(sys.argv[1]))
