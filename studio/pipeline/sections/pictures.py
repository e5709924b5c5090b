"""Pictures of ours: flat drawings in the page's own colors, as SVG files beside the page.

They stand where photographs will be. The same page always gets the same pictures.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Sequence

from studio.pipeline.outline.schema import Look
from studio.pipeline.outline.topics import find_topic
from studio.pipeline.sections.canvas import Canvas, Size, Tones
from studio.pipeline.sections.objects import list_objects
from studio.pipeline.sections.palettes import Palette, mix
from studio.pipeline.sections.scenes import (
    SCENES,
    draw_map,
    draw_person,
    draw_screen,
)

FOLDER = "assets/pictures"
OUTDOORS = ("sea", "mountains", "city", "energy")
SCREENS = ("software", "money")


class PictureBook:
    """Draws the pictures of one page and collects them; each method returns a picture's path."""

    def __init__(self, palette: Palette, look: Look, topic: str, seed: str) -> None:
        self.assets: dict[str, bytes] = {}
        self._tones = make_tones(palette, look)
        self._topic = topic
        self._seed = seed
        self._objects = 0
        self._scenes = 0
        self._people = 0

    def draw_hero(self, size: Size) -> str:
        """Return the page's main picture: what it is about."""
        if self._topic in SCREENS:
            return self._save("hero", draw_screen(self._tones, size))
        if self._topic in OUTDOORS:
            return self._save("hero", SCENES[self._topic](self._tones, size, self._rng("hero")))
        if not self._topic:
            return self._save("hero", SCENES["tiles"](self._tones, size, self._rng("hero")))
        return self._save("hero", self._still_life(size, 3))

    def draw_cover(self, size: Size) -> str:
        """Return a broad picture that text lies on: dark and calm on its left."""
        kind = self._topic if self._topic in OUTDOORS else "hills"
        kind = "tiles" if self._topic in (*SCREENS, "music", "art", "") else kind
        return self._save("cover", SCENES[kind](self._tones.darkened(), size, self._rng("cover")))

    def draw_object(self, title: str, size: Size) -> str:
        """Return a picture of one thing; a title that names another topic shows that."""
        drawings = list_objects(self._choose_topic(title))
        drawing = drawings[self._objects % len(drawings)]
        canvas = Canvas(size)
        self._objects += 1
        width, height = size
        tones = self._tones.turned(self._objects)
        canvas.fill(tones.pale)
        canvas.circle(width / 2, height * 0.5, height * 0.36, tones.light)
        canvas.ellipse(width / 2, height * 0.8, width * 0.24, height * 0.028, tones.mid, 0.35)
        canvas.place(drawing, width / 2, height * 0.8, height / 420, tones)
        return self._save(f"item {self._objects}", canvas)

    def draw_scene(self, key: str, size: Size) -> str:
        """Return one of a series of pictures that suit the topic."""
        kinds = self._list_scenes()
        kind = kinds[self._scenes % len(kinds)]
        tones = self._tones.turned(self._scenes)
        self._scenes += 1
        if kind == "still":
            return self._save(key, self._still_life(size, 2 + self._scenes % 2, tones))
        return self._save(key, SCENES[kind](tones, size, self._rng(key)))

    def draw_person(self, name: str, size: Size) -> str:
        self._people += 1
        tones = self._tones.turned(self._people)
        return self._save(f"person {self._people}", draw_person(tones, size, self._rng(name)))

    def draw_map(self, size: Size) -> str:
        return self._save("map", draw_map(self._tones, size, self._rng("map")))

    def _choose_topic(self, title: str) -> str:
        return find_topic(title) or self._topic

    def _list_scenes(self) -> Sequence[str]:
        if self._topic in SCREENS:
            return ("tiles", "rings", "waves")
        if self._topic in ("music", "art", ""):
            return ("tiles", "rings", "still", "waves")
        if self._topic in ("architecture", "law"):
            return ("facade", "room", "city", "stairs", "facade", "room")
        if self._topic in OUTDOORS:
            return (self._topic, "hills", "still", "room")
        if self._topic == "hotel":
            return ("room", "hills", "still", "mountains")
        if self._topic in ("photo", "people"):
            return ("hills", "city", "sea", "mountains", "room", "facade")
        return ("still", "room", "hills")

    def _still_life(self, size: Size, count: int, tones: Tones | None = None) -> Canvas:
        tones = tones or self._tones
        canvas = Canvas(size)
        width, height = size
        table = height * 0.76
        canvas.fill(tones.pale)
        wide = width > 1.3 * height
        arch = (0.3 if wide else 0.4) * width
        middle = width * (0.5 if count != 2 else 0.52)
        canvas.arch(middle, table, arch, height * 0.62, tones.light)
        canvas.circle(middle + arch * 0.36, height * 0.3, height * 0.075, tones.second)
        canvas.rect(0, table, width, height - table, tones.mid)
        canvas.rect(0, table, width, height * 0.012, tones.strong)
        drawings = list_objects(self._topic)
        scale = height / 440 if wide else width / 620
        places = {1: (0.5,), 2: (0.36, 0.66), 3: (0.25, 0.5, 0.75)}[min(3, count)]
        if wide:
            places = tuple(0.5 + (place - 0.5) * 0.72 for place in places)
        foot = table + height * 0.06
        for number, place in enumerate(places):
            drawing = drawings[(number + self._scenes) % len(drawings)]
            shade = foot + height * (0.05 if number == 1 else 0)
            canvas.ellipse(width * place, shade, 110 * scale, 9 * scale, tones.strong, 0.3)
            near = foot + height * (0.05 if number == 1 else 0)
            canvas.place(drawing, width * place, near, scale, tones.turned(number))
        return canvas

    def _rng(self, key: str) -> random.Random:
        return random.Random(zlib.crc32(f"{self._seed} {key}".encode()))  # noqa: S311 (no secret)

    def _save(self, key: str, canvas: Canvas) -> str:
        name = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")
        path = f"{FOLDER}/{name}.svg"
        self.assets[path] = canvas.write().encode()
        return path


def make_tones(palette: Palette, look: Look) -> Tones:
    """Return the tones of a page's pictures: its accent from paper to dark, and a second color."""
    paper = "#ffffff"
    base = palette.accent
    if look.is_dark:
        ground = palette.surface
        return Tones(
            pale=mix(ground, base, 0.12),
            light=mix(ground, base, 0.26),
            mid=mix(ground, base, 0.42),
            strong=base,
            dark=mix(base, "#05060a", 0.42),
            second=palette.second,
            paper="#f2f0ec",
            window=palette.ground,
        )
    return Tones(
        pale=mix(paper, base, 0.1 if look.theme != "calm" else 0.08),
        light=mix(paper, base, 0.24),
        mid=mix(paper, base, 0.45),
        strong=base,
        dark=mix(base, "#16120f", 0.55),
        second=mix(palette.second, paper, 0.15),
        paper="#fffdf9",
    )
