"""The document of the API as a judge of what the service answers."""

import json
import re

import jsonschema
import yaml

from harness import ROOT

DOCUMENT = yaml.safe_load((ROOT / "api" / "openapi.yaml").read_text())
METHODS = ("get", "put", "post", "patch", "delete")


def resolved(node):
    """What a reference stands for."""
    while "$ref" in node:
        at = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            at = at[step.replace("~1", "/").replace("~0", "~")]
        node = at
    return node


def schema_violations(schema, value):
    validator = jsonschema.Draft202012Validator(
        schema, resolver=jsonschema.RefResolver("openapi.yaml", DOCUMENT)
    )
    return [f"{'/'.join(map(str, e.absolute_path)) or '(top)'}: {e.message[:300]}" for e in validator.iter_errors(value)]


def operations():
    """Each (method, template, operation) of the document."""
    for template, item in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), template, item[method]


def operation_of(method, path):
    """The operation that a request asks for, or None if the document knows none."""
    found = None
    for known, template, operation in operations():
        pattern = re.sub(r"\{\w+\}", "[^/]+", template)
        if known == method and re.fullmatch(pattern, path.split("?")[0]) and (not found or "{" not in template):
            found = operation
    return found


def _media(content, content_type):
    return content.get(content_type.split(";")[0])


def _answer_violations(response, answer):
    for name, header in response.get("headers", {}).items():
        if name not in answer.headers:
            yield f"the header {name} is missing"
        else:
            yield from schema_violations(resolved(header)["schema"], answer.headers[name])
    content = response.get("content")
    if content is None:
        if answer.body:
            yield "there is a body"
        return
    media = _media(content, answer.headers.get("Content-Type", ""))
    if media is None:
        yield f"the type {answer.headers.get('Content-Type')} is none of {', '.join(content)}"
    elif "json" in answer.headers["Content-Type"]:
        yield from schema_violations(media["schema"], json.loads(answer.body))


def violations(method, path, body, answer):
    """What of a request and its answer (with status, headers and body) breaks the document."""
    operation = operation_of(method, path)
    if operation is None:
        if answer.status not in (404, 405):
            return [f"{method} {path} is not in the document and was answered {answer.status}"]
        response = DOCUMENT["components"]["responses"]["Problem"]
    else:
        responses = operation["responses"]
        response = resolved(responses.get(str(answer.status), responses["default"]))
        if answer.status < 400 and str(answer.status) not in responses:
            return [f"the status {answer.status} is not in the document"]
    found = list(_answer_violations(response, answer))
    if operation is not None and body is not None and answer.status < 400:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        found += [f"of the request: {v}" for v in schema_violations(schema, body)]
    return found
