"""From produce to visible in a query, with a real broker on the same machine."""
import subprocess
import sys
import urllib.parse

from common import BUILD, ROOT, Server, note, table

sys.path.insert(0, str(ROOT / "tests/integration"))


def run(options):
    import kafka

    broker = kafka.Broker()
    broker.start()
    lines = []
    try:
        for rate in (50_000, 200_000):
            for partitions in (1, 4):
                name = f"fresh_{rate}_{partitions}"
                broker.create_topic(name, partitions)
                server = Server()
                server.query(f"CREATE TABLE {name} (partition UInt32, seq UInt64, payload String) ENGINE = MergeTree ORDER BY seq")
                server.query(f"CREATE SOURCE feed INTO {name} FROM KAFKA (brokers = '{broker.address}', topic = '{name}') FORMAT JSONEachRow")
                sql = f"SELECT partition, max(seq) FROM {name} GROUP BY partition"
                note(f"{rate} events/s, {partitions} partitions ...")
                text = subprocess.run(
                    [BUILD / "visible", broker.address, name, str(partitions), server.url + "?" + urllib.parse.urlencode({"query": sql}), str(rate), str(options.seconds)],
                    check=True, capture_output=True, text=True,
                ).stdout
                note(text)
                visible, acknowledged = (line.split() for line in text.splitlines()[:2])
                lines.append([f"{rate:,}", partitions, visible[2], visible[4], visible[8], visible[10], acknowledged[4], acknowledged[8]])
                server.stop()
    finally:
        broker.stop()
    return (
        "## Produce to visible\n\nBar: p50 < 10 ms at 50,000 events/s, p99 < 50 ms at 200,000 events/s. Producer, broker, server and the asking client share the machine's cores.\n\n"
        + table(["events/s", "partitions", "events", "visible p50 ms", "p99", "max", "broker's acknowledgement p50 ms", "p99"], lines)
    )
