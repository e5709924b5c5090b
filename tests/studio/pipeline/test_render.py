"""What a render says about a page: its lines of text with their style, its painted boxes, its
extent.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from studio.pipeline.bundle import Bundle
from studio.pipeline.perception.hints import Box
from studio.pipeline.rendering.page_files import make_bundle_site
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.types import DomText

RESET = "<!doctype html><style>*{margin:0}body{font:16px/24px 'Liberation Sans'}</style>"
DOT = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30" fill="red"/></svg>'


def texts(renderer: Renderer, html: str) -> list[DomText]:
    return list(renderer.render(Bundle({"index.html": RESET + html})).texts)


def said(renderer: Renderer, html: str) -> list[str]:
    return [text.text for text in texts(renderer, html)]


def test_a_paragraph_is_read_line_by_line(renderer: Renderer) -> None:
    lines = texts(renderer, "<p style='width:120px'>One two three four five six seven</p>")
    assert [line.text for line in lines] == ["One two three", "four five six", "seven"]
    assert [round(line.box.y) // 24 for line in lines] == [0, 1, 2]
    assert all(line.box.height < 24 for line in lines), (
        "a line's box is its glyphs', not the paragraph's"
    )


def test_a_broken_word_is_read_in_its_pieces(renderer: Renderer) -> None:
    pieces = said(renderer, "<p style='width:60px;word-break:break-all'>Donaudampfschiff</p>")
    assert len(pieces) > 1
    assert "".join(pieces) == "Donaudampfschiff"


def test_style_is_the_computed_one(renderer: Renderer) -> None:
    html = "<style>b{color:rgb(255 0 0 / 50%);font:700 20px serif;text-transform:uppercase}</style><p>a <b>word</b></p>"
    (_, bold) = texts(renderer, html)
    assert (bold.text, bold.size, bold.weight, bold.family, bold.color) == (
        "WORD",
        20,
        700,
        "serif",
        "#ff7f7f",
    )
    assert bold.element == "body > p > b"


def test_colours_in_any_notation_are_read(renderer: Renderer) -> None:
    colors = ["red", "hsl(240 100% 50%)", "oklch(1 0 0)", "color(srgb 0 1 0)"]
    found = texts(renderer, "".join(f"<p style='color:{color}'>x</p>" for color in colors))
    assert [text.color for text in found] == ["#ff0000", "#0000ff", "#ffffff", "#00ff00"]


def test_form_controls_say_what_they_show(renderer: Renderer) -> None:
    html = (
        "<input placeholder=Name><input value=Ada><input type=password value=abc><input type=submit value=Send>"
        "<input type=checkbox value=no><input type=hidden value=no><button>Buy</button>"
        "<select><option>One<option selected>Two</select><textarea>Dear\nBen</textarea>"
    )
    assert said(renderer, html) == ["Name", "Ada", "•••", "Send", "Buy", "Two", "Dear", "Ben"]
    (name,) = texts(
        renderer, "<input placeholder=Name style='padding:10px;width:200px;border:1px solid'>"
    )
    assert name.box.x == 11
    assert name.color == "#757575"


def test_what_cannot_be_seen_is_not_read(renderer: Renderer) -> None:
    hidden = [
        "display:none",
        "visibility:hidden",
        "opacity:0",
        "color:transparent",
        "position:absolute;left:-9999px",
        "position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)",
        "height:0;overflow:hidden",
    ]
    tags = "".join(f"<div style='{style}'>hidden words</div>" for style in hidden)
    assert said(
        renderer, f"{tags}<script>'no'</script><template>no</template><title>no</title><p>seen"
    ) == ["seen"]


def test_every_element_can_be_found_again(renderer: Renderer) -> None:
    html = "<main><p>a<p>b<p id=c>c</p><ul><li>d<li>e</ul></main><p id=f>f<p id=f>g</p><my-tag>h</my-tag>"
    found = texts(renderer, html)

    def words(page: Page) -> list[str]:
        return [page.locator(text.element).inner_text() for text in found]

    site = make_bundle_site(Bundle({"index.html": RESET + html}))
    assert renderer.visit(site, words, width=800, height=600) == [text.text for text in found]


def test_boxes_are_what_paints(renderer: Renderer) -> None:
    html = (
        "<div><div style='background:#fef3c7;width:200px;height:50px;border-radius:8px'></div></div>"
        "<div style='border-bottom:2px solid #ff0000;width:100px;height:10px'></div>"
        "<img src=dot.svg style='display:block'>"
    )
    boxes = renderer.render(Bundle({"index.html": RESET + html}, {"dot.svg": DOT})).boxes
    assert [(box.tag, box.fill, box.border, box.radius) for box in boxes] == [
        ("div", "#fef3c7", None, 8),
        ("div", None, "2px #ff0000", 0),
        ("img", None, None, 0),
    ]
    assert boxes[0].box == Box(0, 0, 200, 50)
    assert (boxes[2].box.width, boxes[2].box.height) == (40, 30)


def test_the_picture_is_as_wide_as_asked_and_as_tall_as_the_page(renderer: Renderer) -> None:
    html = RESET + "<div style='width:900px;height:1200px;background:#00ff00'></div>"
    render = renderer.render(Bundle({"index.html": html}), width=600, height=400)
    assert (render.width, render.height, render.overflow) == (600, 1200, 300)
    image = Image.open(io.BytesIO(render.png)).convert("RGB")
    assert image.size == (600, 1200)
    assert image.getpixel((599, 1199)) == (0, 255, 0)
    assert renderer.render(Bundle({"index.html": RESET}), width=600, height=400).height == 400


def test_lazy_pictures_and_animations_are_waited_for(renderer: Renderer) -> None:
    html = (
        "<style>@keyframes in{from{opacity:0}to{opacity:1}}p{animation:in 9s both;color:#000000}</style>"
        "<p>faded in</p><div style='height:5000px'></div><img loading=lazy src=dot.svg style='display:block'>"
    )
    render = renderer.render(Bundle({"index.html": RESET + html}, {"dot.svg": DOT}))
    assert (render.texts[0].text, render.texts[0].color) == ("faded in", "#000000")
    image = Image.open(io.BytesIO(render.png)).convert("RGB")
    assert image.getpixel((20, 5024 + 15)) == (255, 0, 0)


def test_a_page_cannot_forge_what_is_read_of_it(renderer: Renderer) -> None:
    forged = "<script>Range.prototype.getClientRects = () => []; window.getComputedStyle = () => ({})</script><p>true</p>"  # noqa: E501
    assert said(renderer, forged) == ["true"]


def test_two_renders_of_one_page_are_the_same(renderer: Renderer) -> None:
    html = "<p>Same</p><script>localStorage.n = (+localStorage.n || 0) + 1; document.body.append(localStorage.n)</script>"  # noqa: E501
    one, other = (renderer.render(Bundle({"index.html": RESET + html})) for _ in range(2))
    assert one == other, "something of the first render was left for the second"


def test_a_folder_is_rendered_with_its_assets(renderer: Renderer, tmp_path: Path) -> None:
    (tmp_path / "style").mkdir()
    (tmp_path / "style" / "main.css").write_text("p{color:#123456}")
    (tmp_path / "index.html").write_text("<link rel=stylesheet href=style/main.css><p>styled")
    assert [text.color for text in renderer.render_file(tmp_path / "index.html").texts] == [
        "#123456"
    ]
