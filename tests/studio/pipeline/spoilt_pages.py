"""Three small pages of different build, with the same names in them, so that one fault can be done
to each.

`bar`, `title`, `menu`, `lead`, `card` (three or more), `action`, `photo`, `foot`: what the faults
take hold of.
"""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 720, 400


def photo(width: int = 240, height: int = 140) -> str:
    """A picture with shapes in it, as an address that needs no file."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 2 // 3, width, height), fill=(46, 125, 50))
    draw.ellipse((width // 8, height // 8, width // 3, height // 2), fill=(253, 216, 53))
    draw.polygon(
        [
            (width // 2, height * 2 // 3),
            (width * 2 // 3, height // 4),
            (width * 7 // 8, height * 2 // 3),
        ],
        fill=(93, 64, 55),
    )
    out = io.BytesIO()
    image.save(out, "PNG")
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


BASE = (
    'body{margin:0;font:15px/22px "Liberation Sans",sans-serif}h1,h2,p,ul{margin:0}a{color:inherit}'
)

BAKERY = f"""<!doctype html><html lang="en"><head><title>Bakery</title><style>{BASE}
body{{color:#222;background:#fff}}.bar{{background:#1d4ed8;color:#fff;padding:16px 32px;display:flex;gap:32px}}
.title{{font-size:28px;line-height:36px;flex:1}}.menu{{display:flex;gap:24px;align-items:center}}
main{{padding:24px 32px}}.lead{{font-size:17px}}.cards{{display:flex;gap:20px;margin:20px 0}}
.card{{flex:1;background:#fef3c7;border:1px solid #d97706;border-radius:8px;padding:16px}}.card h2{{font-size:18px}}
.action{{display:inline-block;background:#16a34a;color:#fff;padding:8px 20px;border-radius:6px;border:0;font:inherit}}
.photo{{display:block;margin:20px 0 0}}.foot{{background:#1f2937;color:#e5e7eb;padding:14px 32px}}
</style></head><body><header class="bar"><h1 class="title">North Street Bakery</h1>
<nav class="menu"><a>Bread</a><a>Cakes</a><a>Contact</a></nav></header>
<main><p class="lead">Bread from our own oven, every morning but Monday.</p><div class="cards">
<div class="card"><h2>Rye loaf</h2><p>Dark and dense, four days fresh.</p></div>
<div class="card"><h2>Seeded roll</h2><p>Poppy, sesame, sunflower.</p></div>
<div class="card"><h2>Almond cake</h2><p>A slice for the afternoon.</p></div></div>
<button class="action">Order a loaf</button><img class="photo" alt="" src="{photo()}"></main>
<footer class="foot">Open from six in the morning until they are gone</footer></body></html>"""

STATION = f"""<!doctype html><html lang="en"><head><title>Station</title><style>{BASE}
body{{background:#0f172a;color:#e2e8f0;display:grid;grid-template-columns:150px 1fr;min-height:440px}}
.bar{{background:#1e293b;padding:20px 16px}}.title{{font-size:22px;line-height:30px;margin-bottom:14px}}
.menu a{{display:block;padding:6px 0;color:#94a3b8}}main{{padding:20px 24px}}.lead{{color:#94a3b8;margin-bottom:14px}}
.cards{{display:grid;gap:10px}}.card{{display:flex;background:#1e293b;border:1px solid #475569;padding:10px 14px}}
.card h2{{font-size:15px;width:200px}}.card p{{color:#38bdf8}}
.action{{margin-top:16px;background:#f97316;color:#111827;border:0;padding:10px 18px;border-radius:20px;font:inherit}}
.photo{{display:block;margin-top:16px;width:320px;height:90px}}.foot{{padding:14px 0 0;color:#64748b;font-size:13px}}
</style></head><body><aside class="bar"><h1 class="title">Tide gauge</h1>
<nav class="menu"><a>Today</a><a>This week</a><a>Archive</a><a>Stations</a></nav></aside>
<main><p class="lead">Four stations report; the last reading is a minute old.</p><div class="cards">
<div class="card"><h2>Harbour mouth</h2><p>3.42 m rising</p></div>
<div class="card"><h2>Inner basin</h2><p>3.17 m rising</p></div>
<div class="card"><h2>River lock</h2><p>2.86 m steady</p></div>
<div class="card"><h2>Old pier</h2><p>3.39 m falling</p></div></div>
<button class="action">Download readings</button><img class="photo" alt="" src="{photo(320, 90)}">
<p class="foot">Heights above chart datum</p></main></body></html>"""

LETTER = f"""<!doctype html><html lang="en"><head><title>Letter</title><style>{BASE}
body{{background:#f3f4f6;color:#374151}}.sheet{{width:520px;margin:24px auto;background:#fff;
border-top:6px solid #7c3aed}}
.bar{{padding:18px 28px;border-bottom:1px solid #d1d5db;display:flex;gap:20px}}.title{{font-size:24px;line-height:30px}}
.menu{{margin-left:auto;display:flex;gap:16px;font-size:13px;align-items:center;color:#7c3aed}}
main{{padding:18px 28px}}.lead{{font-weight:700;margin-bottom:10px}}.card{{padding:10px 0 10px 14px;margin-bottom:10px;
border-left:4px solid #c4b5fd;background:#faf5ff}}.card h2{{font-size:16px}}
.photo{{float:right;width:150px;height:88px;margin:0 0 8px 16px}}
.action{{background:#7c3aed;color:#fff;border:0;padding:9px 22px;font:inherit}}
.foot{{background:#ede9fe;padding:12px 28px;font-size:13px}}</style></head><body><div class="sheet"><header class="bar">
<h1 class="title">Monthly letter</h1><nav class="menu"><a>Issues</a><a>About</a><a>Write to us</a></nav></header>
<main><img class="photo" alt="" src="{photo(150, 88)}"><p class="lead">What happened in the workshop in October</p>
<div class="card"><h2>A new lathe</h2><p>It came on a Tuesday and has run every day since.</p></div>
<div class="card"><h2>Visitors</h2><p>Two schools came to see how a chair is made.</p></div>
<div class="card"><h2>Timber</h2><p>The oak has dried for two winters and is ready now.</p></div>
<button class="action">Read the whole letter</button></main>
<footer class="foot">You get this letter because you asked for it</footer></div></body></html>"""

PAGES = {"bakery": BAKERY, "station": STATION, "letter": LETTER}
