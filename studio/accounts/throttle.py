"""Limits on password guessing, sign-ups and API requests, counted in Redis.

Three counts stand for three ways of guessing: one person from one network, many people from one
network, one person from many networks. The third never locks anybody out: tries of such an account
are only spaced by a few seconds, and a browser that signed in before does not wait. If Redis is
away, people can sign in: a studio without sign-in helps nobody, and password hashes are slow.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import time
from functools import lru_cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

WINDOW = 900  # seconds
# Tries of one person in one network: some typing errors. Of one network: an office behind one
# address.
MOST_OF_ONE = 10
MOST_OF_A_PLACE = 100
MOST_OF_AN_ACCOUNT = 20  # tries of one account from everywhere before they are spaced
LONGEST_PAUSE = 10  # seconds between tries of one account: about 90 in a window
MOST_CODES = 5  # tries of a second factor before they are spaced
# Seconds; three of a million codes are right, so a day of guessing succeeds in 0.4 % of cases.
CODE_PAUSE = 60
# Of one network, refused ones too: with an invitation the answer reveals whether an address has an
# account.
MOST_SIGN_UPS = 20
MOST_MAILS = 5  # that one person can send to addresses they typed
NETWORK_BITS = 64  # of an IPv6 address: the usual size of one household or rented server
MINUTE = 60  # seconds

logger = logging.getLogger(__name__)


def take_turn(*, place: str, name: str, device: str = "") -> int:
    """Count a try of `name`'s password and return the seconds to wait; 0: try now.

    It is counted before it is tried, so simultaneous tries do not all pass. `device` is the cookie
    of a browser that signed in to this account before; it has its own count.
    """
    try:
        if device:
            key = _make_key(device, name, of="device")
            (count,) = _count(key)
            return _time_left(key) if count > MOST_OF_ONE else 0
        network = network_of(place)
        of_one, of_place, of_account = _count(*_keys(network, name))
        if of_one > MOST_OF_ONE or of_place > MOST_OF_A_PLACE:
            return WINDOW
        excess = of_account - MOST_OF_AN_ACCOUNT
        if excess <= 0:
            return 0
        return _space_out(_make_key("", name, of="pause"), min(2**excess, LONGEST_PAUSE))
    except redis.RedisError as error:
        logger.warning("a sign-in was not counted: Redis is away (%s)", type(error).__name__)
        return 0


def take_code_turn(*, name: str) -> int:
    """Count a try of `name`'s second factor, like `take_turn`."""
    try:
        (count,) = _count(_make_key("", name, of="code"))
        if count <= MOST_CODES:
            return 0
        return _space_out(_make_key("", name, of="code pause"), CODE_PAUSE)
    except redis.RedisError as error:
        logger.warning("a code was not counted: Redis is away (%s)", type(error).__name__)
        return 0


def forget(*, place: str, name: str, device: str = "") -> None:
    """Undo the count of a successful try; other people's tries of the account stay counted."""
    try:
        if device:
            connect().delete(_make_key(device, name, of="device"))
            return
        of_one, *shared_keys = _keys(network_of(place), name)
        with connect().pipeline(transaction=False) as pipe:
            pipe.delete(of_one)
            for key in shared_keys:
                pipe.decr(key)
                pipe.expire(key, WINDOW, nx=True)  # the window may have ended meanwhile
            pipe.execute()
    except redis.RedisError:
        logger.warning("a right password was counted as a try: Redis is away")


def forget_codes(*, name: str) -> None:
    """Reset the count of a person whose second factor was right."""
    try:
        connect().delete(_make_key("", name, of="code"), _make_key("", name, of="code pause"))
    except redis.RedisError:
        logger.warning("tried codes were not forgotten: Redis is away")


def count_sign_up(*, place: str) -> bool:
    """Count a sign-up; return False if there were too many."""
    return _is_within(_make_key(network_of(place), of="sign-up"), MOST_SIGN_UPS)


def one_more_mail(*, name: str) -> bool:
    """Count a mail to an address that `name` typed; return False if there were too many."""
    return _is_within(_make_key("", name, of="mail"), MOST_MAILS)


def count_api_request(*, user_id: int, team_id: int) -> int:
    """Count a request of the person and the team; return the seconds to wait, 0: answer it."""
    now = int(time.time())
    minute = now // MINUTE
    limits = {
        f"api:user:{user_id}:{minute}": settings.API_REQUESTS,
        f"api:team:{team_id}:{minute}": settings.TEAM_API_REQUESTS,
    }
    try:
        counts = _count(*limits)
    except redis.RedisError:
        return 0
    is_over = any(count > most for count, most in zip(counts, limits.values(), strict=True))
    return MINUTE - now % MINUTE if is_over else 0


def network_of(place: str) -> str:
    """Return the network: an IPv4 address, the /64 of an IPv6 address, or other text."""
    try:
        address = ipaddress.ip_address(place.partition("%")[0])
    except ValueError:
        return place
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, NETWORK_BITS), strict=False))


@lru_cache(maxsize=1)
def connect() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, retry=Retry(NoBackoff(), 0), socket_connect_timeout=2
    )


def _is_within(key: str, most: int) -> bool:
    try:
        (count,) = _count(key)
    except redis.RedisError:
        return True
    return count <= most


def _space_out(key: str, seconds: int) -> int:
    """Take the account's single turn within `seconds`, or return the seconds to wait."""
    if connect().set(key, 1, nx=True, ex=seconds):
        return 0
    return _time_left(key)


def _time_left(key: str) -> int:
    return max(1, int(connect().ttl(key)))


def _count(*keys: str) -> list[int]:
    """Increment the counters, each valid for a window; return their values.

    Raises RedisError.
    """
    with connect().pipeline(transaction=False) as pipe:
        for key in keys:
            pipe.incr(key)
            pipe.expire(key, WINDOW, nx=True)
        return [int(count) for count in pipe.execute()[::2]]


def _keys(network: str, name: str) -> tuple[str, str, str]:
    """Return the keys of person and network, of the network, and of the person."""
    return _make_key(network, name), _make_key(network), _make_key("", name, of="account")


def _make_key(place: str, name: str = "", of: str = "sign-in") -> str:
    """Return a hashed key: Redis need not contain names of people."""
    return f"{of}:" + hashlib.sha256(f"{place}\n{name.lower()}".encode()).hexdigest()[:32]
