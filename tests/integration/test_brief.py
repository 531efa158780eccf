"""Statements that the HTTP threads work on themselves (SELECT of literals): answered as any other."""
import threading

import requests

from weir import DEADLINE


def test_answers_and_headers(shared):
    for sql, text in (("SELECT 1", "1\n"), ("select 'a', 2.5;", "a\t2.5\n"), ("SELECT 0xff FORMAT JSONEachRow", '{"255":255}\n')):
        for reply in (
            requests.post(shared.url, data=sql.encode(), timeout=DEADLINE),
            requests.get(shared.url_of("/", query=sql), timeout=DEADLINE),
            requests.post(shared.url_of("/", wait_end_of_query="1", query_id="brief"), data=sql.encode(), timeout=DEADLINE),
        ):
            assert (reply.status_code, reply.text) == (200, text), sql
            assert reply.headers["X-ClickHouse-Query-Id"] and '"result_rows":"1"' in reply.headers["X-ClickHouse-Summary"]
    assert requests.head(shared.url_of("/", query="SELECT 1"), timeout=DEADLINE).status_code == 200


def test_errors(shared):
    for sql, parameters, code in (
        ("SELECT 1 FORMAT Nonsense", {}, "73"),
        ("SELECT 1", {"database": "nowhere"}, "81"),
        ("SELECT 1", {"user": "somebody"}, "516"),
        ("SELECT 'x", {}, "62"),
    ):
        reply = requests.post(shared.url_of("/", **parameters), data=sql.encode(), timeout=DEADLINE)
        assert reply.status_code != 200 and reply.headers["X-ClickHouse-Exception-Code"] == code, (sql, reply.text)


def test_many_on_kept_connections(shared):
    wrong = []

    def ask(number):
        with requests.Session() as session:
            for k in range(50):
                text = session.post(shared.url, data=f"SELECT {number}, {k}".encode(), timeout=DEADLINE).text
                if text != f"{number}\t{k}\n":
                    wrong.append(text)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
