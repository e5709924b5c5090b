"""Pictures are decoded in a process of their own, which may take so much memory and time and no
more.
"""

from __future__ import annotations

import io
import resource
import threading
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from studio.pipeline.picture_files import PictureError, read_picture
from studio.teams.models import Team
from studio.uploads import services
from studio.uploads.models import Upload


def png(width: int, height: int, mode: str = "RGBA") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.django_db
def test_four_pictures_of_forty_megapixels_at_once_leave_this_process_small() -> None:
    team, bomb = Team.objects.create(name="x"), png(8000, 5000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(services.read_upload(io.BytesIO(bomb))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000
    )  # kB; one decoded is 160,000
    assert not Upload.objects.filter(team=team).exists()


def test_a_picture_that_takes_too_much_memory_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decoder = services.decoder()
    decoder.close()
    monkeypatch.setattr(decoder, "limits", replace(decoder.limits, megabytes=150))
    with pytest.raises(PictureError, match="too much memory"):
        services.read_upload(io.BytesIO(png(8000, 5000)))
    decoder.close()


def test_its_own_errors_come_through() -> None:
    with pytest.raises(PictureError, match="not a picture this studio supports"):
        services.read_upload(io.BytesIO(b"words"))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB"])
def test_transparency_is_laid_on_white(mode: str) -> None:
    picture = Image.new("RGBA", (20, 20), (200, 0, 0, 128)).convert(mode)
    out = io.BytesIO()
    picture.save(out, "PNG")
    stored = read_picture(out.getvalue(), most_bytes=10**6, most_pixels=10**6)
    reference = Image.new("RGBA", (20, 20), "white")
    reference.alpha_composite(picture.convert("RGBA"))
    got: Any = Image.open(io.BytesIO(stored.png)).getpixel((5, 5))
    wanted: Any = reference.getpixel((5, 5))
    assert all(abs(a - b) <= 1 for a, b in zip(got, wanted, strict=False))
