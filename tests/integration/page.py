"""A page of the program in a headless Chromium, and what tests of pages begin with: one browser, one table."""
import json
import shutil

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from weir import DEADLINE


def start_browser():
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for switch in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,820", "--no-first-run",
                   "--disable-background-networking", "--disable-component-update"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_script_timeout(DEADLINE)
    return driver


@pytest.fixture(scope="module")
def browser():
    driver = start_browser()
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def server(shared):
    shared.query("CREATE TABLE trips (ts DateTime, origin LowCardinality(String), delay Int32) ENGINE = MergeTree ORDER BY ts")
    shared.query("INSERT INTO trips SELECT toDateTime('2026-01-01 00:00:00') + number % 600, ['ATL', 'ORD', 'LAX'][number % 3 + 1], number % 50 FROM numbers(6000)")
    yield shared
    shared.query("DROP TABLE trips")


class BrowserPage:
    def __init__(self, server, browser):
        self.server = server
        self.browser = browser

    def plain(self):
        """Of a desk, light, and nothing said or asked."""
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "light"}]})
        self.complaints()
        self.requests()
        return self

    def script(self, text, *arguments):
        return self.browser.execute_script(text, *arguments)

    def forget(self):
        """As a browser that was never here."""
        self.browser.get(self.server.url_of("/ping"))
        self.script("localStorage.clear(); sessionStorage.clear()")

    def keys(self, *keys, control=False, shift=False):
        chain = ActionChains(self.browser)
        held = [Keys.CONTROL] * control + [Keys.SHIFT] * shift
        for key in held:
            chain.key_down(key)
        chain.send_keys(*keys)
        for key in held:
            chain.key_up(key)
        chain.perform()

    def all(self, selector):
        return self.script("return [...document.querySelectorAll(arguments[0])].filter(one => one.checkVisibility()).map(one => one.textContent)", selector)

    def click(self, selector, text=None):
        assert self.script("const found = [...document.querySelectorAll(arguments[0])].filter(one => arguments[1] === null || one.textContent === arguments[1]);"
                           "found[0]?.click(); return found.length", selector, text) > 0, (selector, text)

    def complaints(self):
        return [entry for entry in self.browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self):
        found = []
        for entry in self.browser.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"])
        return found
