// The page's view of a real cluster: two services and a nats-server, and a stream that changes hands.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {launch, open} from './browser.mjs';
import {freePort, freezingClip, RealService, waitFor} from './real_service.mjs';

const natsServer = '/usr/sbin/nats-server';
const skip = existsSync(natsServer) ? false : 'nats-server is not installed';

class Broker {
  async start() {
    this.folder = mkdtempSync(path.join(os.tmpdir(), 'monolens-page-nats-'));
    const port = await freePort();
    this.url = `nats://127.0.0.1:${port}`;
    this.process = spawn(natsServer, ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', this.folder, '-l', path.join(this.folder, 'log')]);
    await waitFor('nats-server', () => new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); }).on('error', () => resolve(false));
    }));
    return this;
  }

  remove() {
    this.process.kill('SIGKILL');
    rmSync(this.folder, {recursive: true, force: true});
  }
}

// A live stream that each who asks is sent from its beginning.
class Origin {
  async start() {
    this.senders = new Set();
    this.server = http.createServer((request, answer) => {
      const sender = spawn('ffmpeg', ['-v', 'error', '-re', '-stream_loop', '-1', '-i', freezingClip(), '-c', 'copy', '-f', 'mpegts', '-'],
        {stdio: ['ignore', 'pipe', 'ignore']});
      this.senders.add(sender);
      answer.writeHead(200, {'Content-Type': 'video/mp2t'});
      sender.stdout.pipe(answer);
      answer.on('close', () => sender.kill('SIGKILL'));
    });
    const port = await freePort();
    await new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${port}/live.ts`;
    return this;
  }

  remove() {
    for (const sender of this.senders) sender.kill('SIGKILL');
    this.server.closeAllConnections?.();
    this.server.close();
  }
}

const idOf = (service) => readFileSync(path.join(service.folder, 'data', 'instance'), 'utf8').trim();

let browser, broker, origin, services;

before(async () => {
  if (skip) return;
  browser = await launch();
  broker = await new Broker().start();
  origin = await new Origin().start();
  const configuration = `[cluster]\nurl = "${broker.url}"\n`;
  services = [await new RealService({configuration}).start(), await new RealService({configuration}).start()];
});

after(async () => {
  await browser?.close();
  for (const service of services ?? []) await service.remove();
  origin?.remove();
  broker?.remove();
});

test('a stream is watched by one of two instances, changes hands when that is drained, and each tells of both', {skip}, async () => {
  const pages = [];
  for (const service of services) {
    const page = await open(browser);
    await page.goto(`${service.url}/#/cluster`);
    await page.getByRole('heading', {name: /^Cluster/}).waitFor();
    for (const other of services) await page.getByRole('region', {name: 'Instances'}).getByText(idOf(other)).waitFor({timeout: 20_000});
    pages.push(page);
  }
  const [page, elsewhere] = pages;

  await page.goto(`${services[0].url}/#/add`);
  await page.getByLabel('Address', {exact: true}).fill(origin.url);
  await page.getByLabel('Name', {exact: true}).fill('Shared');
  await page.getByRole('button', {name: 'Watch it'}).click();
  await page.getByRole('heading', {name: 'Shared'}).waitFor();
  for (const [n, one] of pages.entries()) {
    await one.goto(`${services[n].url}/#/cluster`);
    await one.getByText('The one pair is watched by one instance.').waitFor({timeout: 30_000});
    await one.getByRole('region', {name: 'Who watches what'}).getByRole('link', {name: 'Shared'}).waitFor();
  }

  const holdersOf = async (service) => new Set((await (await fetch(`${service.url}/v1/cluster`)).json()).pairs.flatMap((pair) => pair.instances));
  const [holder] = await holdersOf(services[0]);
  const drained = services.findIndex((service) => idOf(service) === holder);
  const [from, to] = [idOf(services[drained]), idOf(services[1 - drained])];

  // Asked of the other instance's page: any of them answers for all.
  await elsewhere.getByRole('button', {name: `Drain ${from}`}).click();
  await elsewhere.getByText(`Drain ${from}? Others take over its`).waitFor();
  await elsewhere.getByRole('button', {name: 'Drain', exact: true}).click();
  await elsewhere.getByRole('button', {name: `Resume ${from}`}).waitFor();
  await waitFor('the other instance watches all', async () => {
    const now = await holdersOf(services[0]);
    return now.size === 1 && now.has(to);
  }, 15_000);
  for (const one of pages) await one.getByText('The one pair is watched by one instance.').waitFor();
  await elsewhere.getByRole('button', {name: `Resume ${from}`}).click();
  await elsewhere.getByRole('button', {name: `Drain ${from}`}).waitFor();

  for (const [n, one] of pages.entries()) {
    await one.goto(`${services[n].url}/#/`);
    await one.locator('.tile', {hasText: 'Shared'}).locator('.thumbnail img').waitFor({timeout: 30_000});
    assert.deepEqual(one.complaints, []);
  }
});
