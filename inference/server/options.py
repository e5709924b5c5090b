"""How a server is set up, beside its engine."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from inference.server.errors import Refused

# Node's fetch gives up after 300 s without a byte, proxies often after 60.
PING_SECONDS = 15.0


@dataclass(frozen=True)
class ServerOptions:
    """`names`: what the model is called; a name may have wildcards. Empty: the service's own.

    `keys`: one of them has to come with each request. `hosts`: names the server answers to, None:
    all. `origins`: of web pages that may ask. `unknown`: what happens to fields nobody knows.
    """

    names: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    hosts: tuple[str, ...] | None = ()
    origins: tuple[str, ...] = ()
    unknown: Literal["refuse", "ignore"] = "refuse"
    ping_seconds: float = PING_SECONDS

    def listed(self, usual: str) -> list[str]:
        """Return the names that can be shown; `usual` where none is without wildcards."""
        plain = [name for name in self.names if not set("*?[") & set(name)]
        return plain or [usual]

    def resolve(self, asked: object, usual: str) -> str:
        """Return the name that is answered with; raises Refused for a model that is not served."""
        names = dict.fromkeys((*self.names, *self.listed(usual)))
        if isinstance(asked, str) and any(fnmatchcase(asked, name) for name in names):
            return asked
        allowed = " and ".join(map(repr, names))
        is_or_are = "is" if len(names) == 1 else "are"
        shown = repr(asked)[:80]
        raise Refused(
            f"model is {shown}; allowed {is_or_are} {allowed}. Serve it under another name, too, with --name.",
            "model",
            status=404,
            code="model_not_found",
        )
