"""Each measure of the comparison with the author's page, on small pages with a known answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studio.pipeline.bundle import Bundle
from studio.pipeline.rendering.page_files import make_bundle_site
from studio.pipeline.rendering.render import Renderer
from studio.pipeline.scoring.structure.compare import StructureComparison, compare_structures
from studio.pipeline.scoring.structure.outline import PageStructure, read_structure

Compare = Callable[[str, str], StructureComparison]

HEAD = """<!doctype html><html lang="en"><head><title>Tea</title>
<meta name="viewport" content="width=device-width"><style>
body,h1,h2,p{margin:0;font:16px/24px "Liberation Sans"} .row{display:flex} .row>*{flex:1}
@media (max-width:600px){.stack{display:block}}</style></head><body>"""
AUTHOR = """<header><h1>Tea</h1><nav><a href="/">Home</a> <a href="/shop">Shop</a></nav></header>
<div class="row stack"><div class="card"><h2 class="name">Green</h2><p class="kind">Sencha</p></div>
<div class="card"><h2 class="name">Black</h2><p class="kind">Assam</p></div></div><footer><p>The end</p></footer>"""


@pytest.fixture
def compare(renderer: Renderer) -> Compare:
    def read(body: str) -> PageStructure:
        site = make_bundle_site(Bundle({"index.html": HEAD + body}))
        return read_structure(renderer, site)

    def compare_bodies(author: str, ours: str) -> StructureComparison:
        return compare_structures(read(author), read(ours))

    return compare_bodies


def test_the_authors_own_page_is_in_full_agreement(compare: Compare) -> None:
    result = compare(AUTHOR, AUTHOR)
    measures = (result.texts, result.kinds, result.heading_order, result.landmarks)
    assert measures == (1.0, 1.0, 1.0, 1.0)
    assert (result.components, result.reflow, result.numbered_names) == (1.0, 1.0, 0.0)


def test_a_heading_that_became_a_paragraph_costs_its_kind(compare: Compare) -> None:
    ours = AUTHOR.replace('<h2 class="name">Black</h2>', '<p class="name">Black</p>')
    assert compare(AUTHOR, ours).kinds == pytest.approx(7 / 8)


def test_a_link_called_a_button_may_be_either(compare: Compare) -> None:
    assert compare('<a class="btn" href="/">Buy tea</a>', "<button>Buy tea</button>").kinds == 1.0
    assert compare('<a href="/">Buy tea</a>', "<button>Buy tea</button>").kinds == 0.0


def test_equal_headings_with_unequal_levels_are_out_of_order(compare: Compare) -> None:
    ours = AUTHOR.replace('<h2 class="name">Black</h2>', '<h3 class="name">Black</h3>')
    assert compare(AUTHOR, ours).heading_order == pytest.approx(2 / 3)
    assert compare("<p>No heading</p>", "<p>No heading</p>").heading_order is None


def test_landmarks_that_are_missing_or_invented_lower_the_f1(compare: Compare) -> None:
    missing = AUTHOR.replace("<footer>", "<div>").replace("</footer>", "</div>")
    assert compare(AUTHOR, missing).landmarks == pytest.approx(2 * 2 / (3 + 2))
    invented = AUTHOR.replace('<div class="card">', '<nav class="card">', 1)
    assert compare(AUTHOR, invented).landmarks == pytest.approx(2 * 3 / (3 + 4))


def test_a_landmark_that_only_a_class_of_the_author_names_may_be_one_of_ours(
    compare: Compare,
) -> None:
    author = AUTHOR.replace("<footer>", '<div class="footer">').replace("</footer>", "</div>")
    assert compare(author, AUTHOR).landmarks == 1.0


def test_one_component_under_two_names_costs_recall_and_two_under_one_precision(
    compare: Compare,
) -> None:
    split = AUTHOR.replace('<h2 class="name">Black', '<h2 class="name-2">Black')
    result = compare(AUTHOR, split)
    assert result.component_precision == 1.0
    assert result.component_recall == pytest.approx(2 / 3)
    merged = AUTHOR.replace("h2", "p").replace('class="name"', 'class="kind"')
    result = compare(AUTHOR.replace("h2", "p"), merged)
    assert result.component_recall == 1.0
    assert result.component_precision == pytest.approx(3 / 7)


def test_columns_that_do_not_stack_on_a_phone_cost_reflow(compare: Compare) -> None:
    result = compare(AUTHOR, AUTHOR.replace("row stack", "row"))
    assert result.reflow is not None
    assert result.reflow < 1.0
    assert compare(AUTHOR + '<p style="width:900px">Wide</p>', AUTHOR).reflow is None


def test_names_that_end_in_a_number_are_counted_by_share(compare: Compare) -> None:
    ours = AUTHOR.replace('<p class="kind">Assam', '<p class="text-2">Assam')
    assert compare(AUTHOR, ours).numbered_names == pytest.approx(1 / 6)
