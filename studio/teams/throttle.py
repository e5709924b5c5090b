"""Slows down guessing, and making accounts by the dozen: so many in a quarter of an hour, then none. Counted in Redis.

A Redis that is away lets people in: a studio that nobody can sign in to helps nobody, and passwords are hashed slowly.
"""

from __future__ import annotations

import hashlib
import logging
from functools import lru_cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

WINDOW = 900  # seconds
# Of one person from one place: a few slips of the hand. Of one place: an office behind one address.
MOST_OF_ONE, MOST_OF_A_PLACE = 10, 100
MOST_SIGN_UPS = 20  # of one place, refused ones too: their answer tells whether an address has an account

logger = logging.getLogger(__name__)


def too_many(*, place: str, name: str) -> bool:
    try:
        of_one, of_all = connect().mget(_key(place, name), _key(place))
    except redis.RedisError:
        return False
    return int(of_one or 0) >= MOST_OF_ONE or int(of_all or 0) >= MOST_OF_A_PLACE


def note_failure(*, place: str, name: str) -> None:
    try:
        _count(_key(place, name), _key(place))
    except redis.RedisError as error:
        logger.warning("a failed sign-in was not counted: Redis is away (%s)", type(error).__name__)


def forget(*, place: str, name: str) -> None:
    """Who signed in has no failures."""
    try:
        connect().delete(_key(place, name))
    except redis.RedisError:
        logger.warning("failed sign-ins were not forgotten: Redis is away")


def one_more_sign_up(*, place: str) -> bool:
    """Counts it; False when that is one too many."""
    try:
        (count,) = _count(_key(place, of="sign-up"))
    except redis.RedisError:
        return True
    return count <= MOST_SIGN_UPS


@lru_cache(maxsize=1)
def connect() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), socket_connect_timeout=2)


def _count(*keys: str) -> list[int]:
    """One more of each, from the first on for a window's time; how many that makes. Raises RedisError."""
    with connect().pipeline(transaction=False) as pipe:
        for key in keys:
            pipe.incr(key)
            pipe.expire(key, WINDOW, nx=True)
        return [int(count) for count in pipe.execute()[::2]]


def _key(place: str, name: str = "", of: str = "sign-in") -> str:
    """Hashed: Redis need not know who tried to sign in."""
    return f"{of}:" + hashlib.sha256(f"{place}\n{name.lower()}".encode()).hexdigest()[:32]
