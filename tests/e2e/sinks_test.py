"""Sinks against real servers on loopback: webhooks, NATS JetStream, S3, SNS.

MONOLENS_SINK_PROBE is the binary that sends events through one sink. Servers are started and stopped here.
"""

import hashlib
import hmac
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
import unittest
import urllib.request
from pathlib import Path

import harness
import swift_server
from harness import MonolensTest
from receiver import Receiver

HERE = Path(__file__).parent
SECRET = "hunter2"
TOPIC = "arn:aws:sns:us-east-1:000000000000:incidents"


def event(number=1, **changed):
    body = {"schema": "monolens.event/1", "event": "open", "at_s": 12.40, "note": "Übersteuerung", "n": number}
    return {
        "id": f"inc-{number}-open",
        "monitor": "channel 4",
        "type": "open",
        "kind": "video.freeze",
        "severity": "critical",
        "time": "2026-03-01T12:00:00Z",
        "json": json.dumps(body, ensure_ascii=False),
        **changed,
    }


class Probe:
    """One sink that stays open: `with Probe(type="webhook", url=…) as sink: sink.send(event())`."""

    def __init__(self, **description):
        self.command = [os.environ["MONOLENS_SINK_PROBE"], json.dumps(description)]

    def __enter__(self):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment,
        )
        return self

    def send(self, what):
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def __exit__(self, *error):
        _, stderr = self.process.communicate(timeout=30)
        if error[0] is None and (stderr or self.process.returncode):
            raise AssertionError(f"the probe ended with {self.process.returncode}: {stderr}")


def send(what, **description):
    with Probe(**description) as sink:
        return sink.send(what)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nothing listens on {port}")


def certificate(folder):
    """A certificate for localhost that is its own authority, and its key."""
    paths = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        + ["-addext", "subjectAltName=DNS:localhost", "-out", paths[0], "-keyout", paths[1]],
        check=True,
        capture_output=True,
    )
    return paths


class SinksTest(MonolensTest):
    def assert_sent(self, told):
        self.assertEqual({"ok": True}, told)

    def assert_failed(self, told, passes, message):
        self.assertEqual({"ok": False, "passes": passes, "message": message}, told)


class Webhook(SinksTest):
    def verified(self, request, secret):
        """What docs/sinks.md tells a receiver to do."""
        _, _, headers, body = request
        fields = dict(part.split("=", 1) for part in headers["Monolens-Signature"].split(","))
        self.assertLess(abs(time.time() - int(fields["t"])), 300)
        expected = hmac.new(secret.encode(), f"{fields['t']}.".encode() + body, hashlib.sha256).hexdigest()
        self.assertTrue(hmac.compare_digest(expected, fields["v1"]))
        return json.loads(body)

    def test_a_receiver_verifies_the_signature_and_reads_a_cloud_event(self):
        with Receiver(204) as receiver:
            self.assert_sent(send(event(), type="webhook", url=receiver.url("/hook"), secret=SECRET))
        cloud_event = self.verified(receiver.requests[0], SECRET)
        self.assertEqual(json.loads(event()["json"]), cloud_event.pop("data"))
        self.assertEqual(
            {
                "specversion": "1.0",
                "id": "inc-1-open",
                "source": "/monitors/channel%204",
                "type": "monolens.incident.open",
                "subject": "video.freeze",
                "time": "2026-03-01T12:00:00Z",
                "datacontenttype": "application/json",
            },
            cloud_event,
        )

    def test_what_was_answered_500_is_taken_when_it_is_sent_again(self):
        with Receiver(500, 200) as receiver, Probe(type="webhook", url=receiver.url()) as sink:
            self.assert_failed(sink.send(event()), True, f"127.0.0.1:{receiver.port}: answered 500")
            self.assert_sent(sink.send(event()))
        first, second = (json.loads(request[3])["id"] for request in receiver.requests)
        self.assertEqual(first, second)

    def test_a_stalled_receiver_is_given_up_in_time(self):
        with Receiver("stall") as receiver:
            begin = time.monotonic()
            told = send(event(), type="webhook", url=receiver.url(), timeout_ms=500)
            self.assert_failed(told, True, f"127.0.0.1:{receiver.port}: no answer in time")
            self.assertLess(time.monotonic() - begin, 5)

    def test_a_redirect_is_refused(self):
        with Receiver(200) as other, Receiver((307, {"Location": other.url()}, "")) as receiver:
            told = send(event(), type="webhook", url=receiver.url(), secret=SECRET)
            message = f"127.0.0.1:{receiver.port}: answered 307, and redirects are not followed"
            self.assert_failed(told, True, message)
        self.assertEqual([], other.requests)

    def test_what_the_receiver_says_is_malformed_will_not_pass_and_what_is_to_be_mended_may(self):
        for status, passes in ((401, True), (403, True), (404, True), (400, False), (413, False), (422, False)):
            with self.subTest(status=status), Receiver(status) as receiver:
                told = send(event(), type="webhook", url=receiver.url())
                self.assert_failed(told, passes, f"127.0.0.1:{receiver.port}: answered {status}")

    def test_a_certificate_must_be_trusted_and_for_the_host(self):
        tls = certificate(self.folder)
        with Receiver(200, tls=tls) as receiver:
            url = f"https://localhost:{receiver.port}/"
            untrusted = send(event(), type="webhook", url=url)
            self.assertFalse(untrusted["ok"])
            self.assertRegex(untrusted["message"], f"^localhost:{receiver.port}: its certificate is not trusted")
            self.assert_sent(send(event(), type="webhook", url=url, ca_file=str(tls[0])))
            elsewhere = send(
                event(), type="webhook", url=url.replace("localhost", "127.0.0.1"), ca_file=str(tls[0])
            )
            self.assertFalse(elsewhere["ok"])
        self.assertEqual(1, len(receiver.requests))


