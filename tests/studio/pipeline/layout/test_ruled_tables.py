"""Strokes that cross are a table with its fills and heavy strokes; cards side by side are none."""

from __future__ import annotations

from studio.pipeline.codegen.draft import make_draft
from studio.pipeline.labelling.rules import label_tree
from studio.pipeline.layout.ruled_tables import find_lattices
from studio.pipeline.layout.tree import build_tree
from studio.pipeline.perception.hints import Border
from tests.studio.pipeline.codegen.sketch import Sketch

XS = (100, 240, 380, 520, 660)  # px of the table's lines
YS = (100, 140, 180, 220, 260)


def draw_planets() -> Sketch:
    page = Sketch()
    for row, (top, bottom) in enumerate(zip(YS, YS[1:], strict=False)):
        fill = "#ebebeb" if row == 0 else ("#f5f5f5", "#fafafa")[row % 2]
        page.rect(100, top, 560, bottom - top, fill, border="#bebebe")
        for left in XS[:-1]:
            page.text(left + 20, top + 26, "Earth", background=fill)
    for x in XS:
        page.rect(x, 100, 1, 160, "#bebebe")
    page.rect(240, 100, 140, 160, None, border=Border(2.0, "#000000"))
    return page


def draw_plans() -> Sketch:
    """Three cards with rules between their lines, as price lists have them."""
    page = Sketch()
    for left in (100, 480, 860):
        page.rect(left, 100, 320, 300, None, border="#015958", radius=8.0)
        page.rect(left, 100, 1, 300, "#015958").rect(left + 319, 100, 1, 300, "#015958")
        for row in range(5):
            page.text(left + 110, 140 + 56 * row, "Wash & fold")
            page.rect(left + 24, 158 + 56 * row, 272, 1, "#c8c8c8")
    return page


def test_cards_side_by_side_are_no_table():
    nodes = list(build_tree(draw_plans().hints()).walk())
    assert not [node for node in nodes if node.flow == "table"]


def test_pale_fills_of_rows_stay_apart():
    css = make_draft(draw_planets().hints(), {}).bundle.files["styles.css"]
    assert all(fill in css for fill in ("#ebebeb", "#f5f5f5", "#fafafa"))


def test_a_heavy_stroke_around_a_column_is_drawn_on_its_cells_alone():
    tree = build_tree(draw_planets().hints())
    table = next(node for node in tree.walk() if node.flow == "table")
    heavy = [
        [
            cell.surface.border.sides if cell.surface.border.width == 2 else ""
            for cell in row.children
        ]
        for row in table.children
    ]
    middle = ["r", "rl", "l", ""]
    assert heavy == [["r", "trl", "l", ""], middle, middle, ["r", "rbl", "l", ""]]
    css = make_draft(draw_planets().hints(), {}).bundle.files["styles.css"]
    assert "border-right: 2px solid" in css


def draw_prices(head: str = "#389783") -> Sketch:
    """Painted rows, of which two strokes make three columns, as a style sheet draws a simple table."""
    page = Sketch()
    rows = 5
    for row in range(rows):
        fill = head if row == 0 else ("#95c59e", "#89c492")[row % 2]
        page.rect(180, 126 + 28 * row, 920, 28, fill)
        words = (
            ("Service", "Stage", "Price") if row == 0 else (f"Crown {row}", "1 time", f"{row}0 $")
        )
        for left, text in zip((186, 847, 974), words, strict=True):
            page.text(left, 145 + 28 * row, text, color="#8ee4af", background=fill)
    for x in (839, 966):
        page.rect(x, 126, 2, 28 * rows, "#8ee4af")
    return page


def list_rows(page: Sketch) -> list[list[tuple[str, str]]]:
    """The cells of the page's tables, row by row: tag and words."""
    tables = [node for node in label_tree(build_tree(page.hints())).walk() if node.flow == "table"]
    return [
        [
            (cell.label.tag, " ".join(n.text for n in cell.walk() if n.flow == "text"))
            for cell in row.children
        ]
        for table in tables
        for row in table.children
        if row.flow != "rule"
    ]


