"""/dashboards: definitions are listed, read, stored and deleted over HTTP; who may, which names, what survives failures."""
import concurrent.futures
import json

import pytest
import requests

from weir import DEADLINE, Server


def definition(title="one", **more):
    return json.dumps({"weir_dashboard": 1, "title": title, "panels": [], **more})


@pytest.fixture(scope="module")
def server(shared):
    return shared


def ask(server, method, name="", body=None, **headers):
    return requests.request(method, server.url_of("/dashboards" + (f"/{name}" if name else "")), data=body, timeout=DEADLINE,
                            headers={key.replace("_", "-"): value for key, value in headers.items()})


def names(server, **headers):
    return [one["name"] for one in ask(server, "GET", **headers).json()["dashboards"]]


def test_stored_read_listed_deleted(server):
    assert ask(server, "GET").json() == {"dashboards": [], "may_change": True}
    stored = ask(server, "PUT", "first", definition())
    assert stored.status_code == 200 and stored.json() == {"name": "first", "stored": True}
    read = ask(server, "GET", "first")
    assert read.text == definition() and read.headers["Content-Type"].startswith("application/json")
    assert read.headers["ETag"] == stored.headers["ETag"] and read.headers["ETag"].startswith('"')
    assert ask(server, "PUT", "Second-1_", definition("two")).status_code == 200
    assert names(server) == ["Second-1_", "first"]
    assert (server.data / "dashboards/first.json").read_text() == definition()
    assert ask(server, "DELETE", "Second-1_").status_code == 200
    assert names(server) == ["first"]
    for method in ("GET", "DELETE"):
        missing = ask(server, method, "Second-1_")
        assert missing.status_code == 404 and "There is no dashboard Second-1_" in missing.text
    logged = server.rows("SELECT query FROM system.query_log WHERE query LIKE 'PUT /dashboards%' AND type = 'QueryFinish' ORDER BY query")
    assert logged == [["PUT /dashboards/Second-1_"], ["PUT /dashboards/first"]]


def test_two_editors(server):
    tag = ask(server, "PUT", "shared", definition("a")).headers["ETag"]
    assert ask(server, "PUT", "shared", definition("b"), If_None_Match="*").status_code == 412
    other = ask(server, "PUT", "shared", definition("c"), If_Match=tag)
    assert other.status_code == 200
    refused = ask(server, "PUT", "shared", definition("d"), If_Match=tag)
    assert refused.status_code == 412 and "is another one on the server by now" in refused.text
    assert ask(server, "DELETE", "shared", If_Match=tag).status_code == 412
    assert ask(server, "GET", "shared").json()["title"] == "c"
    assert ask(server, "PUT", "shared", definition("e"), If_Match=f'"x", {other.headers["ETag"]}').status_code == 200
    assert ask(server, "PUT", "new-one", definition(), If_Match=tag).status_code == 412
    assert ask(server, "PUT", "new-one", definition(), If_None_Match="*").status_code == 200
    # of those who begin at the same state, one is the first
    tag = ask(server, "GET", "shared").headers["ETag"]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda k: ask(server, "PUT", "shared", definition(f"racer {k}"), If_Match=tag).status_code, range(16)))
    assert sorted(done) == [200] + [412] * 15


@pytest.mark.parametrize("name", ["..", "a/b", "..%2Fx", "%2e%2e%2fx", "a.b", ".hidden", "a%20b", "é", "a" * 65, "x%5Cy", "%22", ""])
def test_names_stay_in_the_directory(server, name):
    before = sorted(path.name for path in server.data.iterdir())
    for method in ("PUT", "DELETE"):
        # as it stands, not as a client would tidy it up
        request = requests.Request(method, server.url_of("/dashboards"), data=definition()).prepare()
        request.url = server.url_of(f"/dashboards/{name}")
        reply = requests.Session().send(request, timeout=DEADLINE)
        assert reply.status_code == 400 and "is no name of a dashboard" in reply.text or reply.status_code == 404, reply.text
    assert sorted(path.name for path in server.data.iterdir()) == before
    assert all(path.suffix == ".json" for path in (server.data / "dashboards").iterdir())


def test_what_is_no_dashboard_is_refused(server):
    panel = {"id": "a", "kind": "pie", "query": "", "x": 0, "y": 0, "width": 1, "height": 1}
    for body, text in [("", "is not JSON"), ("{", "is not JSON: line 1"), ("[" * 100000, "is not JSON"), (definition(panels=[panel]), "panels[0].kind: must be one of"),
                       (definition("x" * 300), "title: must have 0 to 200 characters"), (b"\xff\xfe", "is not JSON"), (" " * (513 * 1024), "bytes")]:
        reply = ask(server, "PUT", "bad", body)
        assert reply.status_code == 400 and text in reply.text, reply.text
    assert "bad" not in names(server)
    # a file that somebody edited by hand
    (server.data / "dashboards/by-hand.json").write_text('{"weir_dashboard": 1, "titel": "x"}')
    reply = ask(server, "GET", "by-hand")
    assert reply.status_code == 400 and "by-hand.json" in reply.text and "titel: is no key that can stand here" in reply.text
    (server.data / "dashboards/by-hand.json").unlink()


