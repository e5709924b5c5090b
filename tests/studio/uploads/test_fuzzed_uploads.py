"""Damaged pictures sent to the start page: each is a run or one sentence, never an error of ours.

Sixteen hundred of them, always the same; LIKENESS_FUZZED=1250 sends ten thousand (eight minutes).
"""

from __future__ import annotations

import io
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from studio.runs.models import Run
from studio.uploads.models import Upload

pytestmark = pytest.mark.django_db
SEEDS, EACH = 8, int(os.environ.get("LIKENESS_FUZZED", "200"))
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")


def originals(dice: random.Random) -> list[bytes]:
    """One small picture in each format, all different."""
    found = []
    for form in FORMATS:
        picture = Image.frombytes("RGB", (24, 18), dice.randbytes(24 * 18 * 3))
        out = io.BytesIO()
        picture.save(out, form)
        found.append(out.getvalue())
    return found


def flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 1, 2, 8, 64))):
        data[dice.randrange(len(data))] = dice.randrange(256)


def flip_head(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(min(40, len(data)))] ^= 1 << dice.randrange(8)


def cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(1, len(data)) :]


def drop(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    del data[start : start + dice.randrange(1, 20)]


def repeat(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    data[start:start] = data[start : start + dice.randrange(1, 200)]


def swell(data: bytearray, dice: random.Random) -> None:
    """A length or a size that says far too much."""
    start = dice.randrange(len(data))
    data[start : start + 4] = b"\xff\xff\xff\x7f"


def append(data: bytearray, dice: random.Random) -> None:
    data += dice.choice((b"<script>alert(1)</script>", b"PK\x03\x04", dice.randbytes(50)))


MUTATORS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip,
    flip,
    flip_head,
    flip_head,
    cut,
    drop,
    repeat,
    swell,
    append,
)


def mutants(seed: int) -> list[bytes]:
    dice = random.Random(seed)
    found, bases = [], originals(dice)
    for _ in range(EACH):
        data = bytearray(dice.choice(bases))
        for _ in range(dice.choice((1, 1, 1, 2, 3))):
            if data:
                dice.choice(MUTATORS)(data, dice)
        found.append(bytes(data))
    return found


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_damaged_picture_is_a_run_or_a_sentence(client: Client, seed: int) -> None:
    before = stored_files()
    answers = {302: 0, 422: 0}
    for number, data in enumerate(mutants(seed)):
        response = client.post("/", {"mockup": SimpleUploadedFile("mockup.png", data)})
        assert response.status_code in answers, (
            f"seed {seed}, mutant {number}: {response.status_code}"
        )
        answers[response.status_code] += 1
        if response.status_code == 422:
            assert b'role="alert"' in response.content
    assert min(answers.values()) > EACH // 20, answers  # the mutator damages neither all nor none
    assert Run.objects.count() == answers[302]
    kept = {
        Path(str(name)).name
        for upload in Upload.objects.all()
        for name in (upload.file.name, upload.thumbnail.name)
    }
    assert {path.name for path in stored_files() - before} <= kept


def stored_files() -> set[Path]:
    return {path for path in (Path(settings.DATA_DIR) / "files").rglob("*") if path.is_file()}
