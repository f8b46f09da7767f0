"""OpenStack Swift with its S3 interface on 127.0.0.1: an S3 server that checks signatures and hashes.

As a program, `swift_server.py FOLDER`: keeps everything in FOLDER, prints its port once it answers, and ends when
its standard input does. One process serves what is four in a cluster, and a dictionary stands in for memcached. Its parts wait long for one
another, as all of them share one core with whoever asks.
"""

import sys
from pathlib import Path

ACCESS_KEY, SECRET_KEY = "test:tester", "testing"
KINDS = ("account", "container", "object")


class Memory:
    """A WSGI filter that lends the rest of the pipeline a cache."""

    def __init__(self, app):
        self.app, self.kept = app, {}

    def __call__(self, environ, start_response):
        environ["swift.cache"] = self
        return self.app(environ, start_response)

    def get(self, key, **_):
        return self.kept.get(key)

    def set(self, key, value, **_):
        self.kept[key] = value

    def delete(self, key, **_):
        self.kept.pop(key, None)


def memory_filter(*_, **__):
    return Memory


def storage_configuration(folder, kind):
    return f"""[DEFAULT]
devices = {folder}/devices
swift_dir = {folder}
mount_check = false
disable_fallocate = true
[app:main]
use = egg:swift#{kind}
conn_timeout = 30
node_timeout = 60
"""


def proxy_configuration(folder):
    return f"""[DEFAULT]
swift_dir = {folder}
[pipeline:main]
pipeline = catch_errors gatekeeper memory listing_formats s3api tempauth copy slo dlo versioned_writes proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:memory]
paste.filter_factory = swift_server:memory_filter
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {SECRET_KEY} .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:versioned_writes]
use = egg:swift#versioned_writes
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
conn_timeout = 30
node_timeout = 60
recoverable_node_timeout = 60
error_suppression_limit = 1000000
"""


def serve(folder):
    sys.path.insert(0, str(Path(__file__).parent))
    (folder / "swift.conf").write_text("[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n")
    from swift.common import utils

    utils.SWIFT_CONF_FILE = str(folder / "swift.conf")

    import eventlet
    import eventlet.wsgi
    from swift.common import wsgi
    from swift.common.ring import RingBuilder

    utils.eventlet_monkey_patch()
    (folder / "devices" / "disk").mkdir(parents=True)
    listeners = {kind: eventlet.listen(("127.0.0.1", 0)) for kind in (*KINDS, "proxy")}
    ports = {kind: listener.getsockname()[1] for kind, listener in listeners.items()}
    for kind in KINDS:
        ring = RingBuilder(part_power=4, replicas=1, min_part_hours=1)
        ring.add_dev(
            {"id": 0, "region": 1, "zone": 1, "weight": 1, "ip": "127.0.0.1", "port": ports[kind], "device": "disk"}
        )
        ring.rebalance()
        ring.get_ring().save(str(folder / f"{kind}.ring.gz"))
        (folder / f"{kind}.conf").write_text(storage_configuration(folder, kind))
    (folder / "proxy.conf").write_text(proxy_configuration(folder))

    for kind, listener in listeners.items():
        app = wsgi.loadapp(str(folder / f"{kind}.conf"), global_conf={"log_name": kind})
        eventlet.spawn(eventlet.wsgi.server, listener, app, log_output=False)
    print(ports["proxy"], flush=True)
    eventlet.tpool.execute(sys.stdin.read)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
