"""The page /play in a real browser: statements, completion, charts, large tables, errors, keys, colours, a phone; nothing
that it loads or asks comes from elsewhere."""
import re
import time
import urllib.parse

import pytest
from selenium.webdriver.common.keys import Keys

from page import BrowserPage, browser, server  # noqa: F401 (fixtures)
from weir import QueryError, wait_until

LONG = "SELECT count() AS the_long_one FROM numbers(1000000000000000) WHERE sin(number) > 2"


class Page(BrowserPage):
    def open(self, fragment="", fresh=True):
        """fresh: as a browser that was never here."""
        if fresh:
            self.forget()
        self.browser.get("about:blank")
        self.browser.get(self.server.url_of("/play") + fragment)
        wait_until(lambda: self.script("return document.querySelectorAll('.tree li').length") > 0, "the tables are there")
        return self

    def write(self, sql):
        self.script("document.querySelector('#editor').shadowRoot.querySelector('.cm-content').focus()")
        self.keys("a", control=True)
        self.keys(Keys.DELETE)
        self.browser.execute_cdp_cmd("Input.insertText", {"text": sql})

    def text(self):
        lines = self.script("return [...document.querySelector('#editor').shadowRoot.querySelectorAll('.cm-line')].map(one => one.textContent)")
        return "\n".join(lines)

    def in_editor(self, selector):
        return self.script("return [...document.querySelector('#editor').shadowRoot.querySelectorAll(arguments[0])].map(one => one.textContent)", selector)

    def idle(self):
        wait_until(lambda: self.script("return document.getElementById('stop').disabled && document.querySelector('.progress[data-on]') === null"), "the statement ended")

    def run(self, sql, every=False):
        self.write(sql)
        self.keys(Keys.ENTER, control=True, shift=every)
        wait_until(lambda: self.all(".result"), "there is a result")
        self.idle()

    def cells(self):
        """Rows that are in the document, in the order of their numbers."""
        return self.script(
            "return [...document.querySelectorAll('.grid-row')].sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)"
            ".map(row => [...row.querySelectorAll('.grid-cell')].map(cell => cell.textContent))")


@pytest.fixture
def page(server, browser):
    made = Page(server, browser)
    made.open()
    made.plain()
    yield made
    browser.get("about:blank")  # ends what still runs


def test_runs_a_statement(page):
    page.run("SELECT origin, count() AS n, max(delay) AS most FROM trips GROUP BY origin ORDER BY origin")
    assert page.all(".grid-name b") == ["origin", "n", "most"]
    assert page.all(".grid-name small") == ["LowCardinality(String)", "UInt64", "Int32"]
    assert [row[:2] for row in page.cells()] == [["ATL", "2000"], ["LAX", "2000"], ["ORD", "2000"]]
    stats = page.all(".stats")[0]
    assert stats.startswith("3 rows in ") and "read 6,000 rows" in stats and "rows/s" in stats
    assert page.complaints() == []


def test_values_are_exact_and_harmless(page):
    page.run("SELECT toUInt64(18446744073709551615) AS big, toDecimal128('123456789012345678901234.5', 2) AS d, NULL AS nothing, nan AS f, "
             "'<img src=x onerror=\"window.hacked=1\">' AS `<b>name</b>`")
    assert page.cells()[0] == ["18446744073709551615", "123456789012345678901234.5", "NULL", "nan", '<img src=x onerror="window.hacked=1">']
    assert "<b>name</b>" in page.all(".grid-name b") and page.script("return window.hacked") is None
    page.script("const one = document.createElement('script'); one.textContent = 'window.hacked = 1'; document.body.append(one)")
    assert page.script("return window.hacked") is None  # the policy allows no script in the page's text
    page.run("SELECT [1, 2] AS a, map('k', 'v') AS m, (1, 'x') AS t, 'a\nb' AS lines")
    assert page.cells()[0] == ["[1,2]", '{"k":"v"}', '[1,"x"]', "a\nb"]
    page.complaints()


def test_nothing_comes_from_elsewhere(page):
    page.browser.get(page.server.url_of("/play"))
    page.open()
    page.run("SELECT toStartOfMinute(ts) AS t, count() FROM trips GROUP BY t ORDER BY t")
    page.click(".result-bar .segments button", "Chart")
    page.click("#help")
    asked = page.requests()
    assert len(asked) > 5
    for request in asked:
        parts = urllib.parse.urlsplit(request["url"])
        assert parts.scheme == "data" or parts.netloc == page.server.address, request["url"]
    assert page.complaints() == []


