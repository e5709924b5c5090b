"""Allocation of the cache's blocks: reference counts, prefix cache and eviction. No tensors.

A full block is registered under the hash of all tokens up to its end, so that sequences with the
same prefix share blocks.
"""

from __future__ import annotations

from array import array
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from hashlib import blake2b


class BlockPool:
    """`count` blocks of `size` tokens.

    A free block keeps its content for the prefix cache until it is taken again.
    """

    def __init__(self, count: int, size: int) -> None:
        self.count = count
        self.size = size
        self._holders = [0] * count  # reference count of each block
        self._hash_of: dict[int, bytes] = {}
        self._block_of: dict[bytes, int] = {}
        self._free = OrderedDict.fromkeys(range(count))  # in order of eviction

    @property
    def free(self) -> int:
        """The number of blocks that no sequence holds."""
        return len(self._free)

    def reuse(self, hashes: Sequence[bytes]) -> list[int]:
        """Return the blocks of the longest registered prefix of `hashes`, and hold each of them."""
        blocks = []
        for prefix in hashes:
            block = self._block_of.get(prefix)
            if block is None:
                break
            self._holders[block] += 1
            self._free.pop(block, None)
            blocks.append(block)
        return blocks

    def take(self) -> int | None:
        """Evict and hold the least recently used free block; return None when none is free."""
        if not self._free:
            return None
        block, _ = self._free.popitem(last=False)
        if prefix := self._hash_of.pop(block, None):
            del self._block_of[prefix]
        self._holders[block] = 1
        return block

    def register(self, block: int, prefix: bytes) -> None:
        """Register a full block under the hash of its prefix.

        If another block is registered under the same hash, that one is kept.
        """
        if prefix not in self._block_of and block not in self._hash_of:
            self._block_of[prefix] = block
            self._hash_of[block] = prefix

    def release(self, blocks: Iterable[int]) -> None:
        """Release one sequence's blocks, given in the order of its tokens.

        The last block is evicted first, the first block last: prefixes are shared from their
        beginning. A block that is not registered is evicted before all others.
        """
        for block in reversed(list(blocks)):
            self._holders[block] -= 1
            assert self._holders[block] >= 0, f"block {block} was released too often"
            if not self._holders[block]:
                self._free[block] = None
                if block not in self._hash_of:
                    self._free.move_to_end(block, last=False)

    def check_integrity(self, held: Iterable[Sequence[int]] = ()) -> None:
        """Check that reference counts match `held`, the blocks of each sequence.

        Raises AssertionError that names the block.
        """
        counted = Counter(block for blocks in held for block in blocks)
        for block, holders in enumerate(self._holders):
            assert holders == counted[block], (
                f"block {block} counts {holders} holders, {counted[block]} hold it"
            )
            assert (block in self._free) == (holders == 0), (
                f"block {block} is held and free, or neither"
            )
        assert {prefix: block for block, prefix in self._hash_of.items()} == self._block_of, (
            "two blocks are registered under the same prefix"
        )


def hash_block(before: bytes, tokens: Sequence[int], pictures: bytes = b"") -> bytes:
    """Return the hash of a block's prefix.

    `before` is the hash of the preceding block; `pictures` identifies the pictures that overlap
    this block. The hash is cryptographic: a collision would show one person's conversation to
    another.
    """
    digest = blake2b(before, digest_size=20)
    digest.update(array("q", tokens).tobytes())
    digest.update(pictures)
    return digest.digest()
