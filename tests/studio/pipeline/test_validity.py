"""Faults of HTML are found where they are, and only there: what the standard lets out is no fault."""

from __future__ import annotations

import pytest

from studio.pipeline.scoring.quality.html_validity import find_html_faults

PAGE = "<!doctype html><html lang='en'><head><title>x</title><meta charset='utf-8'></head><body>{}</body></html>"


@pytest.mark.parametrize(
    "body",
    [
        "<p>one<p>two<ul><li>a<li>b<ul><li>c</ul></ul>",
        "<table><tr><td>a<td>b<tr><th>c</table><dl><dt>a<dd>b<dt>c</dl>",
        "<select><option>a<option>b</select><br><img src='a.png' alt=''><input>",
        "<svg viewBox='0 0 1 1'><path d='M0 0'/><g><a><text>x</text></a></g></svg><p>after</p>",
        "<script>if (1 < 2) document.write('<b>')</script><style>a > b {}</style><a href='#'><div>block link</div></a>",
        "<p>5 &lt; 6 &amp; so on</p><br/><button type='button'><span>go</span></button>",
    ],
)
def test_what_the_standard_allows_is_no_fault(body: str) -> None:
    assert find_html_faults(PAGE.format(body)) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p>a</b></p>", "</b> has no start tag"),
        ("<div><p>a</p>", "<div> has no end tag"),
        ("<p><b>a<i>b</b>c</i></p>", "<i> has no end tag"),
        ("<p>one<div>two</div></p>", "</p> has no start tag"),
        ("<p class='a' class='b'>x</p>", "duplicate attribute 'class' on <p>"),
        ("<ul><div>a</div></ul>", "<div> is not allowed directly in <ul>"),
        ("<div><li>a</li></div>", "<li> is not in a list"),
        ("<span><div>a</div></span>", "<div> is not allowed in <span>"),
        ("<h2><p>a</p></h2>", "<p> is not allowed in <h2>"),
        ("<a href='#'><button>x</button></a>", "<button> is not allowed in a link or button"),
        ("<a href='#'>x <a href='#'>y</a></a>", "<a> is not allowed in a link or button"),
        ("<table><div>a</div></table>", "<div> is not allowed directly in <table>"),
        ("<div/>", "<div/> is not self-closing in HTML"),
        ("<form><form></form></form>", "<form> is not allowed in <form>"),
    ],
)
def test_a_fault_is_named(body: str, fault: str) -> None:
    assert fault in find_html_faults(PAGE.format(body))


def test_a_cut_off_page_is_read_to_its_end() -> None:
    assert find_html_faults("<!doctype html><body><main><h1>Cut o") == [
        "<h1> has no end tag",
        "<main> has no end tag",
    ]
