"""What deploy/ holds fits the program: metrics in alerts and dashboard exist, manifests and Dockerfile agree.

Neither the image nor the manifests are run: there is no container engine and no cluster here.
"""

import hashlib
import json
import re
import shutil
import subprocess
import unittest

import yaml

import harness
from harness import ROOT, MonolensTest
from serve import Serve, black_clip, wait_for

DEPLOY = ROOT / "deploy"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
DASHBOARD = json.loads((DEPLOY / "grafana" / "monolens.json").read_text())
MANIFESTS = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "monolens.yaml").read_text()))
PROMETHEUS_LABELS = {"job", "instance"}


def all_alerts():
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def values_of(json_value, key):
    """All values of `key`, at any depth."""
    if isinstance(json_value, dict):
        for name, value in json_value.items():
            if name == key:
                yield value
            yield from values_of(value, key)
    elif isinstance(json_value, list):
        for value in json_value:
            yield from values_of(value, key)


def used_metrics(expression):
    """The metrics in a PromQL expression with the labels that are asked of them: [(name, {label})]."""
    return [(name, set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", labels)))
            for name, labels in re.findall(r"\b(monolens_\w+|up)\b(?:\{([^}]*)\})?", expression)]


class Metrics(MonolensTest):
    def setUp(self):
        super().setUp()
        config = f'[[sink]]\nname = "log"\ntype = "jsonl"\npath = "{self.folder}/events.jsonl"\n'
        serve = Serve(self.folder, config)
        self.addCleanup(serve.stop)
        clip = self.folder / "black.ts"
        clip.write_bytes(black_clip().read_bytes())
        serve.watch(url=str(clip), detectors="black")
        wait_for("metrics of the monitor",
                 lambda: b"monolens_monitor_video_frames_total{" in serve.call("GET", "/metrics")[1])
        self.text = serve.call("GET", "/metrics")[1].decode()
        self.exposed = {"up": PROMETHEUS_LABELS}
        for name, labels in re.findall(r"(?m)^(\w+)(?:\{([^}]*)\})? ", self.text):
            self.exposed[name] = PROMETHEUS_LABELS | set(re.findall(r"(\w+)=", labels))

    def promtool(self, *words, **options):
        if not shutil.which("promtool"):
            self.skipTest("promtool is not installed")
        done = subprocess.run(["promtool", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=60, **options)
        self.assertEqual(0, done.returncode, done.stdout)
        return done.stdout

    def test_promtool_accepts_them_and_the_alerts(self):
        self.assertEqual("", self.promtool("check", "metrics", input=self.text))
        self.promtool("check", "rules", ALERTS)
        self.promtool("test", "rules", ALERTS.with_name("alerts.test.yml"))

    def assert_exposed(self, where, expression):
        used = used_metrics(expression)
        self.assertNotEqual([], used, f"{where}: no metric in {expression}")
        for name, labels in used:
            self.assertIn(name, self.exposed, f"{where}: {expression}")
            self.assertLessEqual(labels, self.exposed[name], f"{where}: {expression}")
        return set.intersection(*(self.exposed[name] for name, _ in used))

    def test_every_metric_of_the_alerts_is_exposed(self):
        for alert in all_alerts():
            labels = self.assert_exposed(alert["alert"], alert["expr"])
            said = " ".join(alert["annotations"].values())
            self.assertLessEqual(set(re.findall(r"\$labels\.(\w+)", said)), labels, alert["alert"])

    def test_every_metric_of_the_dashboard_is_exposed(self):
        for panel in DASHBOARD["panels"]:
            for target in panel["targets"]:
                labels = self.assert_exposed(panel["title"], target["expr"])
                self.assertLessEqual(set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])), labels, panel["title"])
        for query in values_of(DASHBOARD["templating"], "query"):
            found = re.fullmatch(r"label_values\((.*), (\w+)\)", str(query))
            if found:
                self.assertIn(found.group(2), self.assert_exposed("variable", found.group(1)))
        for annotation in DASHBOARD["annotations"]["list"]:
            self.assert_exposed(annotation["name"], annotation["expr"])


class Dashboard(unittest.TestCase):
    def test_panels_have_numbers_of_their_own_and_do_not_overlap(self):
        ids = [panel["id"] for panel in DASHBOARD["panels"]]
        self.assertEqual(len(ids), len(set(ids)))
        taken = set()
        for panel in DASHBOARD["panels"]:
            at = panel["gridPos"]
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            self.assertFalse(cells & taken, panel["title"])
            self.assertLessEqual(at["x"] + at["w"], 24, panel["title"])
            taken |= cells

    def test_variables_in_expressions_are_there(self):
        known = {variable["name"] for variable in DASHBOARD["templating"]["list"]} | {"__rate_interval"}
        used = set(re.findall(r"\$\{?(\w+)\}?", json.dumps(DASHBOARD["panels"])))
        self.assertLessEqual(used, known)


