"""Pictures that come inside a request; nothing is ever fetched from an address."""

from __future__ import annotations

import base64
import binascii
import re

from inference.server.errors import wrong

DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,\s*(.*)", re.DOTALL)


def read_data_url(url: str, field: str) -> bytes:
    """Return the file in a data URL. A server that fetched addresses would be a way into its
    network.

    Raises Refused.
    """
    found = DATA_URL.fullmatch(url.strip())
    if not found:
        raise wrong(field, url, "is data:image/…;base64,…, for this server fetches nothing")
    return read_base64(found[1], field)


def read_base64(data: str, field: str) -> bytes:
    """Return the bytes; raises Refused for what is no base64."""
    try:
        return base64.b64decode(re.sub(r"\s", "", data), validate=True)
    except (binascii.Error, ValueError):
        raise wrong(field, data, "is base64") from None
