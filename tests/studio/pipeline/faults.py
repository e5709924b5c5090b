"""What can be wrong with a page, each fault in three degrees, the worse the higher: as style rules
or as a script.
"""

from __future__ import annotations

from dataclasses import dataclass

HIDDEN = "e.style.visibility = 'hidden'"


@dataclass(frozen=True)
class Fault:
    """`css` is added to the page's rules, `script` runs in it; `degrees` fill the `{}` in either,
    the mildest first.

    `base` and `base_script` are done to the mockup as well: what the fault then takes away.
    """

    name: str
    degrees: tuple[object, object, object]
    css: str = ""
    script: str = ""
    base: str = ""
    base_script: str = ""

    def at(self, degree: int) -> tuple[str, str]:
        value = str(self.degrees[degree])
        css, script = self.css.replace("{}", value), self.script.replace("{}", value)
        return f"{self.base}{css}", f"{self.base_script};{script}"


def each(found: str, action: str) -> str:
    """The script that does something to each element `e` of a list."""
    return f"{found}.forEach(e => {{ {action} }})"


def again(selector: str, index: int) -> str:
    """The script that repeats an element as often as the degree says."""
    return (
        f"for (let i = 0, e = $('{selector}')[{index}]; i < {{}}; i++) e.after(e.cloneNode(true))"
    )


def appended(html: str) -> str:
    return f"for (let i = 0; i < {{}}; i++) document.body.insertAdjacentHTML('beforeend', `{html}`)"


EXCHANGED = """(n => { const entries = $('.menu a'), words = entries.map(e => e.textContent), count = entries.length;
  entries.forEach((e, i) => e.textContent =
    n == 1 ? words[[1, 0, 2, 3][i]] : n == 2 ? words[(i + 1) % count] : 'Nothing')
})({})"""
REORDERED = """(order => { const cards = $('.card').slice(0, order.length), after = cards.at(-1).nextSibling;
  order.forEach(i => cards[0].parentElement.insertBefore(cards[i], after)) })({})"""
# The texts under the picture are not there for anybody who reads the page.
PASTED = """(() => { const high = Math.round({} * window.tall), cover = document.createElement('div');
  $('h1,h2,p,a,button,footer').filter(e => e.getBoundingClientRect().top < high)
    .forEach(e => e.style.visibility = 'hidden');
  cover.style = `position:absolute;top:0;left:0;width:100%;height:${high}px;background:url(${window.shot})`;
  document.body.append(cover) })()"""
LOOKALIKE = """(() => { const alike = {a: 'o', e: 'c', i: 'l', l: '1', n: 'm', o: '0', r: 'n', s: '5', t: 'f', I: 'l'};
  $('p,h1,h2,a,button,.foot').filter(e => !e.children.length).forEach(e => {
    e.textContent = [...e.textContent].map((c, i) => i % {} == 1 ? alike[c] ?? c : c).join('') })
})()"""
# Pieces of the picture stand where other pieces should.
SHATTERED = """$('.photo').forEach(e => { const box = e.getBoundingClientRect(), holder = document.createElement('div');
  const style = getComputedStyle(e);
  holder.style = `position:relative;overflow:hidden;width:${box.width}px;height:${box.height}px;
    float:${style.float};margin:${style.margin};background:url(${e.src}) 0 0/100% 100%`;
  for (let i = 0; i < {}; i++) {
    const piece = document.createElement('i'), x = i * 53 % 70, y = i * 37 % 60;
    piece.style = `position:absolute;left:${x}%;top:${y}%;width:30%;height:40%;
      background:url(${e.src}) ${-((x + 45) % 70) * box.width / 100}px ${-((y + 35) % 60) * box.height / 100}px/
      ${box.width}px ${box.height}px`;
    holder.append(piece) }
  e.replaceWith(holder) })"""
GHOST = """$('p,h1,h2').forEach(e => { const box = e.getBoundingClientRect(), ghost = e.cloneNode(true);
  const style = getComputedStyle(e);
  ghost.style = `position:absolute;left:${box.left + 3}px;top:${box.top + scrollY + 5}px;width:${box.width}px;margin:0;
    font:${style.font};color:${style.color};opacity:{}`;
  document.body.append(ghost) })"""
ICONS = """$('.card').slice(0, 3).forEach(e => e.insertAdjacentHTML('afterbegin',
  "<svg class=icon width=20 height=20><path d='M10 1l9 9-9 9-9-9z' fill=currentColor></svg>"))"""

