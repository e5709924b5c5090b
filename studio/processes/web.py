"""The web process: `python -m studio.processes.web FD` serves on a socket it was given.

The socket belongs to `serve`: while a web process is restarted, visitors wait in line instead of
being refused.
"""

from __future__ import annotations

import logging
import resource
import socket
import sys


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
    """As many open files as the system lets us have: a connection is one, and 1,024 is a usual soft
    limit.
    """
    from studio.config.settings import ENVIRON

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard < ENVIRON.connections:
        words = "The system lets the web process open %d files, CONNECTIONS says %d connections: raise `ulimit -Hn`."
        logging.getLogger(__name__).warning(words, hard, ENVIRON.connections)


if __name__ == "__main__":
    main(int(sys.argv[1]))
