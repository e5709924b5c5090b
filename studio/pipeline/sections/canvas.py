"""A picture under construction: shapes in a few tones."""

from __future__ import annotations

from dataclasses import dataclass, replace

from studio.pipeline.sections.palettes import mix

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tones:
    """The colors of a picture, from pale to dark, a second color and paper."""

    pale: str
    light: str
    mid: str
    strong: str
    dark: str
    second: str
    paper: str
    window: str = "#ffffff"  # the ground of a program that a picture shows

    def darkened(self) -> Tones:
        """Return tones that white text is legible on."""
        night = "#0d0f12"
        return replace(
            self,
            pale=mix(self.dark, night, 0.35),
            light=mix(self.dark, night, 0.2),
            mid=mix(self.dark, self.strong, 0.12),
            strong=mix(self.dark, self.strong, 0.3),
            dark=mix(self.dark, night, 0.6),
            second=mix(self.second, self.dark, 0.35),
        )

    def turned(self, number: int) -> Tones:
        """Return the same tones with other roles, so that neighbors differ."""
        turn = number % 3
        if turn == 1:
            return replace(self, strong=self.dark, dark=self.strong)
        if turn == 2:
            return replace(self, strong=mix(self.second, self.dark, 0.12), second=self.strong)
        return self


class Canvas:
    """A picture under construction; lengths in px."""

    def __init__(self, size: Size) -> None:
        self.width, self.height = size
        self._shapes: list[str] = []

    def fill(self, color: str) -> None:
        self.rect(0, 0, self.width, self.height, color)

    def rect(
        self, x: float, y: float, width: float, height: float, color: str, radius: float = 0
    ) -> None:
        corner = f' rx="{radius:.4g}"' if radius else ""
        self._shapes.append(
            f'<rect x="{x:.4g}" y="{y:.4g}" width="{width:.4g}" height="{height:.4g}"{corner} fill="{color}"/>'
        )

    def circle(self, x: float, y: float, radius: float, color: str, opacity: float = 1) -> None:
        self.ellipse(x, y, radius, radius, color, opacity)

    def ellipse(
        self, x: float, y: float, rx: float, ry: float, color: str, opacity: float = 1
    ) -> None:
        fade = f' opacity="{opacity:g}"' if opacity < 1 else ""
        self._shapes.append(
            f'<ellipse cx="{x:.4g}" cy="{y:.4g}" rx="{rx:.4g}" ry="{ry:.4g}" fill="{color}"{fade}/>'
        )

    def path(self, d: str, color: str) -> None:
        self._shapes.append(f'<path d="{d}" fill="{color}"/>')

    def stroke(self, d: str, color: str, width: float) -> None:
        self._shapes.append(
            f'<path d="{d}" fill="none" stroke="{color}" stroke-width="{width:.3g}" stroke-linecap="round"/>'
        )

    def arch(self, x: float, foot: float, width: float, height: float, color: str) -> None:
        """Add an arched window that stands on `foot`."""
        half = width / 2
        top = foot - height + half
        self.path(
            f"M{x - half:.4g} {foot:.4g}V{top:.4g}A{half:.4g}"
            f" {half:.4g} 0 01{x + half:.4g} {top:.4g}V{foot:.4g}z",
            color,
        )

    def place(self, drawing: str, x: float, y: float, scale: float, tones: Tones) -> None:
        """Add one of `objects` with its foot at this point."""
        shapes = drawing.format(a=tones.strong, b=tones.mid, c=tones.dark, p=tones.paper)
        self._shapes.append(
            f'<g transform="translate({x:.4g} {y:.4g}) scale({scale:.3g})">{shapes}</g>'
        )

    def write(self) -> str:
        shapes = "\n  ".join(self._shapes)
        box = (
            f'viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}"'
        )
        return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>\n  {shapes}\n</svg>\n'
