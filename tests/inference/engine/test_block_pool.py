import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.engine.blocks import BlockPool, hash_block


def test_a_known_prefix_is_found_again_after_its_holder_left() -> None:
    pool = BlockPool(4, 2)
    first, second = pool.take(), pool.take()
    assert first is not None
    assert second is not None
    one = hash_block(b"", [1, 2])
    two = hash_block(one, [3, 4])
    pool.register(first, one)
    pool.register(second, two)
    pool.release([first, second])
    assert pool.reuse([one, two, b"unknown"]) == [first, second]
    assert pool.free == 2


def test_the_end_of_the_oldest_prefix_is_overwritten_first() -> None:
    pool = BlockPool(4, 1)
    held = [[pool.take() for _ in range(2)] for _ in range(2)]
    for name, blocks in zip("ab", held, strict=True):
        for place, block in enumerate(blocks):
            assert block is not None
            pool.register(block, f"{name}{place}".encode())
    for blocks in held:
        pool.release([block for block in blocks if block is not None])
    assert [pool.take() for _ in range(4)] == [held[0][1], held[0][0], held[1][1], held[1][0]]
    assert pool.reuse([b"a0"]) == []


def test_blocks_without_a_prefix_go_before_those_with_one() -> None:
    pool = BlockPool(2, 1)
    first, second = pool.take(), pool.take()
    assert first is not None
    assert second is not None
    pool.register(first, b"known")
    pool.release([first])
    pool.release([second])
    assert pool.take() == second


def test_a_block_given_back_twice_is_told() -> None:
    pool = BlockPool(2, 1)
    block = pool.take()
    assert block is not None
    pool.release([block])
    with pytest.raises(AssertionError, match="too often"):
        pool.release([block])


def test_a_block_nobody_gave_back_is_told() -> None:
    pool = BlockPool(2, 1)
    pool.take()
    with pytest.raises(AssertionError, match="1 holders, 0 hold it"):
        pool.check_integrity()


def test_the_hash_of_a_block_depends_on_all_that_came_before_and_on_its_pictures() -> None:
    one = hash_block(b"", [1, 2])
    assert (
        len(
            {
                one,
                hash_block(b"", [2, 1]),
                hash_block(one, [1, 2]),
                hash_block(b"", [1, 2], b"a picture"),
            }
        )
        == 4
    )


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=60))
def test_whatever_is_taken_shared_and_given_back_no_block_is_lost(
    moves: list[tuple[int, int]],
) -> None:
    pool = BlockPool(6, 1)
    held: list[list[int]] = []
    for known, move in moves:
        if move == 0 and held:
            pool.release(held.pop(known % len(held)))
        elif move == 1:
            held.append(pool.reuse([bytes([known]), bytes([known + 1])]))
        elif (block := pool.take()) is not None:
            pool.register(block, bytes([known]))
            held.append([block])
        pool.check_integrity(held)
