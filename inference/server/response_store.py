"""Responses kept for a while, so that a client may refer to them instead of sending them again."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference.server.errors import Refused, wrong

KEPT_BYTES = 64 * 2**20  # of JSON; the responses used longest ago go first
REFERENCE = "item_reference"


@dataclass(frozen=True)
class KeptResponse:
    """A response as it was told, and all items that came before its answer."""

    told: Mapping[str, Any]
    history: list[Any]
    size: int


class ResponseStore:
    """In this process's memory alone: a server that starts anew knows none of them."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[str, KeptResponse] = OrderedDict()
        self._item_owner: dict[str, str] = {}
        self._size = 0

    @property
    def kept_bytes(self) -> int:
        """Return the size of all that is kept, as JSON."""
        return self._size

    def keep(self, told: Mapping[str, Any], history: list[Any]) -> None:
        """Keep a response that is over, and forget the oldest beyond the bound."""
        size = len(json.dumps(told)) + len(json.dumps(history))
        if size > self._most:
            return
        id = str(told["id"])
        self._kept[id] = KeptResponse(told, history, size)
        self._size += size
        for item in told["output"]:
            self._item_owner[item["id"]] = id
        while self._size > self._most:
            self.forget(next(iter(self._kept)))

    def forget(self, id: str) -> None:
        """Forget a response; raises Refused for one that is not kept."""
        kept = self._kept.pop(id, None)
        if kept is None:
            raise _unknown("the response's id", id)
        self._size -= kept.size
        for item in kept.told["output"]:
            self._item_owner.pop(item["id"], None)

    def find(self, id: str, field: str = "the response's id") -> KeptResponse:
        """Return a response; raises Refused for one that is not kept."""
        kept = self._kept.get(id)
        if kept is None:
            raise _unknown(field, id)
        self._kept.move_to_end(id)
        return kept

    def resolve(self, content: Any) -> Any:
        """Return a request's JSON with what it refers to written out. Raises Refused."""
        if not isinstance(content, Mapping):
            return content
        items = content.get("input")
        if isinstance(items, list):
            items = [self._resolve_item(item, index) for index, item in enumerate(items)]
        previous = content.get("previous_response_id")
        if previous is not None:
            if not isinstance(previous, str):
                raise wrong("previous_response_id", previous, "is a string")
            kept = self.find(previous, "previous_response_id")
            following = items if isinstance(items, list) else [{"role": "user", "content": items}]
            items = [*kept.history, *kept.told["output"], *following]
        return {**content, "input": items}

    def _resolve_item(self, item: Any, index: int) -> Any:
        if not isinstance(item, Mapping) or item.get("type") != REFERENCE:
            return item
        field, id = f"input[{index}].id", item.get("id")
        if not isinstance(id, str):
            raise wrong(field, id, "is a string")
        owner = self._item_owner.get(id)
        if owner is None:
            raise _unknown(field, id)
        output = self.find(owner).told["output"]
        return next(one for one in output if one["id"] == id)


def _unknown(field: str, id: str) -> Refused:
    return Refused(
        f"{field} is {id[:80]!r}, which is not kept (any more); send the whole input instead.",
        field,
        status=404,
        code="previous_response_not_found",
    )
