"""The page as a reader has it: in Chromium, on a desktop and on a phone, light and dark, and on paper."""

import re
import shutil
import subprocess
from collections import Counter

import pandas as pd
import pytest
from chromium import PROGRAM, Browser
from page_inputs import png
from synthetic_evidence import evidence

from rbmrg.machines.kinds import ISING
from rbmrg.report import claims, page

if PROGRAM is None:
    pytest.skip("no Chromium is installed", allow_module_level=True)

DESKTOP = (1280, 800)
PHONE = (390, 844)
TABLE = "[...document.querySelectorAll('#claims tbody tr')].filter(row => !row.hidden)"
WINDOWS = [
    pytest.param((DESKTOP, False), id="desktop"),
    pytest.param((PHONE, True), id="phone, dark"),
    pytest.param((DESKTOP, True), id="desktop, dark", marks=pytest.mark.long),
    pytest.param((PHONE, False), id="phone", marks=pytest.mark.long),
]


@pytest.fixture(scope="module")
def path(inputs, tmp_path_factory):
    """The page of a study that has all claims, with a figure as large as those of the workflow."""
    folder = tmp_path_factory.mktemp("page")
    table = with_words_of_other_kinds(claims.assess(**evidence()))
    (folder / "tall.png").write_bytes(png(0, 1540, 2000))
    figures = [*inputs["figures"], page.figure(folder / "tall.png", "A tall figure.", ["C5", "C6"])]
    tables = inputs["tables"] | {"claims": table, "answers": claims.answers(table)}
    (folder / "page.html").write_text(page.render(**inputs | {"tables": tables, "figures": figures}))
    return folder / "page.html"


def with_words_of_other_kinds(table):
    """C2 of the Ising model, which all quantities of C2 name; a reason of C6 that names untrained machines."""
    exact = table[(table.claim == "C2") & table.counted].assign(source="exact", kind=ISING)
    reason = table.reason.where(table.claim != "C6", "the untrained machine lies among the rules")
    return pd.concat([table.assign(reason=reason), exact], ignore_index=True)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    started = Browser(tmp_path_factory.mktemp("profile"))
    yield started
    started.close()


@pytest.fixture(scope="module", params=WINDOWS)
def window(request, browser, path):
    """(browser, width, height) with the page open."""
    (width, height), dark = request.param
    browser.open(path, width, height, dark)
    return browser, width, height


def column(browser, place):
    """The text of the cells of a column of the table of claims, of the rows that are shown."""
    return browser.ask(f"{TABLE}.map(row => row.cells[{place}].textContent.trim())")


def names(browser):
    """The claims of these rows, without the links to their figures."""
    return [cell.partition(" ")[0] for cell in column(browser, 0)]


def test_nothing_is_wrong_in_any_window(window):
    browser, width, _ = window
    assert browser.messages == []
    assert browser.ask("document.documentElement.scrollWidth") == width
    widths = browser.ask("[...document.querySelectorAll('figure img')].map(image => image.naturalWidth)")
    assert sorted(widths) == [1400, 1400, 1400, 1540]


def test_tables_scroll_sideways_on_a_phone_only(window):
    browser, width, _ = window
    wide = browser.ask("""[...document.querySelectorAll('.wide > table')].filter(
        table => table.scrollWidth > table.parentElement.clientWidth).map(table => table.id)""")
    assert wide == [] if width == DESKTOP[0] else "claims" in wide


def test_a_table_that_scrolls_takes_no_room_on_the_page(window):
    browser, _, height = window
    alone = """(() => {
        const others = [...document.querySelectorAll('section:not(#rows), nav')];
        others.forEach(part => { part.style.display = 'none'; });
        const found = document.documentElement.scrollHeight;
        others.forEach(part => { part.style.display = ''; });
        return found;
    })()"""
    assert browser.ask("document.querySelector('#claims').scrollHeight") > 3 * height
    assert browser.ask(alone) < 3 * height


def test_the_first_screen_has_the_answer_and_the_matrix(window):
    browser, width, height = window
    for part in ("h1", ".answer", ".matrix"):
        place = browser.ask(f"document.querySelector('{part}').getBoundingClientRect().toJSON()")
        assert 0 <= place["left"] <= place["right"] <= width, part
        assert 0 <= place["top"] <= place["bottom"] <= height, part
    assert browser.ask("document.querySelectorAll('.matrix tbody tr').length") == len(claims.STATEMENTS)


def test_texts_can_be_read(window):
    """The contrast of verdicts and of the text with what is behind them is that of WCAG 2, AA."""
    browser, *_ = window
    script = """[...document.querySelectorAll('.cell a, .small, header li')].map(part => {
        let behind = part;
        while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
        const canvas = new OffscreenCanvas(1, 1).getContext('2d');
        return [getComputedStyle(part).color, getComputedStyle(behind).backgroundColor].map(colour => {
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data];
        });
    })"""
    for colours in browser.ask(script):
        dark, light = sorted(luminance(colour) for colour in colours)
        assert (light + 0.05) / (dark + 0.05) > 4.5, colours


