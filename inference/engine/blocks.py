"""The cache's blocks: who holds which, which hold a known prefix, which goes next. Knows nothing of
tensors.

A full block is known by the hash of all tokens up to its end, so that equal prefixes share their
blocks.
"""

from __future__ import annotations

from array import array
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from hashlib import blake2b


class BlockPool:
    """`count` blocks of `size` tokens. A block nobody holds keeps what it knows until something
    else needs it.
    """

    def __init__(self, count: int, size: int) -> None:
        self.count, self.size = count, size
        self._holders = [0] * count
        self._hash_of: dict[int, bytes] = {}
        self._block_of: dict[bytes, int] = {}
        self._free = OrderedDict.fromkeys(range(count))  # next to be taken first

    @property
    def free(self) -> int:
        """Blocks nobody holds."""
        return len(self._free)

    def reuse(self, hashes: Sequence[bytes]) -> list[int]:
        """The blocks of the longest known beginning of `hashes`, now held once more."""
        found = []
        for known in hashes:
            block = self._block_of.get(known)
            if block is None:
                break
            self._holders[block] += 1
            self._free.pop(block, None)
            found.append(block)
        return found

    def take(self) -> int | None:
        """The block unused for longest, now held and knowing nothing; None when all are held."""
        if not self._free:
            return None
        block, _ = self._free.popitem(last=False)
        if known := self._hash_of.pop(block, None):
            del self._block_of[known]
        self._holders[block] = 1
        return block

    def know(self, block: int, known: bytes) -> None:
        """`block` is full, with the prefix that `known` stands for; of two such blocks the first
        stays known.
        """
        if known not in self._block_of and block not in self._hash_of:
            self._block_of[known] = block
            self._hash_of[block] = known

    def give_back(self, blocks: Iterable[int]) -> None:
        """One holder's blocks in the order of its tokens: its last one is the next to be taken, its
        first the last.

        A block that knows nothing goes before all others.
        """
        for block in reversed(list(blocks)):
            self._holders[block] -= 1
            assert self._holders[block] >= 0, f"block {block} was given back too often"
            if not self._holders[block]:
                self._free[block] = None
                if block not in self._hash_of:
                    self._free.move_to_end(block, last=False)

    def check_integrity(self, held: Iterable[Sequence[int]] = ()) -> None:
        """Every block is free or held by as many of `held` as it counts; AssertionError says which
        is not.
        """
        counted = Counter(block for blocks in held for block in blocks)
        for block, holders in enumerate(self._holders):
            assert holders == counted[block], (
                f"block {block} counts {holders} holders, {counted[block]} hold it"
            )
            assert (block in self._free) == (holders == 0), (
                f"block {block} is held and free, or neither"
            )
        assert {known: block for block, known in self._hash_of.items()} == self._block_of, (
            "two blocks know the same"
        )


def hash_block(before: bytes, tokens: Sequence[int], pictures: bytes = b"") -> bytes:
    """The hash of a block's prefix: of what came before it, its tokens and the pictures that reach
    into it.

    Cryptographic, since two prefixes that met would show one person's conversation to another.
    """
    digest = blake2b(before, digest_size=20)
    digest.update(array("q", tokens).tobytes())
    digest.update(pictures)
    return digest.digest()
