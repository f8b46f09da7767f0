// A service that is made up: the API as api/openapi.yaml has it, over data that the test gives and may change, and
// the built page with the headers that the real one has.

import http from 'node:http';
import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import path from 'node:path';

const dist = process.env.MONOLENS_PAGE ?? fileURLToPath(new URL('../../build/release/page', import.meta.url));

const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
  "media-src 'self' blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'";
const types = {'.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml'};

// `data` has: monitors, incidents, detectors, service, sinks, measurements(id, from, until, step), pictures (JPEGs),
// and may have: clip, cluster, deliveries, probe, token. What is undefined is answered with 404.
export class MockService {
  constructor(data) {
    this.data = data;
    this.requests = [];
    this.streams = new Set();
    this.sequence = 0;
    this.server = http.createServer((request, response) => {
      this.answer(request, response).catch((error) => this.problem(response, 500, String(error)));
    });
  }

  async start(port = 0) {
    await new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  // Tells an event of an incident, and keeps the incident as it then is.
  tell(event, incident) {
    const {monitor, acknowledged_at: _a, snoozed_until: _s, map: _m, ...told} = incident;
    const at = this.data.incidents.findIndex(({id}) => id === incident.id);
    if (at < 0) this.data.incidents.unshift(incident);
    else this.data.incidents[at] = incident;
    const name = this.data.monitors.find(({id}) => id === monitor)?.name ?? monitor;
    const live = {schema: 'monolens.live_event/1', id: `e${++this.sequence}`, event, time: new Date().toISOString(),
      monitor: {id: monitor, name}, incident: told};
    for (const stream of this.streams) stream.write(`id: ${this.sequence}\nevent: ${event}\ndata: ${JSON.stringify(live)}\n\n`);
  }

  json(response, value, status = 200) {
    if (value === undefined) return this.problem(response, 404);
    response.writeHead(status, {'Content-Type': 'application/json', 'Cache-Control': 'no-store'});
    return response.end(JSON.stringify(value));
  }

  problem(response, status, detail) {
    response.writeHead(status, {'Content-Type': 'application/problem+json'});
    response.end(JSON.stringify({type: 'about:blank', title: http.STATUS_CODES[status], status, ...(detail && {detail})}));
  }

  bytes(response, type, bytes, headers = {}) {
    if (!bytes) return this.problem(response, 404);
    response.writeHead(200, {'Content-Type': type, 'Cache-Control': 'no-store', ...headers});
    return response.end(bytes);
  }

  async answer(request, response) {
    const url = new URL(request.url, this.url);
    const [, version, what, id, part] = url.pathname.split('/');
    this.requests.push({method: request.method, path: url.pathname, headers: request.headers, at: Date.now()});
    if (version !== 'v1') return this.file(response, url.pathname);
    const {token} = this.data;
    if (token && request.headers.authorization !== `Bearer ${token}`) return this.problem(response, 401);
    const body = await bodyOf(request);
    if (this.refuse) return this.problem(response, ...this.refuse);
    switch (what) {
      case 'monitors': return this.monitor(request, response, url, body, id, part);
      case 'incidents': return this.incident(request, response, url, body, id, part);
      case 'events': return this.events(response);
      case 'detectors': return this.json(response, this.data.detectors && {detectors: this.data.detectors});
      case 'service': return this.json(response, this.data.service);
      case 'cluster': return this.cluster(request, response, body, id);
      case 'sinks': return this.json(response, this.data.sinks && {sinks: this.data.sinks});
      case 'probe': return this.json(response, this.data.probe);
      default: return this.problem(response, 404);
    }
  }

  monitor(request, response, url, body, id, part) {
    const {monitors, pictures} = this.data;
    if (!id && request.method === 'POST') return this.create(response, body);
    if (!id) return this.json(response, {monitors});
    const at = monitors.findIndex((monitor) => monitor.id === id);
    if (at < 0) return this.problem(response, 404);
    if (part === 'picture') {
      return this.bytes(response, 'image/jpeg', pictures?.[at % pictures.length], {'Last-Modified': new Date().toUTCString()});
    }
    if (part === 'measurements') {
      const [from, until] = ['from', 'until'].map((name) => Date.parse(url.searchParams.get(name)));
      return this.json(response, this.data.measurements?.(id, from, until, Number(url.searchParams.get('step'))));
    }
    if (request.method === 'PATCH') Object.assign(monitors[at], body);
    if (request.method === 'DELETE') {
      monitors.splice(at, 1);
      response.writeHead(204);
      return response.end();
    }
    return this.json(response, monitors[at]);
  }

  create(response, body) {
    if (this.refusesUrl) return this.problem(response, 422, this.refusesUrl);
    const monitor = this.data.newMonitor(body);
    this.data.monitors.push(monitor);
    return this.json(response, monitor, 201);
  }

  incident(request, response, url, body, id, part) {
    const {incidents} = this.data;
    if (!id) return this.json(response, this.page(url.searchParams));
    const incident = incidents.find((each) => each.id === id);
    if (!incident) return this.problem(response, 404);
    switch (part) {
      case 'picture': return this.bytes(response, 'image/jpeg', this.data.evidence?.(incident));
      case 'clip': return this.bytes(response, 'video/mp4', this.data.clip);
      case 'deliveries': return this.json(response, this.data.deliveries && {deliveries: this.data.deliveries(incident)});
      case 'acknowledge':
        incident.acknowledged_at ??= new Date().toISOString();
        return this.json(response, incident);
      case 'snooze':
        incident.snoozed_until = body.until;
        return this.json(response, incident);
      default: return this.json(response, incident);
    }
  }

  // A drained instance is on its way out, and keeps its pairs: nothing moves by itself here.
  cluster(request, response, body, id) {
    const {cluster, service} = this.data;
    if (!cluster || request.method !== (id === 'drain' ? 'POST' : 'GET')) return this.problem(response, 404);
    if (id !== 'drain') return this.json(response, cluster);
    if (service?.role === 'read') return this.problem(response, 403);
    const gone = cluster.instances.find((instance) => instance.id === body.instance);
    if (!gone) return this.problem(response, 404, `no instance is called '${body.instance}'`);
    gone.state = body.drain ? 'draining' : 'live';
    return this.json(response, {}, 202);
  }

  page(query) {
    const instant = (name) => (query.has(name) ? Date.parse(query.get(name)) : null);
    const [from, until, limit] = [instant('from'), instant('until'), Number(query.get('limit') ?? 100)];
    const same = (name, value) => !query.has(name) || query.get(name) === value;
    const all = this.data.incidents.filter((i) =>
      same('monitor', i.monitor) && same('kind', i.kind) && same('severity', i.severity) &&
      same('open', String(i.ended_at === null)) &&
      (from === null || i.ended_at === null || Date.parse(i.ended_at) >= from) &&
      (until === null || Date.parse(i.started_at) < until));
    all.sort((a, b) => b.started_at.localeCompare(a.started_at));
    const first = Number(query.get('cursor') || 0);
    const next = first + limit < all.length ? String(first + limit) : null;
    return {incidents: all.slice(first, first + limit), next};
  }

  events(response) {
    response.writeHead(200, {'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store'});
    response.write(': here\n\n');
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
  }

  async file(response, pathname) {
    const name = pathname === '/' ? '/index.html' : path.normalize(pathname);
    try {
      const bytes = await readFile(path.join(dist, name));
      this.bytes(response, types[path.extname(name)] ?? 'application/octet-stream', bytes, {'Content-Security-Policy': csp});
    } catch {
      this.problem(response, 404);
    }
  }
}

async function bodyOf(request) {
  let text = '';
  for await (const piece of request) text += piece;
  return text ? JSON.parse(text) : undefined;
}