def test_one_statement_or_all(page):
    page.run("SELECT 11 AS a;\nSELECT 22 AS b;\nSELECT 33 AS c", every=True)
    assert [text[:11] for text in page.all(".results [role=tab]")] == ["SELECT 11 A", "SELECT 22 A", "SELECT 33 A"]
    assert page.cells() == [["11"]]
    page.click(".results [role=tab]:nth-child(3)")
    assert page.cells() == [["33"]]
    page.script("document.querySelector('#editor').shadowRoot.querySelector('.cm-content').focus()")
    page.keys(Keys.HOME, control=True)
    page.keys(Keys.ARROW_DOWN)
    page.keys(Keys.ENTER, control=True)
    wait_until(lambda: page.cells() == [["22"]], "the statement at the cursor ran")
    page.click(".result-bar button", "Keep")
    page.run("SELECT 44 AS d")
    assert len(page.all(".results [role=tab]")) == 2 and page.cells() == [["44"]]
    page.run("SELECT 1; SELECT nothing; SELECT 3", every=True)
    assert page.all(".results [role=tab] .state")[-3:] == ["1", "error", "not run"]


def test_an_error_is_marked_where_it_is(page):
    page.run("SELECT 1;\nSELECT origin,\n  coutn()\nFROM trips", every=True)
    assert "Maybe you meant: ['count']" in page.all(".error p")[0]
    assert page.in_editor(".cm-error") == ["coutn"]
    assert page.all(".error pre")[0].splitlines()[-1].strip() == "^"
    page.click(".error button")
    page.browser.execute_cdp_cmd("Input.insertText", {"text": "x"})
    assert "  xcoutn()" in page.text() and page.in_editor(".cm-error") == []


def test_completion(page):
    page.write("SELECT  FROM trips")
    page.keys(Keys.HOME)
    page.keys(*[Keys.ARROW_RIGHT] * 7)

    def offered(typed):
        page.keys(typed)
        found = wait_until(lambda: page.in_editor(".cm-completionLabel"), f"completions of {typed}")
        time.sleep(0.2)  # a list that has just come takes no keys, lest it takes those that were not meant for it
        return found

    assert offered("ori")[0] == "origin"  # a column of the statement's table
    page.keys(Keys.TAB)
    page.keys(", ")
    assert "quantileExact" in offered("quantileE")
    page.keys(Keys.ENTER)
    assert page.text() == "SELECT origin, quantileExact() FROM trips"
    assert offered("del")[0] == "delay"
    page.keys(Keys.ENTER)
    page.keys(Keys.END)
    assert "WHERE" in offered(" WHE")
    page.keys("R")
    page.keys(Keys.ENTER)
    page.write("SELECT 1 FROM sys")
    assert "system" in offered("t")
    page.keys(Keys.ENTER)
    assert "tables" in offered(".tab")
    page.keys(Keys.ESCAPE)
    page.write("SELECT 1 AS x FORMAT ")
    assert "JSONCompactEachRow" in offered("JSONCo")
    page.keys(Keys.ESCAPE)


def test_the_tables_beside_the_editor(page):
    page.browser.find_element("css selector", ".tree-find input").send_keys("delay")
    assert "trips" in page.all(".tree .table .name") and "delay" in page.all(".tree .column .name")
    assert all("delay" in name for name in page.all(".tree .column .name"))
    page.keys(Keys.BACKSPACE * 5, Keys.TAB)
    page.keys(Keys.ARROW_DOWN)
    page.keys(" ")  # the first 100 rows
    page.idle()
    assert page.all(".stats")[0].startswith("100 rows")
    page.keys(Keys.ARROW_RIGHT)
    assert page.all(".tree .column .name") == ["ts", "origin", "delay"]
    page.write("SELECT ")
    page.click(".tree .column:last-child, .tree .column")
    assert page.text() == "SELECT ts"


