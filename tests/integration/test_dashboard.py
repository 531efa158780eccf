"""The page /dashboard in a real browser: panels of each kind, editing by keys and mouse, what is kept, errors, hostile
texts, a phone; and the ways in which its data come."""
import json
import signal
import urllib.parse

import pytest
import requests
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from page import BrowserPage, browser, server  # noqa: F401 (fixtures)
from test_demo import read_address, start as start_demo
from weir import DEADLINE, wait_until

HOSTILE = '<img src=x onerror="window.hacked=1">'


def panel(key, kind, query, x=0, y=0, width=6, height=4, **more):
    return {"id": key, "title": key, "kind": kind, "query": query, "x": x, "y": y, "width": width, "height": height, **more}


def board(*panels, **more):
    return {"weir_dashboard": 1, "title": "Test", "time": {"last": "1h"}, "every_ms": 250, "panels": list(panels), **more}


class Page(BrowserPage):
    def store(self, definition, name="test"):
        """On the server."""
        reply = requests.put(self.server.url_of(f"/dashboards/{name}"), json.dumps(definition), timeout=DEADLINE)
        assert reply.status_code == 200, reply.text

    def open(self, definition=None, name="test", options="", fresh=True, ways="polling"):
        if fresh:
            self.forget()
        if definition is not None:
            self.store(definition, name)
        self.browser.get("about:blank")
        self.browser.get(self.server.url_of("/dashboard") + (f"?ways={ways}" if ways else "") + f"#{name}{options}")
        wait_until(lambda: self.script("return document.getElementById('names').value") == name, "the dashboard is there")
        return self

    def panel(self, key, selector="", what="textContent"):
        """A property of the first such element in a panel, or None."""
        return self.script(f"return document.querySelector(arguments[0])?.{what} ?? null", f'[data-panel="{key}"] {selector}'.strip())

    def texts(self, key, selector):
        return self.script("return [...document.querySelectorAll(arguments[0])].map(one => one.textContent)", f'[data-panel="{key}"] {selector}')

    def cells(self, key):
        return self.script(
            "return [...document.querySelectorAll(arguments[0])].sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)"
            ".map(row => [...row.querySelectorAll('.grid-cell')].map(cell => cell.textContent))", f'[data-panel="{key}"] .grid-row')

    def placed(self, key):
        return self.script("const style = document.querySelector(arguments[0]).style; return [style.gridColumn, style.gridRow]", f'[data-panel="{key}"]')

    def focused(self):
        return self.script("const one = document.activeElement; return one.closest('[data-panel]')?.dataset.panel + ' ' + one.className")

    def definition(self, name="test"):
        """As this browser keeps it; None: there are no changes."""
        kept = self.script("return localStorage.getItem(arguments[0])", f"weir.dashboard.{name}")
        return None if kept is None else json.loads(kept)["definition"]

    def on_server(self, name="test"):
        return requests.get(self.server.url_of(f"/dashboards/{name}"), timeout=DEADLINE).json()

    def type(self, text):
        self.browser.execute_cdp_cmd("Input.insertText", {"text": text})

    def quiet(self):
        """No complaints but of queries that fail on purpose."""
        return [one for one in self.complaints() if "Failed to load resource" not in one["message"]]


@pytest.fixture
def page(server, browser):
    made = Page(server, browser)
    made.plain()
    yield made
    browser.get("about:blank")


BY_MINUTE = "SELECT toStartOfMinute(ts) AS t, origin, count() AS n FROM trips GROUP BY t, origin ORDER BY t, origin"


