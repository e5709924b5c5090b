"""Pages of our own that the graded pairs are drawn from: dark, pale, dense, pictured, narrow."""

from __future__ import annotations

from dataclasses import dataclass

from tests.studio.pipeline.spoilt_pages import BAKERY, LETTER, STATION, photo

SANS = '"Liberation Sans",sans-serif'
RESET = f"*{{box-sizing:border-box}}body,h1,h2,h3,p,ul{{margin:0}}body{{font:15px/24px {SANS}}}"


@dataclass(frozen=True)
class GradedPage:
    """One mockup: its HTML and the window it is drawn in."""

    html: str
    width: int
    height: int


def _page(css: str, body: str) -> str:
    head = f"<head><meta charset='utf-8'><title>Page</title><style>{RESET}{css}</style></head>"
    return f"<!doctype html><html lang='en'>{head}<body>{body}</body></html>"


RATING = _page(
    """body{background:#131518;height:640px;display:grid;place-items:center}
    .card{width:412px;height:416px;border-radius:30px;background:#1f2730;padding:32px;color:#969fad}
    .star{width:48px;height:48px;border-radius:50%;background:#262e38}
    h1{color:#fff;font-size:28px;line-height:35px;margin:28px 0 12px}p{margin:0 0 24px}
    .row{display:flex;justify-content:space-between;margin-bottom:32px}
    .row i{width:51px;height:51px;border-radius:50%;background:#262e38;display:grid;
      place-items:center;font-style:normal}
    .send{display:block;background:#fb7413;color:#fff;border-radius:22px;text-align:center;
      padding:10px;letter-spacing:2px;font-size:14px}""",
    """<div class="card"><div class="star"></div><h1>Was your visit a good one?</h1>
    <p class="lead">Tell us how the workshop treated your bicycle today. Each answer is read by a
    person and helps the next rider.</p><div class="row"><i>1</i><i>2</i><i>3</i><i>4</i><i>5</i></div>
    <b class="send">SEND</b></div>""",
)

PANELS = _page(
    """body{background:#141414;color:#d4d4d4;padding:32px 40px}
    .bar{display:flex;justify-content:space-between;border-bottom:1px solid #262626;
      padding-bottom:16px;margin-bottom:24px}.bar b{color:#fff;font-size:20px}
    .bar span{margin-left:24px;color:#8a8a8a}.grid{display:grid;grid-template-columns:2fr 1fr;gap:24px}
    .main{background:#1f1f1f;border-radius:12px;padding:24px;height:360px}
    .side{background:#1f1f1f;border-radius:12px;padding:24px}h2{font-size:18px;color:#fff;margin-bottom:12px}
    .bars{display:flex;gap:14px;align-items:flex-end;height:200px;margin-top:40px}
    .bars i{flex:1;background:#2f6fed;border-radius:4px 4px 0 0}
    .item{display:flex;justify-content:space-between;padding:12px 0;border-bottom:1px solid #2a2a2a}
    .up{color:#4ade80}.down{color:#f87171}""",
    """<div class="bar"><b>Harbour office</b><div><span>Overview</span><span>Ships</span><span>Tides</span></div></div>
    <div class="grid"><div class="main"><h2>Arrivals this week</h2><p>Forty-one ships, six of them at night.</p>
    <div class="bars"><i style="height:40%"></i><i style="height:65%"></i><i style="height:50%"></i>
    <i style="height:90%"></i><i style="height:70%"></i><i style="height:30%"></i><i style="height:55%"></i></div></div>
    <div class="side"><h2>Berths</h2><div class="item">North quay<b class="up">+3</b></div>
    <div class="item">Old basin<b class="down">-1</b></div><div class="item">Ferry pier<b class="up">+2</b></div>
    <div class="item">Dry dock<b>0</b></div></div></div>""",
)

PALE = _page(
    """body{background:#fff;color:#3c4043}.top{display:flex;justify-content:space-between;
      padding:18px 48px;border-bottom:1px solid #e8eaed;color:#5f6368}.top b{color:#202124;font-size:18px}
    main{padding:40px 48px}h1{font-size:34px;line-height:42px;color:#202124;margin-bottom:8px}
    .cards{display:grid;grid-template-columns:repeat(3,1fr);gap:20px;margin:28px 0}
    .card{background:#f8f9fa;border-radius:10px;padding:22px}.card h3{font-size:17px;color:#202124}
    .price{font-size:26px;line-height:40px;font-weight:700}.old{text-decoration:line-through;color:#80868b}
    .field{border:1px solid #dadce0;border-radius:6px;padding:10px 14px;width:420px;color:#80868b}
    .send{display:inline-block;background:#1a73e8;color:#fff;padding:10px 22px;border-radius:6px;margin-left:12px}
    .form{display:flex}""",
    """<div class="top"><b>Seat finder</b><span>Concerts &nbsp; Theatre &nbsp; Sport</span></div>
    <main><h1>Find a seat for tonight</h1><p class="lead">AI Hall and two more houses have places left.</p>
    <div class="cards"><div class="card"><h3>Balcony</h3><p class="price">$20 <s class="old">$28</s></p>
    <p>Far from the stage, near the bar.</p></div><div class="card"><h3>Stalls</h3><p class="price">$45</p>
    <p>In the middle of the sound.</p></div><div class="card"><h3>Box</h3><p class="price">$90</p>
    <p>Four chairs and a curtain.</p></div></div>
    <div class="form"><div class="field">Your e-mail address</div><b class="send">Remind me</b></div></main>""",
)


