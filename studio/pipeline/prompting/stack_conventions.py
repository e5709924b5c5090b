"""How a page is written in each stack: which files an answer names, and what goes where.

The texts are parts of prompts.
"""

from __future__ import annotations

HTML_FILES = """```html index.html
…
```
```css styles.css
…
```"""
HTML_RULES = (
    "- index.html links styles.css; no inline styles, no external addresses, no CDN, no script "
    "unless asked for."
)
HTML_TOKENS = (
    "- Colours, sizes and spacing as custom properties on :root; repeated things share one class."
)

TAILWIND_TOKENS = """\
- Tailwind 4: the sheet begins with @import "tailwindcss"; then @theme holds the palette (--color-…),
  the type scale (--text-…) and the fonts (--font-…), and classes use those names. No tailwind.config.js, no @apply."""
PICTURES = "- Pictures are under /assets/ as given. No external addresses, no CDN, no package but those named here."

CONVENTIONS: dict[str, tuple[str, str]] = {
    "html-css": (HTML_FILES, f"{HTML_RULES}\n{HTML_TOKENS}"),
    "tailwind": (
        """```html index.html
…
```
```css src/styles.css
@import "tailwindcss";
…
```""",
        f"- index.html links /src/styles.css; utilities in class attributes say how things look.\n"
        f"{TAILWIND_TOKENS}\n{PICTURES}",
    ),
    "react": (
        """```jsx src/App.jsx
…
```
```jsx src/components/Card.jsx
…
```
```css src/styles.css
@import "tailwindcss";
…
```""",
        f"- React 19 and Tailwind: src/App.jsx exports the page as its default; one component a file in\n"
        f"  src/components, imported with its suffix; what repeats is one component with props, its data an "
        f"array beside its use.\n"
        f"{TAILWIND_TOKENS}\n{PICTURES}\n"
        f"- index.html, src/main.jsx, package.json and the build's settings are there already.",
    ),
    "vue": (
        """```vue src/App.vue
…
```
```vue src/components/Card.vue
…
```
```css src/styles.css
@import "tailwindcss";
…
```""",
        f"- Vue 3 and Tailwind: single-file components with <script setup> in JavaScript; src/App.vue is the page,\n"
        f"  the parts are in src/components; what repeats is one component with props, its data an array beside "
        f"its use.\n"
        f"{TAILWIND_TOKENS}\n{PICTURES}\n"
        f"- index.html, src/main.js, package.json and the build's settings are there already.",
    ),
    "bootstrap": (
        """```html index.html
…
```
```css src/styles.css
…
```""",
        "- Bootstrap 5.3: index.html links bootstrap.css and then /src/styles.css; Bootstrap's grid, components and\n"
        "  utilities where they look like the mockup, src/styles.css for the rest, with Bootstrap's variables "
        "(--bs-…)\n"
        "  set on :root.\n"
        f"{PICTURES}",
    ),
}