class Nats(SinksTest):
    """nats-server with JetStream; the stream is made, and read, by its plain protocol."""

    def setUp(self):
        super().setUp()
        self.program = shutil.which("nats-server", path=f"{os.environ['PATH']}:/usr/sbin")
        if self.program is None:
            self.skipTest("nats-server is not installed (Debian package nats-server)")
        self.port = free_port()
        self.server = None
        self.addCleanup(self.stop)

    def start(self, configuration=""):
        store = self.folder / "jetstream"
        text = f'listen: "127.0.0.1:{self.port}"\njetstream {{ store_dir: "{store}" }}\n{configuration}'
        path = self.written("nats.conf", text)
        self.server = subprocess.Popen([self.program, "-c", path], stderr=subprocess.DEVNULL)
        wait_for(self.port)

    def stop(self):
        if self.server:
            self.server.kill()
            self.server.wait()
            self.server = None

    def request(self, subject, payload="", login=None, tls=None):
        """One request and its answer, an object."""
        connection = socket.create_connection(("127.0.0.1", self.port), 10)
        while connection.recv(1) != b"\n":  # INFO
            pass
        if tls:
            context = ssl.create_default_context(cafile=tls)
            connection = context.wrap_socket(connection, server_hostname="localhost")
        with connection, connection.makefile("rb") as lines:
            data = payload.encode()
            head = json.dumps({"verbose": False, "pedantic": False, **(login or {})})
            connection.sendall(
                f"CONNECT {head}\r\nSUB _INBOX.1 1\r\nPUB {subject} _INBOX.1 {len(data)}\r\n".encode() + data + b"\r\n"
            )
            for line in lines:
                if line.startswith(b"MSG"):
                    return json.loads(lines.read(int(line.split()[-1])))
                if line.startswith(b"-ERR"):
                    raise RuntimeError(line)
        raise RuntimeError("no answer")

    def make_stream(self, **how):
        stream = {"name": "INCIDENTS", "subjects": ["monolens.events.>"], "storage": "file"}
        made = self.request("$JS.API.STREAM.CREATE.INCIDENTS", json.dumps(stream), **how)
        self.assertNotIn("error", made)

    def messages(self, **how):
        return self.request("$JS.API.STREAM.INFO.INCIDENTS", **how)["state"]["messages"]

    def url(self):
        return f"nats://127.0.0.1:{self.port}"

    def test_an_event_is_stored_once_however_often_it_is_sent(self):
        self.start()
        self.make_stream()
        with Probe(type="nats", url=self.url()) as sink:
            for number in (1, 1, 2):
                self.assert_sent(sink.send(event(number)))
        self.assertEqual(2, self.messages())
        stored = self.request("$JS.API.STREAM.MSG.GET.INCIDENTS", '{"seq":1}')["message"]
        self.assertEqual("monolens.events.channel%204.video.freeze", stored["subject"])

    def test_without_a_stream_nothing_counts_as_sent(self):
        self.start()
        told = send(event(), type="nats", url=self.url(), timeout_ms=2000)
        name = "monolens.events.channel%204.video.freeze"
        self.assert_failed(told, True, f"127.0.0.1:{self.port}: no stream takes {name}")

    def test_it_connects_again_by_itself(self):
        self.start()
        self.make_stream()
        with Probe(type="nats", url=self.url(), timeout_ms=2000) as sink:
            self.assert_sent(sink.send(event(1)))
            self.stop()
            self.assertTrue(sink.send(event(2))["passes"])
            self.start()
            end = time.monotonic() + 20
            while not (told := sink.send(event(2)))["ok"] and time.monotonic() < end:
                time.sleep(0.1)
            self.assert_sent(told)
        self.assertEqual(2, self.messages())

    def test_a_login_is_used_and_a_wrong_one_refused(self):
        self.start(f'authorization {{ token: "{SECRET}" }}')
        self.make_stream(login={"auth_token": SECRET})
        self.assert_sent(send(event(), type="nats", url=self.url(), token=SECRET))
        told = send(event(), type="nats", url=self.url(), token="wrong", timeout_ms=2000)
        self.assertEqual((False, True), (told["ok"], told["passes"]))
        self.assertRegex(told["message"], f"^127.0.0.1:{self.port}: ")
        self.assertNotIn("wrong", told["message"])

    def test_tls_verifies_the_server_and_its_name(self):
        ca, key = certificate(self.folder)
        self.start(f'tls {{ cert_file: "{ca}", key_file: "{key}" }}')
        self.make_stream(tls=ca)
        options = {"type": "nats", "timeout_ms": 4000}
        url = f"tls://localhost:{self.port}"
        self.assert_sent(send(event(), url=url, ca_file=str(ca), **options))
        self.assertFalse(send(event(), url=url, **options)["ok"])
        elsewhere = send(event(), url=url, ca_file=str(ca), tls_hostname="nats.example.com", **options)
        self.assertFalse(elsewhere["ok"])

    def test_a_message_that_is_too_long_is_refused_for_good(self):
        self.start("max_payload: 1024")
        self.make_stream()
        told = send(event(json=json.dumps({"note": "x" * 2000})), type="nats", url=self.url())
        self.assertEqual((False, False), (told["ok"], told["passes"]))