def test_each_kind_shows_the_right_numbers(page):
    page.open(board(
        panel("lines", "time", BY_MINUTE),
        panel("bars", "bar", "SELECT origin, sum(delay) AS d FROM trips GROUP BY origin ORDER BY origin", x=6),
        panel("rows", "table", "SELECT origin, count() AS n, toUInt64(18446744073709551615) AS big FROM trips GROUP BY origin ORDER BY origin", y=4),
        panel("number", "value", "SELECT avg(delay) AS d FROM trips", x=6, y=4, width=3, options={"unit": "min", "decimals": 2, "thresholds": [{"from": 0, "color": "good"}, {"from": 24, "color": "warn"}]}),
        panel("numbers", "value", "SELECT origin, count() AS n FROM trips GROUP BY origin ORDER BY origin", x=9, y=4, width=3),
        panel("heat", "heatmap", "SELECT toStartOfMinute(ts) AS t, origin, max(delay) AS m FROM trips GROUP BY t, origin", y=8),
        panel("tail", "log", "SELECT ts, 'error' AS level, origin FROM trips ORDER BY ts DESC, origin LIMIT 5", x=6, y=8),
    ))
    wait_until(lambda: len(page.cells("rows")) == 3, "the table")
    assert page.cells("rows") == [["ATL", "2000", "18446744073709551615"], ["LAX", "2000", "18446744073709551615"], ["ORD", "2000", "18446744073709551615"]]
    wait_until(lambda: page.panel("number", "dd") == "24.50 min", "the value")
    assert page.panel("number", "dd", "className") == "warn"
    wait_until(lambda: page.texts("numbers", "dt") == ["ATL", "LAX", "ORD"] and page.texts("numbers", "dd") == ["2,000"] * 3, "values with names")
    wait_until(lambda: page.panel("lines", "[role=img]", "ariaLabel") == "Lines of ATL, LAX, ORD, 10 points", "lines")
    assert sorted(page.texts("lines", ".chart-legend button")) == ["ATL", "LAX", "ORD"]
    wait_until(lambda: page.panel("bars", "[role=img]", "ariaLabel") == "Bars of d, 3 points", "bars")
    low, high = page.server.rows("SELECT min(m), max(m) FROM (SELECT max(delay) AS m FROM trips GROUP BY toStartOfMinute(ts), origin)")[0]
    wait_until(lambda: page.panel("heat", "canvas", "ariaLabel") == f"heat map of m by t and origin, 10 by 3, from {low} to {high}", "a heat map")
    wait_until(lambda: page.texts("tail", "li")[:1] == ["2026-01-01 00:09:59 error LAX "], "a log")
    assert page.texts("tail", ".bad") and len(page.texts("tail", "li")) == 5
    for key in ("lines", "bars", "heat"):
        wait_until(lambda: page.script(
            "const canvas = document.querySelector(`[data-panel=${arguments[0]}] canvas`), ink = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;"
            "let count = 0; for (let k = 0; k < ink.length; k += 4) if (ink[k + 3] > 40 && Math.max(ink[k], ink[k + 1], ink[k + 2]) - Math.min(ink[k], ink[k + 1], ink[k + 2]) > 40) count++;"
            "return count", key) > 200, f"{key} are drawn")
    page.click('[data-panel="lines"] .as-table')  # the same as a table, for who sees no picture
    wait_until(lambda: len(page.cells("lines")) > 2 and page.cells("lines")[0][0] == "2026-01-01 00:00:00", "a chart's numbers")
    assert page.quiet() == []


@pytest.mark.parametrize("way", ["websocket", "stream", "polling"])
def test_new_rows_come(page, way):
    page.server.query("CREATE OR REPLACE TABLE growing (k String, n UInt32) ENGINE = MergeTree ORDER BY k")
    page.open(board(panel("rows", "table", "SELECT k, sum(n) AS n FROM growing GROUP BY k ORDER BY k"), panel("sum", "value", "SELECT sum(n) FROM growing", x=6)), ways=way)
    wait_until(lambda: page.panel("sum", "dd") == "0", "nothing yet")
    assert page.script("return document.querySelector('.strip button').dataset.way") == way
    page.server.query("INSERT INTO growing VALUES ('a', 1), ('b', 2)")
    wait_until(lambda: page.cells("rows") == [["a", "1"], ["b", "2"]] and page.panel("sum", "dd") == "3", "rows")
    page.server.query("INSERT INTO growing VALUES ('b', 5)")
    wait_until(lambda: page.cells("rows") == [["a", "1"], ["b", "7"]], "a change")
    page.click("#pause")
    page.server.query("INSERT INTO growing VALUES ('c', 1)")
    assert page.script("return document.querySelector('.strip button').textContent") == "paused"
    page.click("#pause")
    wait_until(lambda: page.cells("rows")[-1:] == [["c", "1"]], "it goes on")
    page.server.query("TRUNCATE TABLE growing")
    wait_until(lambda: page.cells("rows") == [], "all gone")


