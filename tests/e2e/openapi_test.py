"""api/openapi.yaml is sound, and refuses what the service must not answer. Needs no binary."""

import types
import unittest

import jsonschema

import harness
import openapi
from openapi import DOCUMENT, operations, resolved

PROBLEM = '{"type":"about:blank","title":"Not Found","status":404}'


def answer(status, body, content_type="application/json", **headers):
    return types.SimpleNamespace(status=status, body=body, headers={"Content-Type": content_type, **headers})


def nodes(node):
    yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(child)


class Document(unittest.TestCase):
    def test_every_reference_leads_somewhere(self):
        for node in nodes(DOCUMENT):
            if isinstance(node, dict) and isinstance(node.get("$ref"), str):
                self.assertTrue(node["$ref"].startswith("#/"), node)
                resolved(node)

    def test_what_is_defined_is_used(self):
        text = str(DOCUMENT["paths"]) + str(DOCUMENT["components"])
        for group in ("schemas", "responses", "parameters", "headers"):
            for name in DOCUMENT["components"][group]:
                self.assertIn(f"#/components/{group}/{name}'", text)

    def test_schemas_are_schemas(self):
        for schema in DOCUMENT["components"]["schemas"].values():
            jsonschema.Draft202012Validator.check_schema(schema)
        for node in nodes(DOCUMENT["paths"]):
            if isinstance(node, dict) and isinstance(node.get("schema"), dict):
                jsonschema.Draft202012Validator.check_schema(node["schema"])

    def test_operations_have_their_own_names_tags_and_answers(self):
        names = [operation["operationId"] for _, _, operation in operations()]
        self.assertEqual(len(names), len(set(names)))
        tags = {tag["name"] for tag in DOCUMENT["tags"]}
        for method, template, operation in operations():
            with self.subTest(f"{method} {template}"):
                self.assertTrue(set(operation["tags"]) <= tags)
                self.assertIn("default", operation["responses"])
                self.assertTrue(any(status.startswith("2") for status in operation["responses"]))
                for response in operation["responses"].values():
                    self.assertTrue(resolved(response)["description"])

    def test_parameters_of_a_path_are_described(self):
        for template, item in DOCUMENT["paths"].items():
            named = [resolved(p)["name"] for p in item.get("parameters", []) if resolved(p)["in"] == "path"]
            self.assertEqual([part[1:-1] for part in template.split("/") if part.startswith("{")], named)

    def test_kinds_are_those_of_the_reports(self):
        self.assertEqual(harness.KINDS, DOCUMENT["components"]["schemas"]["Kind"]["enum"])

    def test_incidents_are_those_of_the_events_and_what_the_store_adds(self):
        told = harness.LIVE_EVENT_SCHEMA["properties"]["incident"]["properties"]
        self.assertEqual(set(told) | {"monitor", "acknowledged_at", "muted", "snoozed_until"},
                         set(DOCUMENT["components"]["schemas"]["IncidentMembers"]["properties"]))

    def test_a_patch_takes_the_members_of_a_monitor(self):
        schemas = DOCUMENT["components"]["schemas"]
        self.assertEqual(set(schemas["MonitorMembers"]["properties"]),
                         set(schemas["MonitorPatch"]["propertyNames"]["enum"]))


class Judge(unittest.TestCase):
    def judged(self, method, path, got, body=None):
        return openapi.violations(method, path, body, got)

    def test_it_accepts_what_is_described(self):
        self.assertEqual([], self.judged("GET", "/healthz", answer(200, '{"status":"ok"}')))
        self.assertEqual([], self.judged("GET", "/v1/monitors/m1", answer(404, PROBLEM, "application/problem+json")))
        self.assertEqual([], self.judged("GET", "/v1/incidents?limit=1", answer(200, '{"incidents":[],"next":null}')))
        self.assertEqual([], self.judged("GET", "/nowhere", answer(404, PROBLEM, "application/problem+json")))

    def test_it_refuses_what_is_not(self):
        for method, path, got, body in (
            ("GET", "/healthz", answer(200, '{"status":"fine"}'), None),
            ("GET", "/healthz", answer(200, '{"status":"ok","more":1}'), None),
            ("GET", "/healthz", answer(200, "ok", "text/plain"), None),
            ("GET", "/healthz", answer(202, '{"status":"ok"}'), None),
            ("GET", "/v1/monitors/m1", answer(404, PROBLEM), None),
            ("GET", "/v1/monitors/m1", answer(200, '{"id":"m1"}'), None),
            ("GET", "/v1/monitors/m1/score", answer(200, '{"score":100}'), None),
            ("GET", "/v1/monitors/m1/score", answer(200, '{"score":100}', **{"CMSD-Dynamic": "100"}), None),
            ("DELETE", "/v1/monitors/m1", answer(204, "{}"), None),
            ("GET", "/nowhere", answer(200, "{}"), None),
            ("PATCH", "/v1/monitors/m1", answer(500, "{}"), None),
        ):
            with self.subTest(f"{method} {path} {got.body}"):
                self.assertNotEqual([], self.judged(method, path, got, body))

    def test_it_refuses_a_request_that_the_service_took_and_the_document_does_not_know(self):
        unknown = self.judged("PATCH", "/v1/monitors/m1", answer(200, "{}"), {"detektors": "all"})
        self.assertTrue(any("of the request" in violation for violation in unknown), unknown)


if __name__ == "__main__":
    unittest.main(verbosity=2)