class Manifests(MonolensTest):
    def setUp(self):
        super().setUp()
        self.of = {manifest["kind"]: manifest for manifest in MANIFESTS}
        self.pod = self.of["Deployment"]["spec"]["template"]["spec"]
        self.container, = self.pod["containers"]

    def test_kinds_versions_and_names(self):
        self.assertEqual(
            {"ConfigMap": "v1", "PersistentVolumeClaim": "v1", "Service": "v1", "Deployment": "apps/v1"},
            {kind: manifest["apiVersion"] for kind, manifest in self.of.items()})
        for manifest in MANIFESTS:
            self.assertLessEqual(set(manifest), {"apiVersion", "kind", "metadata", "spec", "data"})
            self.assertRegex(manifest["metadata"]["name"], r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")

    def test_selectors_and_ports_meet(self):
        labels = self.of["Deployment"]["spec"]["template"]["metadata"]["labels"]
        self.assertEqual(labels, self.of["Deployment"]["spec"]["selector"]["matchLabels"])
        self.assertEqual(labels, self.of["Service"]["spec"]["selector"])
        ports = {port["name"]: port["containerPort"] for port in self.container["ports"]}
        self.assertEqual({"http": 8080}, ports)
        for port in self.of["Service"]["spec"]["ports"]:
            self.assertIn(port["targetPort"], ports)
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            self.assertIn(self.container[probe]["httpGet"]["port"], ports)

    def test_volumes_meet_their_mounts_and_claims(self):
        volumes = {volume["name"]: volume for volume in self.pod["volumes"]}
        self.assertEqual(set(volumes), {mount["name"] for mount in self.container["volumeMounts"]})
        self.assertEqual(self.of["ConfigMap"]["metadata"]["name"], volumes["configuration"]["configMap"]["name"])
        self.assertEqual(self.of["PersistentVolumeClaim"]["metadata"]["name"],
                         volumes["state"]["persistentVolumeClaim"]["claimName"])

    def test_one_pod_at_a_time_writes_the_store(self):
        deployment = self.of["Deployment"]["spec"]
        self.assertEqual((1, "Recreate"), (deployment["replicas"], deployment["strategy"]["type"]))
        self.assertEqual(["ReadWriteOnce"], self.of["PersistentVolumeClaim"]["spec"]["accessModes"])

    def test_it_may_do_no_more_than_it_needs(self):
        self.assertFalse(self.pod["automountServiceAccountToken"])
        self.assertTrue(self.pod["securityContext"]["runAsNonRoot"])
        self.assertEqual({"type": "RuntimeDefault"}, self.pod["securityContext"]["seccompProfile"])
        self.assertEqual({"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                          "capabilities": {"drop": ["ALL"]}}, self.container["securityContext"])
        self.assertIn("memory", self.container["resources"]["limits"])

    def test_its_configuration_starts_once_it_has_a_token_and_not_before(self):
        config = self.of["ConfigMap"]["data"]["serve.toml"]
        run = self.run_monolens("serve", "--config", self.written("as-is.toml", config), timeout=20)
        self.assert_exit(run, harness.USAGE)
        self.assertIn("hash", run.stderr)
        token = "t" * 24
        own = config.replace("PUT-THE-HASH-OF-YOUR-TOKEN-HERE", hashlib.sha256(token.encode()).hexdigest())
        serve = Serve(self.folder, own)
        self.addCleanup(serve.stop)
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            self.assertEqual(200, serve.call("GET", self.container[probe]["httpGet"]["path"])[0])
        self.assertEqual(401, serve.call("GET", "/metrics")[0])
        self.assertEqual(200, serve.call("GET", "/metrics", headers={"Authorization": f"Bearer {token}"})[0])

    def test_the_image_runs_the_same_command_as_the_same_user(self):
        dockerfile = (DEPLOY / "Dockerfile").read_text()
        said = dict(re.findall(r"(?m)^(\w+) (.*)$", dockerfile.replace("\\\n", "")))
        self.assertEqual(["debian:12", "debian:12-slim"], re.findall(r"(?m)^FROM (\S+)", dockerfile))
        context = self.pod["securityContext"]
        self.assertEqual(f"{context['runAsUser']}:{context['runAsGroup']}", said["USER"])
        self.assertEqual(["/usr/bin/monolens"], json.loads(said["ENTRYPOINT"]))
        self.assertEqual(self.container["args"], json.loads(said["CMD"]))
        self.assertIn("/healthz", said["HEALTHCHECK"])
        self.assertEqual(str(self.container["ports"][0]["containerPort"]), said["EXPOSE"])
        mounts = {mount["mountPath"] for mount in self.container["volumeMounts"]}
        self.assertIn(said["VOLUME"], mounts)


if __name__ == "__main__":
    harness.main()