def test_an_error_stays_in_its_panel(page):
    page.open(board(panel("good", "value", "SELECT 7 AS n"), panel("bad", "table", "SELECT nothing FROM trips", x=6), panel("wrong", "heatmap", "SELECT 'x' AS only", y=4),
                    panel("empty", "time", "", x=6, y=4), panel("none", "bar", "SELECT origin, count() FROM trips WHERE origin = 'XXX' GROUP BY origin", y=8),
                    panel("writes", "table", "INSERT INTO trips VALUES ('2026-01-01 00:00:00', 'EVIL', 1)", x=6, y=8)))
    wait_until(lambda: page.panel("good", "dd") == "7", "the good one")
    wait_until(lambda: "nothing" in (page.panel("bad", ".panel-error") or ""), "the error")
    wait_until(lambda: "A heat map needs" in (page.panel("wrong", ".panel-note") or ""), "what it needs")
    wait_until(lambda: page.panel("empty", ".panel-note") == "This panel has no query yet.", "no query")
    wait_until(lambda: page.panel("none", ".panel-note") == "No rows.", "no rows")
    wait_until(lambda: page.panel("writes", ".panel-error"), "a panel only reads")
    assert page.server.value("SELECT count() FROM trips WHERE origin = 'EVIL'") == 0
    assert page.panel("good", "dd") == "7" and page.quiet() == []


def test_hostile_texts_stay_texts(page):
    title = HOSTILE + "${alert(1)}"
    page.open({**board(panel("a", "table", f"SELECT '{HOSTILE}' AS `<b>{HOSTILE}</b>`"), panel("b", "log", f"SELECT '{HOSTILE}' AS x", x=6), panel("c", "value", f"SELECT '{HOSTILE}' AS x", y=4),
                       panel("d", "bar", f"SELECT '{HOSTILE}' AS x, 5 AS y", x=6, y=4), panel("e", "table", f"SELECT `{HOSTILE}`", y=8)), "title": title,
               "variables": [{"name": "v", "label": HOSTILE, "value": HOSTILE, "options": [HOSTILE, "x"]}]})
    wait_until(lambda: page.cells("a") == [[HOSTILE]], "a table")
    wait_until(lambda: page.texts("b", "li") == [HOSTILE + " "] and page.panel("c", "dd") == HOSTILE, "log and value")
    wait_until(lambda: HOSTILE[:20] in (page.panel("e", ".panel-error") or ""), "an error")
    assert title in page.script("return document.title") and page.script("return document.querySelector('#variables select').value") == HOSTILE
    page.script("document.querySelector('[data-panel=a] h2').textContent")
    assert page.script("return document.querySelectorAll('main img').length") == 0
    page.open(name="test", options="?p_v=" + urllib.parse.quote(HOSTILE) + "&last=" + urllib.parse.quote(HOSTILE), fresh=False)
    wait_until(lambda: page.cells("a") == [[HOSTILE]], "again")
    # what other pages or people may have left in the browser
    for kept in ("null", '{"definition": {"weir_dashboard": 1, "title": "x", "panels": [{}]}}', "{"):
        page.script("localStorage.setItem('weir.dashboard.test', arguments[0])", kept)
        page.open(fresh=False)
        wait_until(lambda: page.cells("a") == [[HOSTILE]], f"with {kept}")
    assert page.script("return window.hacked ?? null") is None and page.quiet() == []


def test_nothing_comes_from_elsewhere(page):
    page.open(board(panel("a", "time", BY_MINUTE)), ways="")
    wait_until(lambda: page.panel("a", "canvas", "width"), "a chart")
    page.click("#edit")
    page.click('[data-panel="a"] .edit')
    wait_until(lambda: page.script("return document.querySelector('.query-editor').dataset.ready !== undefined"), "the editor")
    asked = page.requests()
    assert len(asked) > 5
    for request in asked:
        parts = urllib.parse.urlsplit(request["url"])
        assert parts.scheme == "data" or parts.netloc == page.server.address, request["url"]
    assert page.quiet() == []