try:
    import botocore.auth
    import botocore.awsrequest
    import botocore.config
    import botocore.credentials
    import botocore.session
except ImportError:
    botocore = None


def client(service, endpoint, secret):
    return botocore.session.get_session().create_client(
        service,
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=swift_server.ACCESS_KEY,
        aws_secret_access_key=secret,
        config=botocore.config.Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
    )


@unittest.skipIf(botocore is None, "botocore is not installed (Debian package python3-botocore)")
class Signature(SinksTest):
    """botocore signs what was sent once more, and comes to the same."""

    def botocores(self, request, host, service):
        method, path, headers, body = request
        signed = headers["Authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
        again = botocore.awsrequest.AWSRequest(method=method, url=f"http://{host}{path}", data=body)
        for name, value in headers.items():
            if name.lower() in signed and name.lower() != "host":
                again.headers[name] = value
        again.context["timestamp"] = headers["X-Amz-Date"]
        signer = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
        auth = signer(botocore.credentials.Credentials("AKID", SECRET, "session"), service, "eu-central-1")
        text = auth.string_to_sign(again, auth.canonical_request(again))
        return auth.signature(text, again)

    def test_the_signatures_agree(self):
        keys = {"access_key": "AKID", "secret_key": SECRET, "session_token": "session"}
        topic = TOPIC.replace("us-east-1", "eu-central-1")
        receipt = (200, {}, "<PublishResponse><MessageId>1</MessageId></PublishResponse>")
        for service, options in (
            ("sns", {"topic_arn": topic}),
            ("s3", {"bucket": "incidents", "prefix": "a b/ü", "region": "eu-central-1"}),
        ):
            with self.subTest(service=service), Receiver(receipt) as receiver:
                endpoint = receiver.url().rstrip("/")
                self.assert_sent(send(event(), type=service, endpoint=endpoint, **options, **keys))
                request = receiver.requests[0]
                ours = request[2]["Authorization"].split("Signature=")[1]
                self.assertEqual(ours, self.botocores(request, f"127.0.0.1:{receiver.port}", service))


@unittest.skipIf(botocore is None, "botocore is not installed (Debian package python3-botocore)")
class S3(SinksTest):
    """Swift with its S3 interface, which checks signatures and hashes."""

    def setUp(self):
        super().setUp()
        if subprocess.run([sys.executable, "-c", "import swift"], capture_output=True).returncode:
            self.skipTest("Swift is not installed (Debian package python3-swift)")
        folder = self.folder / "swift"
        folder.mkdir()
        server = subprocess.Popen(
            [sys.executable, "-B", HERE / "swift_server.py", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(server.communicate)
        port = server.stdout.readline()
        self.assertTrue(port, "Swift did not start")
        self.host = f"127.0.0.1:{int(port)}"
        self.client = client("s3", f"http://{self.host}", swift_server.SECRET_KEY)
        self.addCleanup(self.client.close)
        self.client.create_bucket(Bucket="incidents")

    def options(self, **changed):
        return {
            "type": "s3",
            "bucket": "incidents",
            "prefix": "monolens/events",
            "endpoint": f"http://{self.host}",
            "access_key": swift_server.ACCESS_KEY,
            "secret_key": swift_server.SECRET_KEY,
            **changed,
        }

    def test_an_event_is_an_object_which_a_repeat_leaves_as_it_is(self):
        with Probe(**self.options()) as sink:
            for what in (event(1), event(1), event(2, id="ü/2?#%")):
                self.assert_sent(sink.send(what))
        keys = [item["Key"] for item in self.client.list_objects_v2(Bucket="incidents")["Contents"]]
        folder = "monolens/events/channel%204"
        self.assertEqual([f"{folder}/%C3%BC%2F2%3F%23%25.json", f"{folder}/inc-1-open.json"], keys)
        stored = self.client.get_object(Bucket="incidents", Key=f"{folder}/inc-1-open.json")
        self.assertEqual("application/json", stored["ContentType"])
        self.assertEqual(event()["json"] + "\n", stored["Body"].read().decode())

    def test_a_wrong_key_or_bucket_is_refused_by_its_code(self):
        wrong = send(event(), **self.options(secret_key=SECRET))
        self.assert_failed(wrong, True, f"{self.host}: answered 403 (SignatureDoesNotMatch)")
        nowhere = send(event(), **self.options(bucket="nowhere"))
        self.assert_failed(nowhere, True, f"{self.host}: answered 404 (NoSuchBucket)")


def fauxqs():
    """The folder with the npm package of that name, installed once into the build tree; or why there is none."""
    if not shutil.which("npm"):
        return None, "npm is not installed (Debian packages nodejs and npm)"
    folder = Path(os.environ["MONOLENS_TEST_MEDIA"]).parent / "fauxqs"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "fauxqs" / "package-lock.json").read_bytes()
    done = folder / "installed.json"
    if not done.exists() or done.read_bytes() != wanted:
        for file in (HERE / "fauxqs").iterdir():
            shutil.copy(file, folder)
        npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        run = subprocess.run(npm, cwd=folder, capture_output=True, text=True, timeout=300)
        if run.returncode:
            return None, f"npm can't install fauxqs: {run.stderr.strip()[:300]}"
        done.write_bytes(wanted)
    return folder, None


@unittest.skipIf(botocore is None, "botocore is not installed (Debian package python3-botocore)")
class Sns(SinksTest):
    """fauxqs, which has SNS with queues behind it, but takes any signature: that is for the test above."""

    def setUp(self):
        super().setUp()
        folder, missing = fauxqs()
        if missing:
            self.skipTest(missing)
        server = subprocess.Popen(
            ["node", "serve.mjs"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.addCleanup(server.communicate)
        port = server.stdout.readline()
        self.assertTrue(port, "fauxqs did not start")
        self.host = f"127.0.0.1:{int(port)}"
        self.endpoint = f"http://{self.host}"
        self.sns = client("sns", self.endpoint, "any")
        self.addCleanup(self.sns.close)

    def sqs(self, action, **parameters):
        """By SQS's JSON protocol, which Debian's botocore does not speak yet."""
        headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"AmazonSQS.{action}"}
        request = urllib.request.Request(self.endpoint, json.dumps(parameters).encode(), headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"{}")

    def subscribed(self, name, policy=None):
        """A topic, and a queue that gets what is published to it."""
        is_fifo = name.endswith(".fifo")
        topic = self.sns.create_topic(Name=name, Attributes={"FifoTopic": "true"} if is_fifo else {})["TopicArn"]
        queue = self.sqs("CreateQueue", QueueName=name, Attributes={"FifoQueue": "true"} if is_fifo else {})["QueueUrl"]
        got = self.sqs("GetQueueAttributes", QueueUrl=queue, AttributeNames=["QueueArn"])
        how = {"RawMessageDelivery": "true"}
        if policy:
            how["FilterPolicy"] = json.dumps(policy)
        self.sns.subscribe(
            TopicArn=topic, Protocol="sqs", Endpoint=got["Attributes"]["QueueArn"], Attributes=how
        )
        return topic, queue

    def received(self, queue):
        messages = []
        while True:
            got = self.sqs(
                "ReceiveMessage", QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
            ).get("Messages")
            if not got:
                return messages
            messages += got
            for message in got:
                self.sqs("DeleteMessage", QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

    def options(self, topic):
        return {
            "type": "sns",
            "topic_arn": topic,
            "endpoint": self.endpoint,
            "access_key": "AKID",
            "secret_key": SECRET,
        }

    def test_a_queue_gets_the_event_and_can_filter_by_its_attributes(self):
        topic, queue = self.subscribed("incidents", {"severity": ["critical"], "type": ["open"]})
        with Probe(**self.options(topic)) as sink:
            self.assert_sent(sink.send(event(1)))
            self.assert_sent(sink.send(event(2, severity="minor")))
        (message,) = self.received(queue)
        self.assertEqual(event()["json"], message["Body"])
        attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
        self.assertEqual(
            {"type": "open", "kind": "video.freeze", "severity": "critical", "monitor": "channel 4"}, attributes
        )

    def test_a_fifo_topic_keeps_the_order_of_a_monitor_and_drops_repeats(self):
        topic, queue = self.subscribed("incidents.fifo")
        with Probe(**self.options(topic)) as sink:
            for number in (1, 2, 1, 3):
                self.assert_sent(sink.send(event(number, monitor="m1")))
        self.assertEqual([1, 2, 3], [json.loads(m["Body"])["n"] for m in self.received(queue)])

    def test_a_topic_that_is_not_there_is_refused_by_its_code(self):
        told = send(event(), **self.options(TOPIC))
        self.assertEqual((False, True), (told["ok"], told["passes"]))
        self.assertRegex(told["message"], rf"^{self.host}: answered 40\d \(NotFound\w*\)$")


class Jsonl(SinksTest):
    def test_lines_go_on_in_a_new_file_after_rotation(self):
        path = self.folder / "events.jsonl"
        with Probe(type="jsonl", path=str(path), fsync=True) as sink:
            self.assert_sent(sink.send(event(1)))
            path.rename(self.folder / "events.jsonl.1")
            self.assert_sent(sink.send(event(2)))
        self.assertEqual([2], [json.loads(line)["n"] for line in path.read_text().splitlines()])


if __name__ == "__main__":
    harness.main()