FAULTS = (
    # out of place
    Fault("a button lower", (4, 14, 50), ".action{position:relative;top:{}px}"),
    Fault("the title further right", (4, 15, 60), ".title{position:relative;left:{}px}"),
    Fault("the content further right", (4, 16, 60), "main{position:relative;left:{}px}"),
    Fault("the content lower", (5, 20, 80), "main{margin-top:{}px}"),
    Fault("everything lower", (4, 18, 90), "html{padding-top:{}px}"),
    Fault("a picture astray", (5, 20, 60), ".photo{position:relative;left:-{}px;top:{}px}"),
    Fault(
        "a card astray",
        (5, 20, 60),
        script="$('.card')[1].style = 'position:relative;top:{}px;left:{}px'",
    ),
    Fault("cards further apart", (2, 12, 30), ".card{margin-bottom:calc(10px + {}px)}"),
    Fault("a taller bar", (4, 16, 60), ".bar{padding-top:calc(20px + {}px)}"),
    Fault("taller cards", (4, 12, 30), ".card{padding-bottom:calc(16px + {}px)}"),
    Fault("looser lines", (24, 28, 40), "body{line-height:{}px}"),
    Fault("menu entries apart", (4, 12, 32), ".menu a{margin-left:{}px}"),
    # in another colour
    Fault("paler text", (0.75, 0.5, 0.2), "p,h2{opacity:{}}"),
    Fault(
        "the title in another colour",
        (15, 45, 100),
        script=each(
            "$('h1')",
            "e.style.color = `color-mix(in srgb, #ff00aa {}%, ${getComputedStyle(e).color})`",
        ),
    ),
    Fault(
        "cards in another colour",
        (0.1, 0.4, 1),
        ".card{box-shadow:inset 0 0 0 200px rgba(220,38,38,{})}",
    ),
    Fault(
        "the bar in another colour",
        (0.1, 0.4, 1),
        ".bar{box-shadow:inset 0 0 0 500px rgba(225,29,72,{})}",
    ),
    Fault(
        "another ground", (0.08, 0.3, 0.9), "body{box-shadow:inset 0 0 0 2000px rgba(34,197,94,{})}"
    ),
    Fault(
        "the button in another colour",
        (0.06, 0.2, 1),
        ".action{box-shadow:inset 0 0 0 99px rgba(37,99,235,{})}",
    ),
    Fault("a picture in other colours", (8, 25, 180), ".photo{filter:hue-rotate({}deg)}"),
    Fault("a greyer page", (0.3, 0.6, 1), "html{filter:grayscale({})}"),
    Fault("a darker page", (0.9, 0.7, 0.3), "html{filter:brightness({})}"),
    # gone
    Fault("missing menu entries", (1, 2, 3), script=each("$('.menu a').slice(0, {})", HIDDEN)),
    Fault("missing cards", (1, 2, 3), script=each("$('.card').slice(0, {})", HIDDEN)),
    Fault(
        "cards dropped, the rest moves up",
        (1, 2, 3),
        script=each("$('.card').slice(0, {})", "e.remove()"),
    ),
    Fault("missing paragraphs", (1, 2, 3), script=each("$('.card p').slice(0, {})", HIDDEN)),
    Fault("a picture cut off", (25, 60, 100), ".photo{clip-path:inset(0 {}% 0 0)}"),
    Fault(
        "missing boxes",
        (".action", ".action,.card", ".action,.card,.bar,.foot"),
        "{}{background:none!important;border-color:transparent!important}",
    ),
    Fault("missing sections", (".foot", ".foot,.card", ".foot,main"), "{}{visibility:hidden}"),
    Fault(
        "words left out",
        (1, 3, 5),
        script=each(
            "$('.card p,.lead')", "e.textContent = e.textContent.split(' ').slice(0, -{}).join(' ')"
        ),
    ),
    # too much
    Fault("a card twice", (1, 2, 4), script=again(".card", 1)),
    Fault("a footer twice", (1, 2, 4), script=again(".foot", 0)),
    Fault(
        "words over words",
        (1, 3, 6),
        "b.odd{position:absolute;left:200px;color:#c00}",
        appended("<b class=odd style='top:${60 + 53 * i}px'>A sentence nobody asked for</b>"),
    ),
    Fault(
        "text below the fold",
        (1, 4, 12),
        script=appended("<p style='grid-column:1/-1'>One more line of text, number ${i}</p>"),
    ),
    Fault("emptiness below the fold", (60, 240, 1200), "html{padding-bottom:{}px}"),
    Fault("more pictures", (1, 2, 4), script=again(".photo", 0)),
    # out of order
    Fault("cards in another order", ([1, 0], [2, 1, 0], [2, 0, 1]), script=REORDERED),
    Fault("menu entries exchanged", (1, 2, 3), script=EXCHANGED),
    Fault("the lead astray", (6, 30, 110), ".lead{position:relative;top:{}px}"),
    # of another size Not 0.75: on one page all below it would stand half a pixel off, which is
    # worse than the title.
    Fault("a smaller title", (0.92, 0.73, 0.5), ".title{zoom:{}}"),
    Fault("smaller text", (14, 12, 9), "p,.foot{font-size:{}px!important}"),
    Fault("larger text", (16, 19, 24), "p{font-size:{}px!important}"),
    Fault("a smaller page", (0.97, 0.88, 0.6), "html{zoom:{}}"),
    Fault(
        "a smaller picture", (0.92, 0.7, 0.3), ".photo{transform:scale({});transform-origin:0 0}"
    ),
    Fault("narrower content", (30, 90, 220), "main{padding-right:calc(32px + {}px)!important}"),
    Fault(
        "rounder corners",
        (4, 12, 40),
        ".card,.action,.foot,.photo{border-radius:calc(8px + {}px)!important}",
    ),
    Fault("thicker borders", (2, 5, 12), ".card{border-width:calc(4px + {}px)!important}"),
    # in another type
    Fault(
        "another font",
        ("h1", "h1,h2,.menu", "*"),
        "{}{font-family:'DejaVu Serif','Liberation Serif',serif!important}",
    ),
    Fault(
        "fixed pitch",
        (".lead", ".lead,h1,h2", "*"),
        "{}{font-family:'Liberation Mono',monospace!important}",
    ),
    Fault(
        "lighter headings",
        ("h1", "h1,.card:nth-of-type(1) h2", "h1,h2"),
        "{}{font-weight:300!important}",
    ),
    Fault(
        "heavier text",
        (".foot", ".foot,.card p", "p,a,button,.foot"),
        "{}{font-weight:900!important}",
    ),
    Fault("wider letters", (0.3, 1, 3), "body{letter-spacing:{}px}"),
    Fault("capitals", (".lead", ".lead,h2", "*"), "{}{text-transform:uppercase!important}"),
    Fault(
        "misspelt words",
        (9, 5, 2),
        script=each(
            "$('p,h1,h2,a')",
            "e.textContent = [...e.textContent].map((c, i) => i % {} == 1 ? 'x' : c).join('')",
        ),
    ),
    # for show
    Fault("a fading page", (0.8, 0.5, 0), "html{background:#fff}body{opacity:{}}"),
    Fault("a blurred picture", (1.5, 4, 14), ".photo{filter:blur({}px)}"),
    Fault(
        "a veil over the page",
        (0.2, 0.6, 1),
        "body::after{content:'';position:fixed;inset:0;background:rgb(120,130,140);opacity:{}}",
    ),
    Fault(
        "a style lost",
        (".foot,.action", ".card,.card *,.foot,.action", "*"),
        "{}{all:revert!important}head,head *{display:none!important}",
    ),
    Fault("the mockup pasted as a picture", (0.35, 0.7, 1), script=PASTED),
    # what looks small to a mean over pixels, and not to a person
    Fault(
        "surfaces of cards gone",
        (1, 2, 3),
        script=each("$('.card').slice(0, {})", "e.style.background = 'none'"),
    ),
    Fault(
        "pale cards gone",
        (1, 2, 3),
        base=".card{border-color:transparent!important;"
        "background:color-mix(in srgb,currentColor 3%,transparent)!important}",
        script=each(
            "$('.card').slice(0, {})", "e.style.setProperty('background', 'none', 'important')"
        ),
    ),
    Fault(
        "faint borders gone",
        (1, 2, 3),
        base=".card{background:none!important;border:1px solid "
        "color-mix(in srgb,currentColor 10%,transparent)!important}",
        script=each(
            "$('.card').slice(0, {})",
            "e.style.setProperty('border-color', 'transparent', 'important')",
        ),
    ),
    Fault(
        "icons gone", (1, 2, 3), base_script=ICONS, script=each("$('.icon').slice(0, {})", HIDDEN)
    ),
    Fault(
        "pictures gone",
        (1, 2, 3),
        base_script="for (let i = 0, e = $('.photo')[0]; i < 2; i++) e.after(e.cloneNode(true))",
        script=each("$('.photo').slice(0, {})", HIDDEN),
    ),
    Fault("a shattered picture", (1, 3, 9), script=SHATTERED),
    Fault(
        "lines through text lost",
        (".lead", ".lead,h2", "*"),
        base=".lead,h1,h2,p{text-decoration:line-through}",
        css="{}{text-decoration:none!important}",
    ),
    # Every 12th letter is a 4th one and every 4th a 2nd: each degree has the wrong letters of the milder.
    Fault("letters read as others like them", (12, 4, 2), script=LOOKALIKE),
    Fault(
        "boxes for glyphs",
        (".lead", ".lead,h2", "p,h1,h2,a"),
        script=each("$('{}')", "e.textContent = e.textContent.replace(/[a-z]/gi, '\u25af')"),
    ),
    Fault("doubled text", (0.2, 0.5, 1), script=GHOST),
    Fault(
        "colours of the same lightness",
        (20, 60, 150),
        ".bar,.card,.action{filter:hue-rotate({}deg)}",
    ),
    Fault(
        "the header gone and all moved up",
        (".menu", ".menu,.title", ".bar"),
        "{}{display:none!important}",
    ),
    Fault(
        "a page cut off",
        (440, 300, 120),
        "html{overflow:hidden;min-height:0!important}"
        "body{height:{}px!important;min-height:0!important;overflow:hidden;align-content:start}",
    ),
    Fault("a larger page", (1.06, 1.5, 3), "html{zoom:{}}"),
    Fault(
        "a page on its side",
        (2, 15, 90),
        "html{transform:rotate({}deg);transform-origin:50% 200px}",
    ),
)