def _goods() -> str:
    names = ("Oak stool", "Ash bench", "Pine shelf", "Elm table", "Beech chair", "Larch box")
    cells = [
        f"""<div class="item"><img class="photo" alt="" src="{photo(260, 150 + number)}">
        <h3>{name}</h3><p><b>{40 + 17 * number} €</b> in stock</p></div>"""
        for number, name in enumerate(names)
    ]
    icon = "<svg class='icon' width='22' height='22' viewBox='0 0 22 22'><path d='{}' fill='currentColor'/></svg>"
    paths = (
        "M2 9h18v4H2zM9 2h4v18H9z",
        "M11 2l9 9-9 9-9-9z",
        "M2 4h18v3H2zm0 6h18v3H2zm0 6h18v3H2z",
    )
    icons = "".join(icon.format(path) for path in paths)
    return f"""<header class="bar"><b>Woodshop</b><div class="icons">{icons}</div></header>
    <div class="hero"><h1>Chairs that outlive their makers</h1><p>Built to order in three weeks.</p></div>
    <div class="goods">{"".join(cells)}</div><footer class="foot">Open on weekdays until six</footer>"""


SHOP = _page(
    """body{background:#faf7f2;color:#3b2f2a}.bar{display:flex;justify-content:space-between;
      align-items:center;padding:16px 40px;background:#3b2f2a;color:#f5e9da}.icons{display:flex;gap:16px}
    .hero{height:200px;background:linear-gradient(120deg,#c98a5a,#7a4a2b);color:#fff;padding:56px 40px}
    .hero h1{font:700 36px/44px "DejaVu Serif",serif}.goods{display:grid;grid-template-columns:repeat(3,1fr);
      gap:24px;padding:32px 40px}.item{background:#fff;border:1px solid #eadfd2;border-radius:8px;padding:14px}
    .photo{width:100%;height:150px;object-fit:cover;display:block;margin-bottom:10px}.item h3{font-size:17px}
    .foot{background:#3b2f2a;color:#f5e9da;padding:18px 40px}""",
    _goods(),
)

ARTICLE = _page(
    """body{background:#fff;color:#222;font:17px/28px "DejaVu Serif",serif;padding:40px 120px}
    h1{font-size:34px;line-height:44px;margin-bottom:12px}.by{color:#777;margin-bottom:20px}
    p{margin-bottom:18px}blockquote{border-left:4px solid #c2410c;padding-left:18px;margin:0 0 18px;color:#c2410c}
    code{font:15px "Liberation Mono",monospace;background:#f3f4f6;padding:2px 5px;border-radius:4px}
    .tag{display:inline-block;background:#ffedd5;color:#9a3412;border-radius:12px;padding:0 12px;
      font:13px/24px "Liberation Sans",sans-serif;margin-right:8px}""",
    """<h1>How a tide gauge keeps its zero</h1><p class="by">By the harbour office, in October</p>
    <p class="lead">A gauge measures the height of the water above a mark that was cut into the quay in 1871, and
    everything depends on that mark staying where it is.</p><blockquote>The quay sinks by a millimetre a year, and
    the gauge sinks with it.</blockquote><p class="second">So twice a year two people carry a level from the church,
    which stands on rock, to the water. What they find is written into <code>levels.csv</code> and never corrected
    by hand.</p><div><span class="tag">Sea level</span><span class="tag">Survey</span>
    <span class="tag">History</span></div>""",
)

PHONE = _page(
    """body{font:17px/22px "Liberation Sans",sans-serif;color:#111;background:#f2f2f7;min-height:844px;
      position:relative}header{padding:60px 20px 8px}h1{font-size:34px;line-height:41px}
    .list{margin:16px;background:#fff;border-radius:12px}
    .list div{padding:13px 16px;border-bottom:1px solid #e5e5ea;display:flex;justify-content:space-between}
    .list div:last-child{border:0}.list i{color:#8e8e93;font-style:normal}
    .tabs{position:absolute;bottom:0;left:0;right:0;height:83px;background:#fff;border-top:1px solid #d1d1d6;
      display:flex;justify-content:space-around;padding-top:12px;font-size:12px;color:#007aff}""",
    """<header><h1>Settings</h1></header><div class="list first"><div>Name<i>Anna Berg</i></div>
    <div>Language<i>English</i></div><div>Time zone<i>Berlin</i></div></div>
    <div class="list"><div>Notifications<i>On</i></div><div>Privacy<i></i></div></div>
    <div class="tabs"><span>Today</span><span>Plans</span><span>Settings</span></div>""",
)

GRADED_PAGES = {
    "bakery": GradedPage(BAKERY, 720, 400),
    "station": GradedPage(STATION, 720, 400),
    "letter": GradedPage(LETTER, 720, 400),
    "rating": GradedPage(RATING, 1000, 640),
    "panels": GradedPage(PANELS, 1100, 500),
    "pale": GradedPage(PALE, 1000, 480),
    "shop": GradedPage(SHOP, 1000, 760),
    "article": GradedPage(ARTICLE, 960, 560),
    "phone": GradedPage(PHONE, 390, 844),
}
