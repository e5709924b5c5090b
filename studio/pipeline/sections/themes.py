"""The six themes: type, shape and rhythm as tokens; colors come from `palettes`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

from studio.pipeline.outline.schema import Look, ThemeKey
from studio.pipeline.sections.palettes import Palette

SYSTEM_SANS = 'system-ui, -apple-system, "Segoe UI", sans-serif'
SYSTEM_SERIF = 'Georgia, "Times New Roman", serif'
SYSTEM_MONO = "ui-monospace, Menlo, Consolas, monospace"


@dataclass(frozen=True, slots=True)
class Typeface:
    """A family of the open fonts; `cyrillic` stands for it where it lacks these letters."""

    family: str
    fallback: str
    cyrillic: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """Tokens of one theme. Sizes are those at wide windows, in px; `align` is that of section heads."""

    display: Typeface
    body: Typeface
    weight: int
    tracking: str
    leading: str
    hero: int
    heading: int
    title: int
    lead: int
    text: int
    radius: int
    radius_large: int
    radius_button: int
    border: int
    shadow: str
    section: int
    container: int
    align: str
    label: str  # how eyebrows and small labels look: "caps", "mono", "plain"
    gap: int = 32


THEMES: Mapping[ThemeKey, Theme] = MappingProxyType(
    {
        "clear": Theme(
            Typeface("Manrope", SYSTEM_SANS),
            Typeface("Manrope", SYSTEM_SANS),
            weight=700,
            tracking="-0.03em",
            leading="1.1",
            hero=60,
            heading=40,
            title=20,
            lead=20,
            text=16,
            radius=12,
            radius_large=20,
            radius_button=10,
            border=1,
            shadow="0 1px 2px rgb(16 24 40 / 0.05), 0 12px 32px -12px rgb(16 24 40 / 0.14)",
            section=104,
            container=1160,
            align="center",
            label="plain",
        ),
        "editorial": Theme(
            Typeface("Newsreader", SYSTEM_SERIF, "Playfair Display"),
            Typeface("Public Sans", SYSTEM_SANS, "Onest"),
            weight=500,
            tracking="-0.02em",
            leading="1.05",
            hero=80,
            heading=48,
            title=24,
            lead=20,
            text=16,
            radius=0,
            radius_large=0,
            radius_button=0,
            border=1,
            shadow="none",
            section=112,
            container=1160,
            align="start",
            label="caps",
            gap=40,
        ),
        "warm": Theme(
            Typeface("Fraunces", SYSTEM_SERIF, "Lora"),
            Typeface("Figtree", SYSTEM_SANS, "Nunito"),
            weight=600,
            tracking="-0.02em",
            leading="1.1",
            hero=64,
            heading=40,
            title=20,
            lead=20,
            text=16,
            radius=20,
            radius_large=32,
            radius_button=999,
            border=1,
            shadow="none",
            section=104,
            container=1120,
            align="center",
            label="plain",
        ),
        "bold": Theme(
            Typeface("Archivo", SYSTEM_SANS, "Rubik"),
            Typeface("Archivo", SYSTEM_SANS, "Rubik"),
            weight=900,
            tracking="-0.04em",
            leading="0.98",
            hero=92,
            heading=56,
            title=24,
            lead=20,
            text=16,
            radius=4,
            radius_large=8,
            radius_button=4,
            border=2,
            shadow="6px 6px 0 var(--line)",
            section=104,
            container=1200,
            align="start",
            label="tag",
        ),
        "calm": Theme(
            Typeface("Cormorant Garamond", SYSTEM_SERIF),
            Typeface("Jost", SYSTEM_SANS),
            weight=500,
            tracking="-0.01em",
            leading="1.08",
            hero=76,
            heading=48,
            title=28,
            lead=20,
            text=17,
            radius=2,
            radius_large=2,
            radius_button=2,
            border=1,
            shadow="none",
            section=128,
            container=1120,
            align="center",
            label="caps",
            gap=40,
        ),
        "tech": Theme(
            Typeface("Space Grotesk", SYSTEM_SANS, "Onest"),
            Typeface("Geist", SYSTEM_SANS, "Onest"),
            weight=600,
            tracking="-0.035em",
            leading="1.05",
            hero=68,
            heading=40,
            title=20,
            lead=20,
            text=16,
            radius=8,
            radius_large=12,
            radius_button=8,
            border=1,
            shadow="none",
            section=104,
            container=1160,
            align="start",
            label="mono",
            gap=24,
        ),
    }
)
MONO = Typeface("JetBrains Mono", SYSTEM_MONO)
# Families that hold the letters of a language; they follow the theme's own, which draws Latin.
BY_LANGUAGE: Mapping[str, str] = MappingProxyType({"zh": "Noto Sans SC", "ja": "Noto Sans JP"})
BY_LANGUAGE_SYSTEM: Mapping[str, str] = MappingProxyType(
    {
        "zh": '"PingFang SC", "Microsoft YaHei"',
        "ja": '"Hiragino Sans", "Yu Gothic"',
    }
)
# Density → factor of the space above and below a section.
DENSITIES = {"compact": 0.65, "normal": 1.0, "airy": 1.25}
# CJK letters fill their square: a headline of them is set smaller.
CJK_SCALE = 0.8


def list_families(theme: Theme, language: str) -> list[str]:
    """Return the open families that a page of this theme and language uses."""
    faces = [theme.display, theme.body]
    if theme.label == "mono":
        faces.append(MONO)
    families = [_name_family(face, language) for face in faces]
    if language in BY_LANGUAGE:
        families.append(BY_LANGUAGE[language])
    return list(dict.fromkeys(families))


def _name_family(face: Typeface, language: str) -> str:
    return face.cyrillic if language == "ru" and face.cyrillic else face.family


def _write_stack(face: Typeface, language: str) -> str:
    family = _name_family(face, language)
    names = [f'"{family}"']
    if language in BY_LANGUAGE:
        names += [BY_LANGUAGE_SYSTEM[language], f'"{BY_LANGUAGE[language]}"']
    return ", ".join([*names, face.fallback])


def list_tokens(look: Look, palette: Palette, language: str) -> Iterator[tuple[str, str]]:
    """Yield the custom properties of a page: colors, type, shape and spaces."""
    theme = THEMES[look.theme]
    for name, color in asdict(palette).items():
        yield f"--{name.replace('_', '-')}", color
    yield "--font-display", _write_stack(theme.display, language)
    yield "--font-body", _write_stack(theme.body, language)
    if theme.label == "mono":
        yield "--font-label", _write_stack(MONO, language)
    scale = CJK_SCALE if language in BY_LANGUAGE else 1.0
    yield (
        "--weight-display",
        str(min(theme.weight, 700) if language in BY_LANGUAGE else theme.weight),
    )
    yield "--tracking", "0" if language in BY_LANGUAGE else theme.tracking
    yield "--leading", "1.3" if language in BY_LANGUAGE else theme.leading
    yield "--size-hero", _write_fluid(theme.hero * scale, 36)
    yield "--size-heading", _write_fluid(theme.heading * scale, 30)
    yield "--size-title", f"{theme.title / 16:g}rem"
    yield "--size-lead", f"{theme.lead / 16:g}rem"
    yield "--size-text", f"{theme.text / 16:g}rem"
    yield "--size-small", "0.875rem"
    yield "--radius", f"{theme.radius}px"
    yield "--radius-large", f"{theme.radius_large}px"
    yield "--radius-button", f"{theme.radius_button}px"
    yield "--shadow", theme.shadow
    section = 4 * round(theme.section * DENSITIES[look.density] / 4)
    yield "--section", f"clamp({4 * round(section * 0.6 / 4)}px, 8vw, {section}px)"
    yield "--gap", f"{theme.gap}px"
    yield "--container", f"{theme.container}px"


def _write_fluid(wide: float, narrow: float) -> str:
    """Return a size that is `narrow` px on a phone and `wide` px from a window of 1,200 px on."""
    narrow = min(narrow, wide)
    return f"clamp({narrow / 16:g}rem, {wide / 12:.3g}vw + 0.25rem, {round(wide) / 16:g}rem)"
