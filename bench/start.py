"""An empty server: time from exec until /ping answers, and resident memory then."""
import statistics
import time
import urllib.request

from common import Server, table


def run(_options):
    times, memory = [], []
    for _ in range(11):
        server = Server()
        urllib.request.urlopen(server.url + "ping").read()
        times.append((time.monotonic() - server.begin) * 1000)
        memory.append(server.rss_peak_mb())
        server.stop()
    rows = [[f"{statistics.median(times):.1f}", f"{min(times):.1f}", f"{max(times):.1f}", f"{max(memory):.1f}"]]
    return "## Start of an empty server\n\nBar: < 50 ms, < 30 MB.\n\n" + table(
        ["/ping after, ms, median of 11", "min", "max", "RSS, MB"], rows
    )
