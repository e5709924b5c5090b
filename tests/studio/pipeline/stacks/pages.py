"""Two pages for the stacks: one as a person writes it, with what goes wrong in conversion,
and one as the draft writes."""

from __future__ import annotations

import io

from PIL import Image

from studio.pipeline.bundle import Bundle


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    return out.getvalue()


# Left open lists, defaults of the browser, states, widths, pseudo-elements, braces and quotes in
# the text.
ODD = """<!doctype html><html lang="en"><head><title>Odd &amp; even</title><style>
:root{--brand:#b5179e;--gap:12px;--size-big:28px} *{margin:0}
body{font:16px/1.6 "Liberation Serif",serif;color:#222;background:#fafafa}
.top a{margin-right:1rem;color:var(--brand)} .top a:hover{color:#000;text-decoration:none}
.price::before{content:"€ ";color:gray} h1{font-size:var(--size-big);margin-block:20px 8px}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:var(--gap)}
.tile{background:linear-gradient(180deg,#fff 0%,#eee 100%);
border:2px dashed #bbb;border-radius:10px 10px 0 0;padding:1em}
.tile{box-shadow:0 2px 6px rgba(0,0,0,.2);letter-spacing:.02em} .tile:nth-child(2){background:#def}
.tile img{width:100%;height:80px;object-fit:cover;display:block} ul.plain li+li{margin-top:4px}
input[type=text]{border:1px solid #999;padding:6px 10px;border-radius:4px;width:240px}
.note{color:#555!important;font-style:italic} @media (min-width:768px){h1{font-size:40px}.grid{gap:24px}}
@media (max-width:600px){.top{display:none}}
</style></head><body>
<div class="top"><a href="/a">First {one}</a>
<a href="/b">Second &lt;two&gt;</a> <a href="/c">Third {{ three }}</a></div>
<h1>Odd &amp; even <em>things</em></h1><p>Some
<strong>bold</strong> and <code>code()</code> text,
<a href="#">a link</a>.</p>
<h2>Tiles</h2><div class="grid">
<div class="tile"><img src="assets/a.png" alt="One thing"><h3>One</h3><p class="price">12</p></div>
<div class="tile"><img src="assets/a.png" alt="Two things"><h3>Two</h3><p class="price">14</p></div>
<div class="tile"><img src="assets/a.png" alt="Three"><h3>Three "quoted"</h3><p class="price">19</p></div></div>
<ul class="plain"><li>Alpha<li>Beta<li>Gamma</ul>
<form><label for=q>Search</label> <input type="text" id="q" placeholder="Words"> <button>Go</button>
<input type=checkbox checked>
<select><option>One</option><option selected>Two</option></select></form>
<table><tr><th>Name</th><th>Age</th></tr><tr><td>Ann</td><td>42</td></tr></table>
<p class="note" style="margin-top:14px">Note: done</p><pre>one
  two</pre><blockquote>Said &copy; somebody</blockquote></body></html>"""

SHEET = """:root { --ground: #ffffff; --ink: #334155; --accent: #0b6e8f; --text: 1rem;
  --text-lg: 1.5rem; --space-6: 1.5rem; }
*, *::before, *::after { box-sizing: border-box; }
body, h1, h2, p, ul, li { margin: 0; padding: 0; }
h1, h2 { font: inherit; color: inherit; }
img { display: block; flex: none; max-width: 100%; height: auto; }
body { background-color: var(--ground); color: var(--ink); font-family: "Liberation Sans",
sans-serif; font-size: var(--text);
  line-height: 1.5; }
.site-header { display: flex; justify-content: space-between; padding: 1rem 2rem; background-color: var(--accent);
  color: var(--ground); }
.title { font-size: var(--text-lg); font-weight: 700; }
.cards { display: grid; grid-template-columns: repeat(3, minmax(0,
1fr)); gap: var(--space-6); padding: 2.4375rem 2rem; }
.card { border: 1px solid #d7e1ea; border-radius: 0.75rem; padding: 1.25rem var(--space-6); }
.card-title { font-weight: 700; font-size: var(--text-lg); }
.card-text { margin-top: 0.5rem; }
.site-footer { background-color: var(--ink); color: var(--ground); padding: 1.5rem 2rem; text-align: center; }
@media (max-width: 800px) {
  .cards { grid-template-columns: minmax(0, 1fr); }
}
"""
TEXTS = (
    ("Hourly", "Pay for your time."),
    ("Silent", "Electric motors only."),
    ("Insured", "Every boat is."),
)
CARDS = "".join(
    f'<article class="card"><h2 class="card-title">{title}</h2><p class="card-text">{text}</p></article>'
    for title, text in (
        ("Hourly", "Pay for your time."),
        ("Silent", "Electric motors only."),
        ("Insured", "Every boat is."),
    )
)
DRAFT = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Harbour</title>
<link rel="stylesheet" href="styles.css"></head><body><header class="site-header"><h1 class="title">Harbour</h1>
<img src="assets/a.png" alt="A sail" width="60" height="40"></header>
<main><section class="cards">{CARDS}</section></main>
<footer class="site-footer"><p>Lake Road 4</p></footer></body></html>"""


def odd() -> Bundle:
    return Bundle({"index.html": ODD}, {"assets/a.png": picture()})


def draft() -> Bundle:
    return Bundle({"index.html": DRAFT, "styles.css": SHEET}, {"assets/a.png": picture()})