@pytest.mark.parametrize("kind", ["Lines", "Areas", "Bars", "Pie"])
def test_charts(page, kind):
    page.run("SELECT toStartOfMinute(ts) AS t, origin, count() AS n FROM trips GROUP BY t, origin ORDER BY t")
    page.click(".result-bar .segments button", "Chart")
    page.click(".chart-bar [role=radio]", kind)
    wait_until(lambda: page.script("return document.querySelector('.chart-plot canvas, .chart-pie path') !== null"), "something is drawn")
    assert [name[:3] for name in page.all(".chart-legend button")] == ["ATL", "LAX", "ORD"] or sorted(name[:3] for name in page.all(".chart-legend button")) == ["ATL", "LAX", "ORD"]

    def inked():
        """How many pixels have one of the series' colours; or slices."""
        return page.script(
            "const canvas = document.querySelector('.chart-plot canvas'); if (!canvas) return document.querySelectorAll('.chart-pie path').length;"
            "const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data; let count = 0;"
            "for (let k = 0; k < data.length; k += 4) if (data[k + 3] > 100 && Math.max(data[k], data[k + 1], data[k + 2]) - Math.min(data[k], data[k + 1], data[k + 2]) > 60) count++;"
            "return count")

    wait_until(lambda: inked() >= (3 if kind == "Pie" else 100), "series are drawn")
    for k in range(3):
        page.click(f".chart-legend li:nth-child({k + 1}) button")
    if kind == "Pie":
        wait_until(lambda: inked() == 0, "no series is drawn")
    else:
        wait_until(lambda: inked() < 100, "no series is drawn")
    assert page.complaints() == []


def test_a_chart_that_goes_on(page):
    page.run("SELECT toDateTime('2026-01-01 00:00:00') + number AS t, rand() % 1000 AS n FROM numbers(50)")
    page.script("document.getElementById('every').value = '250'; document.getElementById('every').onchange()")
    count = "SELECT count() FROM system.query_log WHERE query LIKE '%rand()%1000%' AND type = 'QueryFinish' AND query NOT LIKE '%query_log%'"
    wait_until(lambda: page.server.value(count) >= 4, "it ran again and again")
    page.keys(Keys.ESCAPE)
    page.idle()
    assert page.script("return document.getElementById('every').value") == "0"
    assert page.all(".stats")[0].startswith("50 rows") and page.complaints() == []


def test_a_hundred_thousand_rows(page):
    page.run("SELECT number AS n, toString(number * 7) AS s, now() AS t FROM numbers(150000)")
    assert page.all(".stats")[0].startswith("100,000 rows (there are more)")
    nodes = "return document.querySelectorAll('*').length"
    assert page.script(nodes) < 1500
    assert page.script("return document.querySelector('.grid').ariaRowCount ?? document.querySelector('.grid').getAttribute('aria-rowcount')") == "100001"
    longest = page.script(
        "const grid = document.querySelector('.grid'), end = grid.scrollHeight; let most = 0;"
        "return (async () => { for (let k = 0; k <= 200; k++) { grid.scrollTop = end * k / 200; await new Promise(requestAnimationFrame); await new Promise(requestAnimationFrame);"
        "most = Math.max(most, document.querySelectorAll('*').length); } return most; })()")
    assert longest < 1500
    wait_until(lambda: page.cells()[-1][:2] == ["99999", "699993"], "the last row is shown")
    page.script("document.querySelector('.grid').focus()")
    page.keys(Keys.HOME, control=True)
    wait_until(lambda: page.cells()[0][0] == "0", "the first row is shown")
    page.click(".grid-name button")  # sorts up, down
    page.click(".grid-name button")
    wait_until(lambda: page.cells()[0][0] == "99999", "sorted downwards")
    assert page.script("return document.querySelector('.grid-name').getAttribute('aria-sort')") == "descending"


def test_a_million_rows_and_a_thousand_columns(page):
    page.script("document.getElementById('rows-max').value = '1000000'")
    page.run("SELECT number AS n FROM numbers(1000000)")
    page.script("document.querySelector('.grid').focus()")
    page.keys(Keys.END, control=True)
    wait_until(lambda: page.cells()[-1] == ["999999"], "the last of them")
    page.keys(Keys.ARROW_UP)
    assert page.script("return document.querySelector('.grid-cell.current').textContent") == "999998"
    page.run("SELECT " + ", ".join(f"{k} AS c{k}" for k in range(1000)) + " FROM numbers(1000)")
    assert page.script("return document.querySelectorAll('*').length") < 4000
    page.script("document.querySelector('.grid').focus()")
    page.keys(Keys.ARROW_DOWN)
    page.keys(Keys.END)
    wait_until(lambda: page.script("return document.querySelector('.grid-cell.current')?.textContent") == "999", "the last column")


def test_cancel(page):
    running = "SELECT count() FROM system.processes WHERE query LIKE '%the\\_long\\_one%' AND query NOT LIKE '%processes%'"
    page.write(LONG)
    page.keys(Keys.ENTER, control=True)
    wait_until(lambda: page.server.value(running) == 1, "it runs")
    wait_until(lambda: "rows read" in page.all(".stats")[0] and "of memory" in page.all(".stats")[0], "how far it is")
    page.keys(Keys.ESCAPE)
    wait_until(lambda: page.all(".stats")[0].startswith("stopped after"), "the page stopped")
    wait_until(lambda: page.server.value(running) == 0, "the server stopped")
    page.run("SELECT 5 AS a")
    assert page.cells() == [["5"]]


