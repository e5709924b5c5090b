"""What a sequence may say next. The engine knows only `TokenMask`; a mask belongs to one sequence and follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor


class TokenMask(Protocol):
    def allowed(self) -> Tensor:
        """[vocab] bool: the tokens that may come next; at least one, the stop token once all is said."""
        ...

    def advance(self, token: int) -> None:
        """`token`, an allowed one, was chosen."""
        ...
