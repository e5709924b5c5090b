"""Short words in a header, a sidebar or a footer are links."""

from __future__ import annotations

from bs4 import BeautifulSoup

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.labelling.rules.asides import label_asides
from studio.pipeline.labelling.rules.text_facts import PageFacts
from studio.pipeline.layout.nodes import Node
from studio.pipeline.layout.tree import build_tree
from studio.pipeline.perception.hints import Box
from tests.studio.pipeline.codegen.sketch import STORY, Sketch


def labelled(page: Sketch) -> list[Node]:
    return list(label_tree(build_tree(page.hints())).walk())


def with_role(nodes: list[Node], role: str) -> list[Node]:
    return [node for node in nodes if node.label.role == role]


def words(node: Node) -> list[str]:
    return [inner.text for inner in node.walk() if inner.flow == "text"]


def with_header(page: Sketch) -> Sketch:
    page.rect(0, 0, 1280, 64, "#ffffff", border="#eeeeee")
    page.picture(40, 20, 24, 24, kind="icon").text(80, 38, "Harbour")
    for i, word in enumerate(("Boats", "Prices", "Contact")):
        page.text(500 + 90 * i, 38, word)
    page.picture(1100, 22, 20, 20, kind="icon")
    return page.text(100, 200, "Boats for a quiet day", size=40).paragraph(100, 260, STORY)


def test_words_among_pictures_in_a_header_are_a_nav():
    nodes = labelled(with_header(Sketch()))
    [nav] = with_role(nodes, "list")
    assert words(nav) == ["Boats", "Prices", "Contact"]
    assert {n.label.tag for n in nav.walk() if n.flow == "text"} == {"a"}


def test_the_name_in_a_header_is_a_link():
    nodes = labelled(with_header(Sketch()))
    assert next(n for n in nodes if n.flow == "text" and n.text == "Harbour").label.tag == "a"


def test_a_narrow_column_of_words_beside_the_content_is_an_aside_with_links():
    page = Sketch(height=900)
    page.rect(0, 0, 1280, 64, "#222222").text(40, 38, "Harbour", color="#ffffff")
    page.text(100, 160, "Account", size=14, weight=700)
    for i, word in enumerate(("Profile", "Orders", "Addresses", "Payment", "Reviews", "Help")):
        page.text(100, 200 + 36 * i, word)
    page.text(400, 160, "Your orders", size=32, weight=700)
    for i in range(3):
        page.rect(400, 200 + 120 * i, 780, 100, "#ffffff", border="#dddddd")
        page.text(420, 240 + 120 * i, "An order of last week with two things in it")
    nodes = labelled(page)
    [aside] = [n for n in nodes if n.label.tag == "aside"]
    linked = [n.text for n in aside.walk() if n.flow == "text" and n.label.tag == "a"]
    assert linked == ["Profile", "Orders", "Addresses", "Payment", "Reviews", "Help"]


def test_words_under_headings_in_a_footer_are_lists_of_links():
    page = Sketch(height=1200).text(100, 100, "Boats", size=40).paragraph(100, 160, STORY)
    page.rect(0, 960, 1280, 240, "#222222")
    for i, title in enumerate(("Company", "Support", "Legal")):
        page.text(100 + 300 * i, 1000, title, size=16, weight=700, color="#ffffff")
        for k, word in enumerate(("About", "Press", "Jobs")):
            page.text(100 + 300 * i, 1040 + 32 * k, word, size=14, color="#cccccc")
    nodes = labelled(page)
    [footer] = with_role(nodes, "footer")
    links = [n.text for n in footer.walk() if n.flow == "text" and n.label.tag == "a"]
    assert links == ["About", "Press", "Jobs"] * 3


def test_words_with_icons_in_a_sidebar_are_links_of_one_nav():
    page = Sketch(height=900).rect(0, 0, 240, 900, "#171a2b")
    page.text(24, 50, "Northwind", size=20, weight=700, color="#ffffff")
    entries = ("Overview", "Customers", "Reports", "Messages")
    for i, word in enumerate(entries):
        page.picture(24, 100 + 44 * i, 18, 18, kind="icon")
        page.text(60, 114 + 44 * i, word, size=15, color="#aeb4cf")
    page.text(300, 80, "Overview", size=30, weight=700).paragraph(300, 140, STORY)
    nodes = labelled(page)
    [nav] = with_role(nodes, "nav")
    assert words(nav) == list(entries)
    assert {child.label.tag for child in nav.children} == {"a"}


def test_rows_with_an_icon_before_and_an_arrow_after_the_word_are_links_of_one_nav():
    page = Sketch(height=900).rect(0, 0, 240, 900, "#171a2b")
    page.text(24, 40, "Northwind", size=20, weight=700, color="#ffffff")
    entries = ("Overview", "Customers", "Reports", "Messages")
    for i, word in enumerate(entries):
        page.picture(24, 100 + 44 * i, 18, 18, kind="icon")
        page.text(60, 114 + 44 * i, word, size=15, color="#aeb4cf")
        page.picture(210, 102 + 44 * i, 8, 14, kind="icon")
    page.text(300, 80, "Overview", size=30, weight=700).paragraph(300, 140, STORY)
    nodes = labelled(page)
    [nav] = [n for n in nodes if n.label.tag == "nav"]
    assert words(nav) == list(entries)
    assert next(n for n in nodes if n.flow == "text" and n.text == "Northwind").label.tag == "a"


