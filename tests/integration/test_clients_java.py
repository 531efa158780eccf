"""Java's clients over HTTP: the JDBC driver and the client beneath it, as tests/clients/java uses them."""
import os
import pathlib
import subprocess

from weir import DEADLINE, ROOT

SOURCES = ROOT / "tests/clients/java"
VERSION = "0.11.0"  # of the clients, as in pom.xml


def jars():
    """The folder of their jars; copied from Maven's repository once."""
    assert f"<version>{VERSION}</version>" in (SOURCES / "pom.xml").read_text()
    folder = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / f"weir-java-clients-{VERSION}"
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["mvn", "-q", "-B", "-f", str(SOURCES / "pom.xml"), "dependency:copy-dependencies", f"-DoutputDirectory={folder}"],
            check=True, stdin=subprocess.DEVNULL)
        (folder / "complete").touch()
    return folder


def test_java(shared, tmp_path):
    path = f"{jars()}/*"
    subprocess.run(["javac", "-d", tmp_path, "-cp", path, *sorted(SOURCES.glob("*.java"))], check=True, timeout=DEADLINE)
    done = subprocess.run(["java", "-Xmx512m", "-cp", f"{tmp_path}{os.pathsep}{path}", "Main", f"{shared.host}:{shared.port}"],
                          capture_output=True, text=True, errors="replace", timeout=3 * DEADLINE, check=False)
    assert done.returncode == 0, "\n".join(line for line in done.stdout.splitlines() if not line.startswith("ok "))[:10000] + done.stderr[-3000:]
