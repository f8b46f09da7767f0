// The page over a real service and a real stream, as a person uses it: from adding the stream to a service that died.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {gunzipSync} from 'node:zlib';
import http from 'node:http';
import {launch, open} from './browser.mjs';
import {freeUdpPort, RealService, sendFreezingStream} from './real_service.mjs';

const defectWithin_ms = 3000;
const mostFirstLoad = 200_000;  // bytes, compressed

let browser;
let service;

before(async () => {
  browser = await launch();
  service = await new RealService().start();
});

after(async () => {
  await browser?.close();
  await service?.remove();
});

// The answer as it comes over the network, not decompressed.
function raw(path, headers = {}) {
  return new Promise((resolve, reject) => {
    http.get(service.url + path, {headers}, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('end', () => resolve({status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces)}));
    }).on('error', reject);
  });
}

test('the first load is small, cached and confined', async () => {
  const gzip = {'Accept-Encoding': 'gzip'};
  const index = await raw('/', gzip);
  assert.equal(index.status, 200);
  assert.match(index.headers['content-security-policy'], /default-src 'none'; script-src 'self'; style-src 'self';/);
  assert.equal(index.headers['cache-control'], 'no-cache');
  const html = gunzipSync(index.body).toString();
  assert.doesNotMatch(html, /<style|\son\w+=|style=|https?:/);
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]);
  let bytes = index.body.length;
  for (const file of files) {
    const answer = await raw(file, gzip);
    assert.equal(answer.status, 200, file);
    if (file.startsWith('/assets/')) assert.match(answer.headers['cache-control'], /immutable/);
    const again = await raw(file, {...gzip, 'If-None-Match': answer.headers.etag});
    assert.deepEqual([again.status, again.body.length], [304, 0], file);
    bytes += answer.body.length;
  }
  console.log(`first load: ${bytes} bytes compressed, in ${files.length + 1} files`);
  assert.ok(bytes < mostFirstLoad);
});

test('a stream is added, freezes, is looked into and acknowledged; the service dies and comes back', async (t) => {
  const port = await freeUdpPort();
  const sender = sendFreezingStream(port);
  t.after(sender.stop);
  const page = await open(browser);

  await page.goto(service.url);
  await page.getByRole('heading', {name: 'No stream is watched yet'}).waitFor();
  await page.getByRole('main').getByRole('link', {name: 'Add a stream'}).click();
  await page.getByLabel('Address', {exact: true}).fill(`udp://127.0.0.1:${port}`);
  await page.getByLabel('Name', {exact: true}).fill('Loopback');
  await page.getByRole('button', {name: 'Watch it'}).click();
  await page.getByRole('heading', {name: 'Loopback'}).waitFor();

  await page.getByRole('link', {name: 'Wall', exact: true}).click();
  await page.locator('.tile[data-state=ok]').waitFor();
  await page.locator('.tile', {hasText: 'Frozen picture'}).waitFor({timeout: 60_000});
  assert.equal(await page.locator('.tile').getAttribute('data-state'), 'defect');
  const took_ms = Date.now() - await sender.frozen;
  console.log(`defect on the wall ${took_ms} ms after the freeze was sent`);
  assert.ok(took_ms < defectWithin_ms, `${took_ms} ms`);

  await page.locator('.tile').click();
  await page.getByRole('region', {name: 'Now'}).getByRole('link', {name: /Frozen picture/}).click();
  await page.getByRole('heading', {name: 'Frozen picture'}).waitFor();
  const picture = page.getByRole('img', {name: /The picture when/});
  await picture.waitFor();
  await page.waitForFunction((image) => image.naturalWidth > 0, await picture.elementHandle());
  await page.getByRole('button', {name: 'Acknowledge'}).click();
  await page.locator('.acknowledged').waitFor();

  await service.stop('SIGKILL');
  await page.getByText('Connection lost, trying again').waitFor();
  await service.start();
  await page.getByText('Connected again').waitFor();
  await page.locator('.acknowledged').waitFor();
  await page.getByRole('link', {name: 'Loopback'}).click();
  await page.getByRole('heading', {name: 'Loopback'}).waitFor();
  assert.deepEqual(page.complaints, []);
});

test('the demo shows a picture and its first incident within a minute, with a clip', async (t) => {
  const fresh = await new RealService().start();
  t.after(() => fresh.remove());
  const page = await open(browser);
  await page.goto(fresh.url);
  await page.getByRole('button', {name: 'Watch the demo'}).click();
  const tile = page.locator('.tile', {hasText: 'Demo'});
  await tile.waitFor();
  const began = Date.now();
  await tile.locator('.tile-incident').first().waitFor({timeout: 60_000});
  console.log(`the demo's first incident after ${((Date.now() - began) / 1000).toFixed(1)} s`);
  await tile.locator('.thumbnail img').waitFor();
  await page.getByRole('link', {name: /^Incidents/}).click();
  await page.locator('.lines tbody a').first().click();
  await page.waitForFunction(() => document.querySelector('video')?.readyState >= 1, null, {timeout: 60_000});
  assert.deepEqual(page.complaints, []);
});

test('an address is looked at by the service before it is watched', async (t) => {
  const port = await freeUdpPort();
  const sender = sendFreezingStream(port);
  t.after(sender.stop);
  const page = await open(browser);
  await page.goto(`${service.url}/#/add`);
  await page.getByLabel('Address', {exact: true}).fill(`udp://127.0.0.1:${port}`);
  await page.getByText('H.264 · 640×360 · 25 fps').waitFor();
  await page.getByRole('img', {name: 'A picture of the stream'}).waitFor();
  await page.getByLabel('Address', {exact: true}).fill('udp://127.0.0.1:notaport');
  await page.locator('.probe .wrong').waitFor();
  assert.deepEqual(page.complaints, []);
});