def test_several_menus_of_a_sidebar_and_their_captions_are_one_nav():
    page = Sketch(height=900).rect(0, 0, 240, 900, "#171a2b")
    page.text(24, 40, "Northwind", size=20, weight=700, color="#ffffff")
    for top, caption, entries in (
        (100, "SALES", ("Orders", "Customers", "Reports")),
        (300, "TEAM", ("People", "Messages", "Calendar")),
    ):
        page.text(24, top, caption, size=12, weight=700, color="#77809f")
        for i, word in enumerate(entries):
            page.text(24, top + 40 + 40 * i, word, size=15, color="#aeb4cf")
    page.text(300, 80, "Overview", size=30, weight=700).paragraph(300, 140, STORY)
    nodes = labelled(page)
    [nav] = [n for n in nodes if n.label.tag == "nav"]
    links = [n.text for n in nav.walk() if n.flow == "text" and n.label.tag == "a"]
    assert links == ["Orders", "Customers", "Reports", "People", "Messages", "Calendar"]
    assert "TEAM" in words(nav)
    assert sum(n.label.role == "list" for n in nav.walk()) == 2


def test_large_words_in_a_header_are_links():
    page = Sketch().rect(0, 0, 1280, 80, "#222222")
    page.text(60, 52, "Harbour", size=28, weight=700, color="#ffffff")
    for i, word in enumerate(("Boats", "Prices", "Contact")):
        page.text(500 + 110 * i, 50, word, size=20, weight=600, color="#ffffff")
    page.text(100, 200, "A quiet day", size=40).paragraph(100, 260, STORY)
    [nav] = with_role(labelled(page), "list")
    assert words(nav) == ["Boats", "Prices", "Contact"]


def test_a_painted_entry_among_others_belongs_to_the_nav():
    page = Sketch().rect(0, 0, 1280, 64, "#222222").rect(590, 14, 80, 36, "#0081ff")
    for x, word in ((500, "Boats"), (606, "Prices"), (700, "Contact")):
        page.text(x, 38, word, color="#ffffff")
    page.text(100, 200, "A quiet day", size=40).paragraph(100, 260, STORY)
    [nav] = with_role(labelled(page), "list")
    assert words(nav) == ["Boats", "Prices", "Contact"]


def test_a_bar_of_links_is_a_nav_with_the_name_in_it():
    page = BeautifulSoup(
        make_draft(with_header(Sketch()).hints(), {}).bundle.files["index.html"], "html.parser"
    )
    [nav] = page.select("header > nav")
    assert nav.select_one("a").get_text(strip=True) == "Harbour"
    assert [link.get_text(strip=True) for link in nav.select("ul a")] == [
        "Boats",
        "Prices",
        "Contact",
    ]


def test_a_name_beside_its_picture_is_one_link():
    html = make_draft(with_header(Sketch()).hints(), {}).bundle.files["index.html"]
    assert not BeautifulSoup(html, "html.parser").select("a a")


def test_a_narrow_column_of_buttons_beside_the_content_is_a_nav():
    buttons = []
    for i in range(5):
        box = Box(1000, 100 + 90 * i, 200, 70)
        word = Node(10 + i, "text", box, box).labelled("p", "text")
        buttons.append(Node(20 + i, "column", box, box, (word,)).labelled("a", "button"))
    side = Node(2, "column", Box(1000, 100, 200, 430), Box(1000, 100, 200, 430), tuple(buttons))
    content = Node(1, "text", Box(100, 100, 800, 600), Box(100, 100, 800, 600))
    row = Node(3, "row", Box(100, 100, 1100, 600), Box(100, 100, 1100, 600), (content, side))
    facts = PageFacts(1280, 900, 16, "#000000", {})
    assert label_asides(row, facts).children[1].label.tag == "nav"


def test_a_bar_of_contacts_above_a_bar_of_the_menu_is_one_header_with_it():
    page = Sketch().rect(0, 0, 1280, 44, "#0b2c3c")
    page.text(60, 28, "info@harbour.org", size=14, color="#ffffff")
    page.text(260, 28, "15 Old Quay, Kiel", size=14, color="#ffffff")
    page.text(60, 92, "Harbour", size=30, weight=700)
    for i, word in enumerate(("Boats", "Prices", "Guests", "Contact")):
        page.text(460 + 90 * i, 90, word, weight=700)
    page.rect(0, 140, 1280, 400, "#f2f6f7").text(100, 300, "Find your boat", size=48, weight=700)
    page.paragraph(100, 600, STORY)
    nodes = labelled(page)
    [header] = [node for node in nodes if node.label.tag == "header"]
    [nav] = [node for node in nodes if node.label.tag == "nav"]
    assert words(header)[:3] == ["info@harbour.org", "15 Old Quay, Kiel", "Harbour"]
    assert words(nav) == ["Boats", "Prices", "Guests", "Contact"]
    brand = next(node for node in nodes if node.text == "Harbour")
    assert brand.label.tag == "a"


def test_the_entries_of_a_list_stay_links_beside_columns_of_texts():
    page = Sketch(height=1000).text(100, 100, "Boats", size=40).paragraph(100, 160, STORY)
    page.rect(0, 700, 1280, 300, "#e7094c")
    for i, title in enumerate(("Latest posts", "News", "Press")):
        page.text(400 + 280 * i, 750, title, size=14, weight=700, color="#ffffff")
        for j in range(3):
            words_of_line = [f"The boats of summer {i}{j}", "sail again in spring."]
            page.paragraph(400 + 280 * i, 785 + 56 * j, words_of_line, size=14, color="#ffffff")
    page.text(100, 750, "Quick links", size=14, weight=700, color="#ffffff")
    for j, word in enumerate(("Prices", "Guests", "Boats", "Contact")):
        page.text(100, 785 + 34 * j, word, size=14, color="#ffffff")
    page.text(100, 975, "© 2026 Harbour", size=13, color="#ffffff")
    links = {node.text for node in labelled(page) if node.label.tag == "a"}
    assert {"Prices", "Guests", "Boats", "Contact"} <= links
    assert not any(text.startswith("The boats") for text in links)