def test_parameters(page):
    page.write("SELECT count() AS n FROM trips WHERE origin = {airport:String} AND delay < {most:Int32}")
    assert page.all(".parameters label") == ["airportString", "mostInt32"]
    for field, value in zip(page.browser.find_elements("css selector", ".parameters input"), ("ATL", "25")):
        field.send_keys(value)
    page.keys(Keys.ENTER)
    wait_until(lambda: page.all(".result"), "a result")
    page.idle()
    assert page.cells() == [["1000"]]


def test_history(page):
    page.run("SELECT 1001 AS a")
    page.run("CREATE USER somebody IDENTIFIED BY 'very-secret'")
    page.run("SELECT 1002 AS b")
    page.open(fresh=False)
    assert page.text() == "SELECT 1002 AS b"  # what was in the editor
    page.click("#tab-history")
    assert page.all(".history-list code") == ["SELECT 1002 AS b", "SELECT 1001 AS a"]
    assert "very-secret" not in page.script("return JSON.stringify({...localStorage, ...sessionStorage})")
    page.click(".history-list li:last-child button")
    assert page.text() == "SELECT 1001 AS a"
    page.click(".history-foot button")
    assert page.all(".history-list code") == []


def test_user_and_password(page):
    page.requests()
    page.click("#user")
    page.keys("nobody-of-that-name", Keys.TAB, "s3cret-word", Keys.ENTER)
    wait_until(lambda: page.all("dialog .wrong"), "the server refuses, and the page asks again")
    page.keys(Keys.ESCAPE)
    asked = page.requests()
    login = [one["headers"] for one in asked if "X-ClickHouse-User" in one["headers"]]
    assert login and {one["X-ClickHouse-User"] for one in login} == {"nobody-of-that-name"} and {one["X-ClickHouse-Key"] for one in login} == {"s3cret-word"}
    assert not any("s3cret-word" in one["url"] or "s3cret-word" in one.get("postData", "") for one in asked)
    kept = "return JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})"
    assert "s3cret" not in page.script(kept)
    page.open(fresh=False)
    assert page.all("#user") == ["default"]
    page.click("#user")
    page.keys("default", Keys.TAB, Keys.TAB, " ", Keys.ENTER)  # kept until the tab is closed
    page.open(fresh=False)
    page.click("#user")
    assert page.script("return document.querySelector('dialog input').value") == "default"
    assert "weir.login" not in page.script("return JSON.stringify({...localStorage})")
    page.script("sessionStorage.clear()")


def test_a_link_only_reads(page):
    page.open("#" + urllib.parse.quote("CREATE TABLE from_a_link (a UInt8) ENGINE = MergeTree ORDER BY a"))
    wait_until(lambda: page.all(".error"), "it is refused")
    assert "came with a link" in page.all(".error")[0]
    with pytest.raises(QueryError):
        page.server.query("SELECT * FROM from_a_link")
    page.run("SELECT 7 AS a")
    page.click("#link")
    assert page.browser.current_url.endswith("#" + urllib.parse.quote("SELECT 7 AS a"))


def test_light_and_dark(page):
    color = "return getComputedStyle(document.body).backgroundColor"
    light = page.script(color)
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    wait_until(lambda: page.script(color) != light, "as the system has it")
    dark = page.script(color)
    page.click("#theme")
    assert page.script(color) == light
    page.open(fresh=False)
    assert page.script(color) == light  # kept
    page.click("#theme")
    assert page.script(color) == dark and page.script("return document.getElementById('theme').ariaLabel") == "colours: dark"