def test_variables_and_time(page):
    counted = "SELECT count() AS n FROM trips WHERE origin = {airport:String} AND delay < {most:Int32} AND $__timeFilter(ts)"
    page.open(board(panel("n", "value", counted), variables=[{"name": "airport", "value": "ATL", "query": "SELECT DISTINCT origin FROM trips ORDER BY origin"}],
                    time={"from": "2026-01-01 00:00:00", "to": "2026-01-01 00:04:59"}))
    wait_until(lambda: page.panel("n", ".panel-error"), "a variable is not there")
    field = page.browser.find_element("css selector", "#variables [name=most]")
    field.send_keys("25", Keys.ENTER)
    expected = page.server.value("SELECT count() FROM trips WHERE origin = 'ATL' AND delay < 25 AND ts <= '2026-01-01 00:04:59'")
    wait_until(lambda: (page.panel("n", "dd") or "").replace(",", "") == str(expected), "the answer")
    wait_until(lambda: page.script("return [...document.querySelectorAll('#variables option')].map(one => one.value)") == ["ATL", "LAX", "ORD"], "choices")
    page.script("const one = document.querySelector('#variables select'); one.value = 'LAX'; one.dispatchEvent(new Event('change'))")
    lax = page.server.value("SELECT count() FROM trips WHERE origin = 'LAX' AND delay < 25 AND ts <= '2026-01-01 00:04:59'")
    wait_until(lambda: (page.panel("n", "dd") or "").replace(",", "") == str(lax), "another airport")
    link = page.browser.current_url
    assert "p_airport=LAX" in link and "p_most=25" in link
    page.script("const one = document.getElementById('time'); one.value = '5m'; one.dispatchEvent(new Event('change'))")
    wait_until(lambda: page.panel("n", "dd") == "0", "the last five minutes")
    assert "last=5m" in page.browser.current_url
    page.forget()
    page.browser.get(link)  # a link shows the same to others
    wait_until(lambda: (page.panel("n", "dd") or "").replace(",", "") == str(lax), "the link's")
    assert page.definition() is None and page.quiet() == []


def test_keyboard_alone(page):
    page.open(board(panel("first", "value", "SELECT 1 AS n", width=3, height=3)))
    wait_until(lambda: page.panel("first", "dd") == "1", "it is shown")
    page.keys("e")
    page.keys("a")
    wait_until(lambda: page.script("return document.querySelector('.query-editor')?.dataset.ready !== undefined"), "the editor")
    page.type("Delays")
    page.keys(Keys.TAB)
    page.keys("Tab")  # a select: Table
    page.keys(Keys.TAB)
    page.type("SELECT origin, max(delay) AS d FROM trips GROUP BY origin ORDER BY origin")
    page.keys(Keys.ENTER, control=True)
    wait_until(lambda: page.script("return document.querySelectorAll('.preview .grid-row').length") == 3, "a look at it")
    for _ in range(20):
        if page.script("return document.activeElement.textContent") == "Apply":
            break
        page.keys(Keys.TAB)
    page.keys(Keys.ENTER)
    wait_until(lambda: len(page.cells("p2")) == 3, "the new panel")
    assert page.cells("p2") == [["ATL", "49"], ["LAX", "49"], ["ORD", "49"]]
    wait_until(lambda: page.focused() == "p2 grip", "its grip has the focus")
    assert page.placed("p2") == ["1 / span 6", "4 / span 5"]
    page.keys(Keys.ARROW_UP)
    assert page.placed("p2")[1] == "1 / span 5" and page.placed("first")[1] == "6 / span 3"
    page.keys(*[Keys.ARROW_RIGHT] * 3)
    assert page.placed("p2") == ["4 / span 6", "1 / span 5"] and page.placed("first") == ["1 / span 3", "1 / span 3"]
    page.keys(Keys.ARROW_RIGHT, Keys.ARROW_DOWN, shift=True)
    assert page.placed("p2") == ["4 / span 7", "1 / span 6"] and page.focused() == "p2 grip"
    page.keys(Keys.ENTER)
    wait_until(lambda: page.script("return document.activeElement.name") == "title", "the panel's dialog")
    page.keys("a", control=True)
    page.type("Most")
    page.keys(Keys.ENTER)
    wait_until(lambda: page.panel("p2", "h2") == "Most", "another title")
    wait_until(lambda: page.focused() == "p2 grip", "the focus is back")
    page.keys(Keys.DELETE)
    assert page.panel("p2") is None and page.focused() == "first grip"
    page.keys("z", control=True)
    wait_until(lambda: page.panel("p2", "h2") == "Most", "undone")
    page.open(fresh=False)  # as it was left
    wait_until(lambda: page.panel("p2", "h2") == "Most", "kept")
    assert page.placed("p2") == ["4 / span 7", "1 / span 6"] and page.quiet() == []
    assert len(page.on_server()["panels"]) == 1


