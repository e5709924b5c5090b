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
    """

    name: str
    degrees: tuple[object, object, object]
    css: str = ""
    script: str = ""

    def at(self, degree: int) -> tuple[str, str]:
        value = str(self.degrees[degree])
        return self.css.replace("{}", value), self.script.replace("{}", value)


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
    # of another size
    Fault("a smaller title", (0.92, 0.75, 0.5), ".title{zoom:{}}"),
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
)