def luminance(colour):
    parts = [part / 255 for part in colour[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_link_leads_to_a_place(window):
    browser, *_ = window
    broken = """[...document.querySelectorAll('a')].map(link => link.getAttribute('href'))
        .filter(link => !link.startsWith('#') || !document.getElementById(link.slice(1)))"""
    assert browser.ask(broken) == []
    browser.ask("document.querySelector('.matrix .cell a[href=\"#C5-untrained\"]').click()")
    assert browser.ask("document.querySelector(':target').cells[0].textContent") == "untrained"
    assert browser.ask("document.querySelector(':target').getBoundingClientRect().top") >= 0


def test_columns_sort(window):
    browser, *_ = window
    browser.ask("document.querySelectorAll('#claims th button')[5].click()")
    found = [cell for cell in column(browser, 5) if cell not in ("no estimate", "")]
    numbers = [float(cell.partition("(")[0].partition(" ")[0]) for cell in found]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 10
    browser.ask("document.querySelectorAll('#claims th button')[0].click()")
    ascending = names(browser)
    assert list(dict.fromkeys(ascending)) == list(claims.STATEMENTS)  # C10 after C9
    browser.ask("document.querySelectorAll('#claims th button')[0].click()")
    assert names(browser) == ascending[::-1]
    assert browser.ask("document.querySelector('#claims th').ariaSort") == "descending"


def test_rows_are_found(window):
    browser, *_ = window
    everything = names(browser)

    def found(words):
        browser.ask(f"document.querySelector('#search').value = {words!r}")
        browser.ask("document.querySelector('#search').dispatchEvent(new Event('input'))")
        return names(browser)

    assert set(found('"C1" reproduced')) == {"C1"}
    told = f"{len(names(browser))} of {len(everything)} rows"
    assert browser.ask("document.querySelector('.tools output').value") == told
    assert found("nothing has this") == []
    assert found("") == everything
    link = "document.querySelector('#C5-dense a[data-search]')"
    browser.ask(f"{link}.click()")
    assert Counter(names(browser)) == {"C5": int(browser.ask(f"{link}.textContent"))}
    assert all("dense" in cell and "●" in cell for cell in column(browser, 1))
    assert found("") == everything


def test_a_number_of_rows_leads_to_these_rows(window):
    browser, *_ = window
    counts = browser.ask("""[...document.querySelectorAll('a[data-search]')].map(link => {
        link.click();
        return [link, document.querySelector('.tools output')].map(part => Number(part.textContent.match(/\\d+/)[0]));
    })""")
    assert len(counts) > 2 * len(claims.STATEMENTS)
    for said, shown in counts:
        assert said == shown > 0
    browser.ask("document.querySelector('#C2-the-Ising-model a[data-search]').click()")
    [cell] = column(browser, 1)
    assert cell.startswith("● counted  exact the Ising model")


def test_a_figure_opens_large(window):
    browser, *_ = window
    browser.ask("document.querySelector('#tall button').click()")
    assert browser.ask("document.querySelector('dialog').open")
    image = browser.ask("document.querySelector('dialog img').getBoundingClientRect().width")
    assert image >= max(700, 0.9 * browser.ask("document.querySelector('#tall img').getBoundingClientRect().width"))
    browser.ask("document.querySelector('dialog button').click()")
    assert not browser.ask("document.querySelector('dialog').open")


@pytest.mark.long
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext is installed")
def test_no_row_is_cut_on_paper(browser, path, tmp_path):
    """The first and the last line of each row of a table, of six lines, are on one page, unless rows may be broken."""
    browser.open(path, *DESKTOP)
    count = browser.ask("""[...document.querySelectorAll('tbody tr')].map((row, place) => {
        const lines = `top${place}row ${'. '.repeat(4)}foot${place}row`.replaceAll(' ', '<br>');
        row.cells[0].innerHTML = `<div style="white-space: nowrap">${lines}</div>`;
    }).length""")
    assert cut(browser.pdf(), count, tmp_path) == []
    style = "<style>@media print { tr { break-inside: auto !important } }</style>"
    browser.ask(f"document.head.insertAdjacentHTML('beforeend', {style!r})")
    assert len(cut(browser.pdf(), count, tmp_path)) >= 3


def cut(pdf, count, folder):
    """Which of `count` rows have their marks on two pages of the PDF."""
    (folder / "page.pdf").write_bytes(pdf)
    command = ["pdftotext", folder / "page.pdf", "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    pages = [{part: set(re.findall(rf"{part}(\d+)row", page)) for part in ("top", "foot")} for page in text.split("\f")]
    whole = {row for page in pages for row in page["top"] & page["foot"]}
    assert {row for page in pages for row in page["top"]} == set(map(str, range(count)))
    return sorted(set(map(str, range(count))) - whole)