def test_mouse_moves_and_resizes(page):
    page.open(board(panel("a", "value", "SELECT 1 AS n", width=4, height=3), panel("b", "value", "SELECT 2 AS n", x=4, width=4, height=3)))
    page.click("#edit")
    grip = page.browser.find_element("css selector", '[data-panel="a"] .grip')
    column = page.script("return (document.getElementById('panels').clientWidth + 10) / 12")
    ActionChains(page.browser).click_and_hold(grip).move_by_offset(int(8 * column), 0).release().perform()
    assert page.placed("a") == ["9 / span 4", "1 / span 3"] and page.placed("b") == ["5 / span 4", "1 / span 3"]
    corner = page.browser.find_element("css selector", '[data-panel="b"] .panel-corner')
    ActionChains(page.browser).click_and_hold(corner).move_by_offset(-int(column), 108).release().perform()
    assert page.placed("b") == ["5 / span 3", "1 / span 5"]
    ActionChains(page.browser).click_and_hold(grip).move_by_offset(-int(6 * column), 0).send_keys(Keys.ESCAPE).release().perform()
    assert page.placed("a") == ["9 / span 4", "1 / span 3"]  # given up
    page.click('[data-panel="a"] .duplicate')
    wait_until(lambda: page.panel("p3", "dd") == "1", "a copy")
    page.click('[data-panel="b"] .remove')
    assert page.panel("b") is None
    assert {one["id"] for one in page.definition()["panels"]} == {"a", "p3"}


def test_saved_on_the_server(page):
    page.open(board(panel("a", "value", "SELECT 1 AS n")))
    page.click("#edit")
    page.click('[data-panel="a"] .duplicate')
    wait_until(lambda: page.panel("p2"), "a copy")
    page.click("#save")
    wait_until(lambda: "Saved on the server." in page.script("return document.getElementById('notice').textContent"), "it is saved")
    assert [one["id"] for one in page.on_server()["panels"]] == ["a", "p2"] and page.definition() is None
    # somebody else saves, too
    page.store(board(panel("theirs", "value", "SELECT 3 AS n")))
    page.click('[data-panel="a"] .remove')
    page.click("#save")
    wait_until(lambda: "another version" in page.script("return document.getElementById('notice').textContent"), "it is told")
    page.click("#notice button", "Take the server's")
    wait_until(lambda: page.panel("theirs", "dd") == "3", "theirs")
    assert page.definition() is None
    page.click("#menu-button")
    page.click("#menu button", "Copy under another name")
    page.type("mine")
    page.keys(Keys.ENTER)
    wait_until(lambda: page.script("return document.getElementById('names').value") == "mine", "a copy")
    page.click("#save")
    wait_until(lambda: requests.get(page.server.url_of("/dashboards/mine"), timeout=DEADLINE).status_code == 200, "stored")
    page.click("#menu-button")
    page.click("#menu button", "Delete")
    page.click("dialog button.main", "Delete")
    wait_until(lambda: requests.get(page.server.url_of("/dashboards/mine"), timeout=DEADLINE).status_code == 404, "deleted")
    wait_until(lambda: page.script("return document.getElementById('names').value") != "mine", "another one is shown")


def test_json_in_and_out(page):
    page.open(board(panel("a", "value", "SELECT 1 AS n")))

    def give(text):
        page.click("#menu-button")
        page.click("#menu button", "JSON: export, import")
        assert json.loads(page.script("return document.querySelector('dialog textarea').value"))["weir_dashboard"] == 1
        page.script("document.querySelector('dialog textarea').value = arguments[0]", text)
        page.click("dialog button.main")

    give("{")
    wait_until(lambda: "is not JSON" in page.script("return document.querySelector('dialog .wrong').textContent"), "no JSON")
    page.script("document.querySelector('dialog').close()")
    give(json.dumps(board(panel("a", "pie", ""))))
    wait_until(lambda: "panels[0].kind: must be one of" in page.script("return document.querySelector('dialog .wrong').textContent"), "no dashboard")
    assert page.panel("a", "dd") == "1"
    page.script("document.querySelector('dialog').close()")
    give(json.dumps(board(panel("given", "value", "SELECT 42 AS n"))))
    wait_until(lambda: page.panel("given", "dd") == "42", "the imported one")
    assert page.panel("a") is None and page.definition()["panels"][0]["id"] == "given"


def test_without_the_right(page):
    page.server.query("CREATE USER viewer IDENTIFIED BY 'secret'")
    page.server.query("GRANT SELECT ON default.* TO viewer")
    page.open(board(panel("a", "value", "SELECT count() FROM trips")))
    page.click("#user")
    page.keys("a", control=True)
    page.keys("viewer", Keys.TAB, "secret", Keys.ENTER)
    wait_until(lambda: page.all("#user") == ["viewer"], "logged in")
    wait_until(lambda: page.panel("a", "dd") == "6,000", "what a viewer may see")
    page.click("#edit")
    page.click('[data-panel="a"] .duplicate')
    wait_until(lambda: page.script("return document.getElementById('save').disabled"), "saving is not theirs")
    assert page.definition() is not None  # in this browser
    assert not any("secret" in one["url"] for one in page.requests())
    page.server.query("DROP USER viewer")