def test_painted_rows_with_two_strokes_through_them_are_a_table_with_a_head():
    head, *body = list_rows(draw_prices())
    assert head == [("th", "Service"), ("th", "Stage"), ("th", "Price")]
    assert body[0] == [("td", "Crown 1"), ("td", "1 time"), ("td", "10 $")]
    assert len(body) == 4


def test_the_first_of_striped_rows_is_no_head():
    page = draw_prices(head="#95c59e")
    assert {tag for row in list_rows(page) for tag, _ in row} == {"td"}


def test_panels_beside_one_stroke_are_no_table():
    page = Sketch()
    for row in range(3):
        page.rect(180, 126 + 60 * row, 400, 40, "#eeeeee").text(200, 150 + 60 * row, "Crown")
        page.text(400, 150 + 60 * row, "1 time")
    page.rect(380, 126, 2, 160, "#8ee4af")
    assert list_rows(page) == []


def draw_lattice(*, columns: int = 3, rows: int = 3, words: bool = True) -> Sketch:
    """Strokes that cross at every 120 px across and 40 px down, with a word in every field."""
    page = Sketch()
    for column in range(columns + 1):
        page.rect(100 + 120 * column, 100, 1, 40 * rows, "#bebebe")
    for row in range(rows + 1):
        page.rect(100, 100 + 40 * row, 120 * columns, 1, "#bebebe")
    for row in range(rows if words else 0):
        for column in range(columns):
            page.text(120 + 120 * column, 126 + 40 * row, "Earth")
    return page


def test_strokes_that_cross_are_fields_in_rows_and_columns():
    _, [lattice] = find_lattices(draw_lattice().hints())
    assert len(lattice.xs) == len(lattice.ys) == 4
    places = [(cell.row, cell.column) for cell in lattice.cells]
    assert places == [(row, column) for row in range(3) for column in range(3)]


def test_what_a_table_is_made_of_is_no_part_of_the_page_any_more():
    page = draw_lattice().text(700, 130, "Beside the table").rect(700, 200, 100, 40, "#eeeeee")
    rest, _ = find_lattices(page.hints())
    assert [line.text for line in rest.texts] == ["Beside the table"]
    assert [rect.fill for rect in rest.rects] == ["#eeeeee"]


def test_a_cell_holds_the_words_in_its_field():
    _, [lattice] = find_lattices(draw_lattice().hints())
    assert {tuple(line.text for line in cell.texts) for cell in lattice.cells} == {("Earth",)}


def test_strokes_without_words_are_no_table():
    page = draw_lattice(words=False)
    rest, lattices = find_lattices(page.hints())
    assert lattices == []
    assert len(rest.rects) == len(page.rects)


def test_a_page_without_strokes_has_no_table():
    hints = Sketch().text(100, 100, "Boats").rect(100, 150, 300, 200, "#eeeeee").hints()
    assert find_lattices(hints) == (hints, [])


def test_two_lattices_apart_are_two_tables():
    page, other = draw_lattice(), draw_lattice()
    down = 400
    for rect in other.rects:
        page.rect(rect.box.x, rect.box.y + down, rect.box.width, rect.box.height, rect.fill)
    for line in other.texts:
        page.text(line.box.x, line.baseline + down, line.text)
    assert len(find_lattices(page.hints())[1]) == 2


def test_a_field_without_a_stroke_to_the_next_spans_both():
    page = draw_lattice()
    page.rects = [rect for rect in page.rects if rect.box.width > 1 or rect.box.x != 220]
    page.rect(220, 140, 1, 80, "#bebebe")  # the stroke between the first columns begins lower
    _, [lattice] = find_lattices(page.hints())
    first = next(cell for cell in lattice.cells if (cell.row, cell.column) == (0, 0))
    assert (first.rows, first.columns) == (1, 2)
