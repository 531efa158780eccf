"""A real Apache Kafka broker (KRaft, one node) on loopback, started and stopped by the tests."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

from weir import DEADLINE, ROOT, alone, wait_until

VERSION = "3.9.1"


def jars():
    """The folder of the broker's jars; copied from Maven's repository once."""
    folder = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / f"weir-kafka-{VERSION}"
    with alone("kafka"):
        if not (folder / "complete").exists():
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run(
                ["mvn", "-q", "-B", "-f", str(ROOT / "tests/kafka/pom.xml"), "dependency:copy-dependencies", f"-DoutputDirectory={folder}"],
                check=True,
                stdin=subprocess.DEVNULL,
            )
            (folder / "complete").touch()
    return folder


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Broker:
    def __init__(self, via=None):
        """via: (the port of a second listener, the port that it tells clients): for a proxy between."""
        self.directory = tempfile.mkdtemp(prefix="weir-kafka-")
        self.process = None
        self.client = None
        self.port, self.controller_port = free_port(), free_port()
        self.address = f"127.0.0.1:{self.port}"
        properties = {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@127.0.0.1:{self.controller_port}",
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://{self.address}",
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": f"{self.directory}/log",
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 4,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "transaction.state.log.num.partitions": 4,
            "auto.create.topics.enable": "false",
            "log.retention.check.interval.ms": 1000,
            "log.cleaner.backoff.ms": 500,
            "group.initial.rebalance.delay.ms": 0,
            "file.delete.delay.ms": 100,
        }
        self.via = via[0] if via else None
        if via:
            properties["listeners"] += f",VIA://127.0.0.1:{via[0]}"
            properties["advertised.listeners"] += f",VIA://127.0.0.1:{via[1]}"
            properties["listener.security.protocol.map"] += ",VIA:PLAINTEXT"
        self.properties = pathlib.Path(self.directory) / "server.properties"
        self.properties.write_text("".join(f"{key}={value}\n" for key, value in properties.items()), encoding="ascii")

    def java(self, *arguments):
        return ["java", "-Xmx512m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{jars()}/*", *arguments]

    def start(self):
        if not (pathlib.Path(self.directory) / "log/meta.properties").exists():
            subprocess.run(
                self.java("kafka.tools.StorageTool", "format", "-t", str(uuid.uuid4()), "-c", str(self.properties)),
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        with open(f"{self.directory}/output", "ab") as output:
            self.process = subprocess.Popen(self.java("kafka.Kafka", str(self.properties)), stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        wait_until(self.is_ready, "the broker answers")
        return self

    def is_ready(self):
        assert self.process.poll() is None, pathlib.Path(f"{self.directory}/output").read_text(errors="replace")[-3000:]
        try:
            return len(self.admin().list_topics(timeout=5).brokers) == 1
        except Exception:  # not yet
            return False

    def admin(self):
        if self.client is None:
            self.client = AdminClient({"bootstrap.servers": self.address, "log_level": 0})
        return self.client

    def stop(self):
        """Stops the process; the log stays for start()."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(120)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def remove(self):
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def topics(self):
        return {name: len(topic.partitions) for name, topic in self.admin().list_topics(timeout=60).topics.items() if topic.partitions}

    def create_topic(self, name, partitions, **config):
        config = {key.replace("_", "."): str(value) for key, value in config.items()}
        wait_until(lambda: name not in self.topics(), f"the old topic {name} goes")
        self.admin().create_topics([NewTopic(name, partitions, 1, config=config)])[name].result(120)
        wait_until(lambda: self.topics().get(name) == partitions, f"topic {name} is there")

    def delete_topic(self, name):
        self.admin().delete_topics([name])[name].result(120)
        wait_until(lambda: name not in self.topics(), f"topic {name} goes")

    def add_partitions(self, name, total):
        self.admin().create_partitions([NewPartitions(name, total)])[name].result(120)
        wait_until(lambda: self.topics().get(name) == total, f"{total} partitions are there")

    def produce(self, topic, values, partition=None, keys=None, transactional=None, abort=False):
        """Values (bytes or text) in order, one after the other over the partitions unless one is named."""
        failures = []
        config = {"bootstrap.servers": self.address, "linger.ms": 5, "queue.buffering.max.messages": 1000000, "log_level": 0}
        if transactional:
            config["transactional.id"] = transactional
        producer = Producer(config)
        count = self.topics()[topic]
        if transactional:
            producer.init_transactions(120)
            producer.begin_transaction()
        for number, value in enumerate(values):
            producer.produce(
                topic,
                value,
                key=keys[number] if keys else None,
                partition=number % count if partition is None else partition,
                on_delivery=lambda error, message: failures.append(error) if error else None,
            )
            if number % 1000 == 999:
                producer.poll(0)
        assert producer.flush(DEADLINE) == 0
        if transactional and abort:
            producer.abort_transaction(120)
        elif transactional:
            producer.commit_transaction(120)
        assert not failures, failures[0]

    def ends(self, topic):
        consumer = Consumer({"bootstrap.servers": self.address, "group.id": "ends", "log_level": 0})
        try:
            return [consumer.get_watermark_offsets(TopicPartition(topic, p), timeout=60)[1] for p in range(self.topics()[topic])]
        finally:
            consumer.close()

    def count(self, topic):
        """How many messages a reader gets."""
        ends, found = self.ends(topic), 0
        consumer = Consumer({"bootstrap.servers": self.address, "group.id": "count", "enable.partition.eof": True, "enable.auto.commit": False, "log_level": 0})
        try:
            consumer.assign([TopicPartition(topic, p, 0) for p in range(len(ends))])
            reading = len(ends)
            while reading > 0:
                for message in consumer.consume(1000, 1):
                    if message.error() is None:
                        found += 1
                    else:
                        assert message.error().code() == KafkaError._PARTITION_EOF, message.error()
                        reading -= 1
        finally:
            consumer.close()
        return found

    def delete_records(self, topic, partition, before):
        where = TopicPartition(topic, partition, before)
        next(iter(self.admin().delete_records([where]).values())).result(120)