def test_the_demo_opens_on_it(browser, tmp_path):
    """Flights live, what is not complete yet visibly so, the source's lag."""
    demo = start_demo(tmp_path, "--http-port", "18223")
    try:
        address, _ = read_address(demo)
        page = Page(None, browser)
        browser.get(f"{address}dashboard#flights")
        wait_until(lambda: (page.panel("total", "dd") or "0") != "0", "flights")
        first = page.panel("total", "dd")
        wait_until(lambda: page.panel("total", "dd") != first, "more flights")
        wait_until(lambda: int(page.panel("rate", ".chart-plot", "dataset.unfinished") or 0) >= 1, "the chart's end is hatched")
        wait_until(lambda: int(page.panel("heat", ".heatmap", "dataset.unfinished") or 0) >= 1, "so is the heat map's")
        chips = "return [...document.querySelectorAll('.strip button')].map(one => one.textContent)"
        wait_until(lambda: any(text.startswith("complete through") for text in page.script(chips)), "completeness is told")
        wait_until(lambda: any(text.startswith("1 source: ") for text in page.script(chips)), "the source's lag is told")
        page.click('[data-panel="rate"] .as-table')
        wait_until(lambda: page.texts("rate", ".grid-row.unfinished"), "rows of the end are dimmed")
        wait_until(lambda: len(page.cells("rate")) > len(page.texts("rate", ".grid-row.unfinished")), "the first step is over")
        assert [page.panel(key, ".panel-error") for key in page.script("return [...document.querySelectorAll('.panel')].map(one => one.dataset.panel)")] == [None] * 10
        browser.get("about:blank")
        demo.send_signal(signal.SIGINT)
        out, err = demo.communicate(timeout=DEADLINE)
        assert demo.returncode == 0 and "nothing lost, nothing doubled" in out + err
    finally:
        if demo.poll() is None:
            demo.kill()
            demo.wait()


def test_phone(page):
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True})
    page.open(board(panel("lines", "time", BY_MINUTE, width=8), panel("one", "value", "SELECT 1 AS n", x=8, width=2), panel("two", "value", "SELECT 2 AS n", x=10, width=2),
                    panel("wide", "table", "SELECT " + ", ".join(f"{k} AS column_{k}" for k in range(40)), y=4, width=12)))
    wait_until(lambda: page.panel("two", "dd") == "2" and page.cells("wide"), "panels")
    assert page.script("return document.documentElement.scrollWidth <= innerWidth")
    boxes = page.script("return [...document.querySelectorAll('.panel')].map(one => { const {left, top, width} = one.getBoundingClientRect(); return [left, top, width]; })")
    assert boxes[0][2] > 350 and boxes[1][1] == boxes[2][1] > boxes[0][1] and boxes[1][2] < 190  # two values beside each other
    page.click("#edit")
    page.click('[data-panel="wide"] .up')
    wait_until(lambda: page.script("return document.querySelector('.panel').dataset.panel") == "wide", "moved up")
    page.click('[data-panel="wide"] .edit')
    wait_until(lambda: page.script("return document.querySelector('dialog[open]') !== null"), "the dialog")
    assert page.script("return document.documentElement.scrollWidth <= innerWidth && document.querySelector('dialog').scrollWidth <= innerWidth")
    small = page.script("return [...document.querySelectorAll('.top button, .top select, .panel-edits button')].filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 30).map(one => one.id)")
    assert small == []


def test_light_dark_and_names(page):
    page.open(board(panel("a", "time", BY_MINUTE)))
    light = page.script("return getComputedStyle(document.body).backgroundColor")
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    wait_until(lambda: page.script("return getComputedStyle(document.body).backgroundColor") != light, "dark")
    page.click("#edit")
    unnamed = page.script("return [...document.querySelectorAll('button, input, select, a')].filter(one => one.checkVisibility() && !(one.textContent.trim() || one.ariaLabel || one.labels?.length || one.title)).map(one => one.outerHTML)")
    assert unnamed == []
    assert page.script("return [...document.querySelectorAll('.panel')].every(one => document.getElementById(one.getAttribute('aria-labelledby')))")
    assert page.script("return document.getElementById('names').querySelector('[value=server]') !== null")
    page.open(name="server", fresh=False)
    wait_until(lambda: page.panel("queries", "dd"), "what the program brings")
    assert page.texts("tables", ".panel-error") == page.texts("log", ".panel-error") == []
