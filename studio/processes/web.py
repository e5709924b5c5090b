"""The web process: `python -m studio.processes.web FD` serves on a socket it was given.

The socket belongs to `serve`: while a web process is restarted, visitors wait in line instead of being refused.
"""

from __future__ import annotations

import socket
import sys


def main(descriptor: int) -> None:
    import uvicorn

    from studio.processes.parent_death import die_with_parent

    die_with_parent()
    config = uvicorn.Config(
        "studio.config.asgi:application",
        lifespan="off",
        log_level="warning",
        timeout_graceful_shutdown=2,
        log_config=None,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    main(int(sys.argv[1]))
