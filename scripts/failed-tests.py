"""Prints the pytest names (file::test) of the tests that failed, from pytest's JUnit file."""
import sys
import xml.etree.ElementTree as ElementTree

names = set()
for case in ElementTree.parse(sys.argv[1]).iter("testcase"):
    if case.find("failure") is not None or case.find("error") is not None:
        names.add(case.get("classname").replace(".", "/") + ".py::" + case.get("name").split("[")[0])
print("\n".join(sorted(names)))
