"""What is read from an application's style sheets."""

from __future__ import annotations

from studio.pipeline.stacks.component_library import LibrarySource, read_library
from studio.pipeline.stacks.host_theme import read_host_theme

SHADCN = """@import "tailwindcss";
:root { --radius: 0.625rem; --primary: oklch(0.577 0.245 27.325); }
.dark { --primary: oklch(0.9 0 0); }
@theme inline {
  --radius-sm: calc(var(--radius) - 4px);
  --radius-lg: var(--radius);
  --color-primary: var(--primary);
  --color-loop: var(--color-loop);
  --breakpoint-md: 50rem;
}
@layer base { h1 { margin: 0; } body { color: red; } }
"""


def test_a_theme_is_resolved_through_its_custom_properties() -> None:
    theme = read_host_theme([SHADCN])
    assert theme.colors == {"primary": (231, 0, 11)}
    assert theme.follows_scheme
    assert (theme.radii[6.0], theme.radii[10.0]) == ("md", "lg")
    assert 8.0 not in theme.radii  # `rounded-lg` is another size here
    assert theme.breakpoints[800.0] == "md"
    assert 768.0 not in theme.breakpoints
    assert not theme.styles_elements  # those in a layer give way to classes


def test_only_selectors_of_elements_outside_layers_count() -> None:
    assert read_host_theme(["main > a { color: red; }"]).styles_elements
    assert read_host_theme(["@media print { h1 { color: red; } }"]).styles_elements
    assert not read_host_theme([".card, #root, body { color: red; }"]).styles_elements


def test_another_rem_is_seen() -> None:
    assert read_host_theme([":root { font: 18px/145% sans-serif; }"]).has_own_rem
    assert not read_host_theme(["body { font-size: 18px; }"]).has_own_rem


def test_a_broken_sheet_is_read_as_far_as_it_goes() -> None:
    theme = read_host_theme(
        ["}}} @theme { --color-a: #fff; --color-b: nonsense( } @theme", "{" * 99]
    )
    assert theme.colors.get("b") is None


def test_a_sheet_with_blocks_in_blocks_is_left_out() -> None:
    theme = read_host_theme(["@media a{" * 5000, "@theme{--color-brand:#fff}"])
    assert "brand" in theme.colors


def test_components_whose_source_is_one_long_word_are_read() -> None:
    """Each took a minute and more."""
    source = f"export function Button() {{}}\ncva('a', {{ variants: {{ variant: {{ {'a' * 59_000}"
    sources = tuple(LibrarySource(f"@/ui/button{n}", source) for n in range(20))
    assert read_library(sources)["Button"].variants == {}
