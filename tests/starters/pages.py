"""A page with what component libraries have: buttons, a form, cards and a table."""

from __future__ import annotations

from studio.pipeline.bundle import Bundle

SHEET = """:root { --ground: #f8fafc; --ink: #171717; --accent: #1d4ed8; --line: #d4d4d8;
  --text: 1rem; --text-sm: 0.875rem; --text-xl: 1.5rem; }
*, *::before, *::after { box-sizing: border-box; }
body, h1, h2, p, ul, li, td, th { margin: 0; padding: 0; }
h1, h2, button, input { font: inherit; color: inherit; }
a { color: inherit; }
svg { display: block; flex: none; }
label { display: block; }
body { background-color: var(--ground); color: var(--ink); font-family: "Liberation Sans",
  sans-serif; font-size: var(--text); line-height: 1.5; }
.bar { display: flex; justify-content: space-between; align-items: center; padding: 1rem 2rem;
  background-color: #ffffff; border-bottom: 1px solid var(--line); }
.bar__title { font-size: var(--text-xl); font-weight: 700; }
.bar__button { display: flex; align-items: center; gap: 0.5rem; padding: 0.625rem 1.25rem;
  border-radius: 0.5rem; border: 0; background-color: var(--accent); color: #ffffff;
  font-weight: 600; }
.main { display: grid; grid-template-columns: 22rem minmax(0, 1fr); gap: 2rem; padding: 2rem; }
.card { padding: 1.5rem; border-radius: 0.75rem; border: 1px solid var(--line);
  background-color: #ffffff; }
.card__title { font-size: var(--text-xl); font-weight: 700; }
.field { margin-top: 1rem; }
.field__label { font-size: var(--text-sm); font-weight: 600; }
.field__input { width: 100%; margin-top: 0.25rem; padding: 0.5rem 0.75rem;
  border: 1px solid var(--line); border-radius: 0.375rem; background-color: #ffffff; }
.card__actions { display: flex; gap: 0.75rem; margin-top: 1.5rem; }
.save { padding: 0.5rem 1rem; border-radius: 0.375rem; border: 0; background-color: var(--ink);
  color: #ffffff; }
.cancel { padding: 0.5rem 1rem; border-radius: 0.375rem; border: 1px solid var(--line);
  background-color: #ffffff; }
.table { width: 100%; border-collapse: collapse; }
.table__head { padding: 0.75rem 1rem; text-align: left; font-size: var(--text-sm);
  font-weight: 600; border-bottom: 1px solid var(--line); }
.table__cell { padding: 0.75rem 1rem; border-bottom: 1px solid var(--line); }
::placeholder { color: #71717a; opacity: 1; }
.hint:hover { animation: blink 1s; }
@keyframes blink { from { opacity: 0; } }
"""
ROWS = "".join(
    f'<tr><td class="table__cell">{name}</td><td class="table__cell">{role}</td></tr>'
    for name, role in (("Ann Lee", "Owner"), ("Ben Cole", "Editor"), ("Cleo Park", "Viewer"))
)
ICON = (
    '<svg width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
    ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
    '<path d="M5 12h14"></path><path d="M12 5v14"></path></svg>'
)
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Office</title>
<link rel="stylesheet" href="styles.css"></head><body>
<header class="bar"><h1 class="bar__title">Members</h1>
<button class="bar__button" type="button">{ICON}Invite</button></header>
<main class="main"><div class="card"><h2 class="card__title">Your profile</h2>
<form><div class="field"><label class="field__label" for="name">Name</label>
<input class="field__input" id="name" name="name" type="text" placeholder="Full name"></div>
<div class="field"><label class="field__label" for="mail">Mail</label>
<input class="field__input" id="mail" name="mail" type="email" placeholder="you@example.com"></div>
<div class="card__actions"><button class="save" type="submit">Save</button>
<button class="cancel" type="button">Cancel</button></div></form></div>
<div class="card"><table class="table"><thead><tr><th class="table__head">Name</th>
<th class="table__head">Role</th></tr></thead><tbody>{ROWS}</tbody></table>
<p class="hint">Three members.</p></div></main></body></html>"""


def office() -> Bundle:
    return Bundle({"index.html": PAGE, "styles.css": SHEET}, {})
