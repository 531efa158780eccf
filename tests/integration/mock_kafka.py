"""librdkafka's mock cluster, in this process: a broker of which a single partition can be made to err."""
import ctypes
import ctypes.util

from confluent_kafka import Producer

library = ctypes.CDLL(ctypes.util.find_library("rdkafka"))
POINTER, TEXT, INT = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32
for name, result, arguments in (
    ("rd_kafka_conf_new", POINTER, []),
    ("rd_kafka_new", POINTER, [ctypes.c_int, POINTER, TEXT, ctypes.c_size_t]),
    ("rd_kafka_destroy", None, [POINTER]),
    ("rd_kafka_mock_cluster_new", POINTER, [POINTER, ctypes.c_int]),
    ("rd_kafka_mock_cluster_destroy", None, [POINTER]),
    ("rd_kafka_mock_cluster_bootstraps", TEXT, [POINTER]),
    ("rd_kafka_mock_topic_create", ctypes.c_int, [POINTER, TEXT, ctypes.c_int, ctypes.c_int]),
    ("rd_kafka_mock_partition_set_leader", ctypes.c_int, [POINTER, TEXT, INT, INT]),
    ("rd_kafka_mock_broker_set_down", ctypes.c_int, [POINTER, INT]),
    ("rd_kafka_mock_broker_set_up", ctypes.c_int, [POINTER, INT]),
):
    getattr(library, name).restype = result
    getattr(library, name).argtypes = arguments


class MockCluster:
    """Partition p has its leader on broker p % brokers + 1."""

    def __init__(self, brokers, topic, partitions):
        text = ctypes.create_string_buffer(512)
        self.kafka = library.rd_kafka_new(0, library.rd_kafka_conf_new(), text, len(text))
        assert self.kafka, text.value
        self.cluster = library.rd_kafka_mock_cluster_new(self.kafka, brokers)
        assert library.rd_kafka_mock_topic_create(self.cluster, topic.encode(), partitions, 1) == 0
        self.topic, self.brokers = topic.encode(), brokers
        for partition in range(partitions):
            self.works(partition)
        self.address = library.rd_kafka_mock_cluster_bootstraps(self.cluster).decode()

    def errs(self, partition):
        """The brokers answer requests for it with an error, as it has no leader."""
        assert library.rd_kafka_mock_partition_set_leader(self.cluster, self.topic, partition, -1) == 0

    def works(self, partition):
        assert library.rd_kafka_mock_partition_set_leader(self.cluster, self.topic, partition, partition % self.brokers + 1) == 0

    def is_down(self, partition, down):
        """Nobody answers for it: its leader's port is closed."""
        change = library.rd_kafka_mock_broker_set_down if down else library.rd_kafka_mock_broker_set_up
        assert change(self.cluster, partition % self.brokers + 1) == 0

    def producer(self):
        return Producer({"bootstrap.servers": self.address, "linger.ms": 1, "log_level": 0, "topic.metadata.refresh.interval.ms": 500})

    def stop(self):
        library.rd_kafka_mock_cluster_destroy(self.cluster)
        library.rd_kafka_destroy(self.kafka)