def test_other_methods(server):
    for method in ("POST", "PATCH"):
        reply = ask(server, method, "first", "x")
        assert reply.status_code == 405 and "GET, HEAD, PUT, DELETE" in reply.text
    assert ask(server, "HEAD", "").text == ""
    # a page of another origin is not allowed to
    reply = requests.options(server.url_of("/dashboards/first"), headers={"Origin": "http://elsewhere", "Access-Control-Request-Method": "PUT"}, timeout=DEADLINE)
    assert "PUT" not in reply.headers.get("Access-Control-Allow-Methods", "")


def test_rights(server):
    for name in ("reader", "editor"):
        server.query(f"CREATE USER dash_{name} IDENTIFIED BY 'secret'")
    server.query("GRANT ALTER DASHBOARD ON *.* TO dash_editor")
    assert server.query("SHOW GRANTS FOR dash_editor").strip() == "GRANT ALTER DASHBOARD ON *.* TO dash_editor"

    def login(name):
        return {"X_ClickHouse_User": f"dash_{name}", "X_ClickHouse_Key": "secret"}

    ask(server, "PUT", "of-all", definition())
    assert ask(server, "GET", **login("reader")).json()["may_change"] is False
    assert ask(server, "GET", "of-all", **login("reader")).status_code == 200
    for method in ("PUT", "DELETE"):
        reply = ask(server, method, "of-all", definition("mine"), **login("reader"))
        assert reply.status_code == 403 and "ALTER DASHBOARD" in reply.text
    assert ask(server, "GET", **login("editor")).json()["may_change"] is True
    assert ask(server, "PUT", "of-all", definition("edited"), **login("editor")).status_code == 200
    reply = requests.put(server.url_of("/dashboards/of-all", readonly=1), definition("x"), timeout=DEADLINE)
    assert reply.status_code == 500 and "readonly" in reply.text
    for who in ({"X_ClickHouse_User": "dash_editor", "X_ClickHouse_Key": "wrong"}, {"X_ClickHouse_User": "nobody"}):
        assert ask(server, "GET", "of-all", **who).status_code in (401, 403)
        assert ask(server, "PUT", "of-all", definition("x"), **who).status_code in (401, 403)
    assert ask(server, "GET", "of-all").json()["title"] == "edited"
    server.query("DROP USER dash_reader, dash_editor")


def test_failures_leave_what_was(tmp_path):
    points = ["dashboard_write", "dashboard_sync", "dashboard_rename", "dashboard_sync_directory"]
    server = Server(tmp_path, environment={"WEIR_FAILPOINTS": ",".join(f"{point}=eio:2" for point in points) + ",dashboard_remove=eio:1"})
    try:
        assert ask(server, "PUT", "kept", definition("old")).status_code == 200
        for point in points:
            reply = ask(server, "PUT", "kept", definition("new"))
            assert reply.status_code == 500, (point, reply.text)
            if point != "dashboard_sync_directory":  # there it was renamed already
                assert ask(server, "GET", "kept").json()["title"] == "old", point
            assert names(server) == ["kept"]
        assert ask(server, "PUT", "kept", definition("new")).status_code == 200
        assert ask(server, "GET", "kept").json()["title"] == "new"
        assert [path.name for path in (server.data / "dashboards").iterdir()] == ["kept.json"]
    finally:
        server.kill()


@pytest.mark.parametrize("point, title", [("dashboard_write", "old"), ("dashboard_sync", "old"), ("dashboard_rename", "old"), ("dashboard_sync_directory", "new")])
def test_death_leaves_the_old_or_the_new(tmp_path, point, title):
    server = Server(tmp_path, environment={"WEIR_FAILPOINTS": f"{point}=kill:2"})
    try:
        assert ask(server, "PUT", "kept", definition("old")).status_code == 200
        with pytest.raises(requests.ConnectionError):
            ask(server, "PUT", "kept", definition("new"))
        server.wait()
        server.environment = {}
        server.start()
        assert names(server) == ["kept"] and ask(server, "GET", "kept").json()["title"] == title
        assert ask(server, "PUT", "kept", definition("newer")).status_code == 200
        assert [path.name for path in (server.data / "dashboards").iterdir()] == ["kept.json"]
    finally:
        server.kill()


def test_a_directory_of_its_own(tmp_path):
    folder = tmp_path / "boards"
    folder.mkdir()
    (folder / "given.json").write_text(definition("given"))
    (folder / "notes.txt").write_text("no dashboard")
    (folder / "no name.json").write_text(definition())
    server = Server(tmp_path, "--dashboards-path", str(folder))
    try:
        assert names(server) == ["given"]
        assert ask(server, "PUT", "stored", definition()).status_code == 200
        assert (folder / "stored.json").exists() and not (server.data / "dashboards").exists()
    finally:
        server.kill()