def contrast(page, foreground, background):
    def luminance(name):
        red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", page.script(
            "const one = document.createElement('i'); one.style.color = `var(${arguments[0]})`; document.body.append(one);"
            "const color = getComputedStyle(one).color; one.remove(); return color", name))[:3])
        return sum(part * (value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4)
                   for part, value in zip((0.2126, 0.7152, 0.0722), (red, green, blue)))
    high, low = sorted((luminance(foreground), luminance(background)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_can_be_read(page):
    for _ in range(2):
        page.click("#theme")  # light, dark
        for name in ("ink", "ink-2", "ink-3", "accent", "bad", *("sql-" + word for word in "keyword function type string number comment name parameter".split())):
            for paper in ("--paper", "--paper-2"):
                assert contrast(page, "--" + name, paper) >= 4.5, (name, paper)
        assert contrast(page, "--accent-ink", "--accent") >= 4.5


def test_everything_by_keyboard(page):
    names = page.script(
        "return [...document.querySelectorAll('button, select, input, [tabindex]')].filter(one => one.checkVisibility())"
        ".filter(one => !(one.ariaLabel || one.textContent.trim() || one.labels?.length || one.placeholder || one.title || one.shadowRoot))"
        ".map(one => one.outerHTML)")
    assert names == []
    page.keys("a", control=True)  # the editor has the focus
    page.keys(Keys.DELETE)
    page.keys("SELECT number AS n, number * 2 AS m FROM numbers(50)")
    page.keys(Keys.ESCAPE)
    page.keys(Keys.ENTER, control=True)
    wait_until(lambda: page.cells(), "rows")
    seen = []
    for _ in range(12):
        page.keys(Keys.TAB)
        seen.append(page.script("const one = document.activeElement; return one.id || one.getAttribute('role') || one.ariaLabel || one.textContent"))
    assert seen[:6] == ["run", "run-all", "every", "rows-max", "examples", "link"] and "grid" in seen, seen
    page.keys(Keys.F6)
    page.script("document.activeElement.blur()")
    page.script("document.querySelector('.grid').focus()")
    page.keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_RIGHT)
    current = "return document.getElementById(document.querySelector('.grid').getAttribute('aria-activedescendant'))?.textContent"
    assert page.script(current) in ("2", "4")
    page.keys(Keys.PAGE_DOWN)
    page.keys(Keys.END, control=True)
    assert page.script(current) == "98"
    page.keys(Keys.ENTER)
    assert page.all("dialog pre") == ["98"]
    page.keys(Keys.ESCAPE)
    wait_until(lambda: not page.all("dialog"), "it closes")
    assert page.script("return document.activeElement.getAttribute('role')") == "grid"
    page.keys(Keys.F6)
    page.keys("x")
    assert page.text().endswith("x")


def test_other_formats_and_no_rows(page):
    page.run("SELECT 1 AS a FORMAT Vertical")
    assert "Row 1:" in page.all(".view pre")[0]
    page.run("CREATE TABLE IF NOT EXISTS made_here (a UInt8) ENGINE = MergeTree ORDER BY a")
    assert page.all(".view") == ["Done."]
    wait_until(lambda: "made_here" in page.all(".tree .table .name"), "it is among the tables")
    page.run("INSERT INTO made_here VALUES (1), (2)")
    page.run("SELECT a FROM made_here WHERE a > 5")
    assert page.all(".stats")[0].startswith("0 rows") and page.all(".grid-name b") == ["a"]


def test_download(page, tmp_path):
    page.browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    page.run("SELECT number AS n, 'x;y' AS s FROM numbers(3)")
    page.script("const select = document.querySelector('.result-bar select'); select.value = 'CSVWithNames'; select.dispatchEvent(new Event('change'))")
    file = wait_until(lambda: next(iter(tmp_path.glob("*.csv")), None), "the file is there")
    assert file.read_text() == '"n","s"\n0,"x;y"\n1,"x;y"\n2,"x;y"\n'


def test_on_a_phone(page):
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True})
    page.open()
    page.run("SELECT toStartOfMinute(ts) AS t, count() AS n FROM trips GROUP BY t ORDER BY t")
    fits = "return document.documentElement.scrollWidth <= innerWidth && document.querySelector('.view').clientHeight > 200"
    assert page.script(fits) and len(page.cells()) == 10
    page.click(".result-bar .segments button", "Chart")
    assert page.script(fits) and page.script("return document.querySelector('.chart-plot').clientHeight") > 150
    assert not page.script("return document.getElementById('side').checkVisibility()")
    page.click("#side-button")
    assert page.script("return document.getElementById('side').checkVisibility()")
    page.click(".tree .table button")
    page.idle()
    assert not page.script("return document.getElementById('side').checkVisibility()")
    small = page.script("return [...document.querySelectorAll('.bar button, .bar select, .top button')].filter(one => one.checkVisibility() && one.offsetHeight < 36).map(one => one.id)")
    assert small == [] and page.complaints() == []


def test_a_server_that_is_gone(make_server, browser):
    server = make_server()
    page = Page(server, browser).open()
    page.run("SELECT 1 AS a")
    assert server.stop() == 0
    page.run("SELECT 2 AS a")
    assert "cannot be reached" in page.all(".error p")[0]
    browser.get("about:blank")
