// Every view over a made-up service: what it shows, what it says when things go wrong, and that anybody can use it.

import assert from 'node:assert/strict';
import {after, afterEach, before, beforeEach, test} from 'node:test';
import {readFile} from 'node:fs/promises';
import {axeSource, launch, open, phone} from './browser.mjs';
import {madeCluster, madeData, madeReport, incident} from './made_data.mjs';
import {MockService} from './mock_service.mjs';

const views = {
  wall: '#/',
  monitor: '#/monitors/m0000000000000002',
  change: '#/monitors/m0000000000000002/change',
  incidents: '#/incidents?group=kind',
  incident: '#/incidents/0000000000000003',
  add: '#/add',
  report: '#/report',
  service: '#/service',
  cost: '#/cost',
  cluster: '#/cluster',
};

let browser;
let service;
let data;
let page;

before(async () => {
  browser = await launch();
  data = madeData();
});

after(() => browser?.close());

beforeEach(async () => {
  const monitors = structuredClone(data.monitors);
  service = await new MockService({...data, monitors, incidents: structuredClone(data.incidents), cluster: madeCluster(monitors)}).start();
  page = await open(browser);
});

afterEach(async () => {
  const {complaints} = page;
  await page.context().close();
  await service.stop();
  assert.deepEqual(complaints, []);
});

async function violations(on) {
  await on.evaluate(axeSource());
  const {violations: found} = await on.evaluate(() => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return found.map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html.slice(0, 120)).slice(0, 3).join(' | ')}`);
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe-core finds nothing in any view, ${colorScheme}`, async () => {
    const found = {};
    for (const viewport of [undefined, phone]) {
      const on = await open(browser, {colorScheme, ...(viewport && {viewport})});
      for (const [name, hash] of Object.entries(views)) {
        await on.goto(`${service.url}/${hash}`);
        await on.locator('h1').waitFor({state: 'attached'});
        await on.waitForTimeout(1200);
        const wrong = await violations(on);
        if (wrong.length > 0) found[`${name} ${viewport ? 'phone' : 'desktop'}`] = wrong;
      }
      await on.context().close();
    }
    assert.deepEqual(found, {});
  });
}

test('no view is wider than a phone', async () => {
  const on = await open(browser, {viewport: phone});
  for (const [name, hash] of Object.entries(views)) {
    await on.goto(`${service.url}/${hash}`);
    await on.locator('h1').waitFor({state: 'attached'});
    await on.waitForTimeout(500);
    assert.ok(await on.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name);
  }
  await on.context().close();
});

test('what the service says is text, whatever it says', async () => {
  const hostile = '<img src=x onerror="window.hit=true">';
  Object.assign(service.data.monitors[1], {name: hostile, url: hostile, labels: {[hostile]: hostile}});
  Object.assign(service.data.incidents[0], {note: hostile, measures: {[hostile]: 1}});
  service.data.sinks = [{...service.data.sinks[0], name: hostile, trouble: hostile}];
  service.data.service = {...service.data.service};
  service.data.service.core_hour = {usd: 0.06, region: hostile, date: hostile, source: hostile};
  Object.assign(service.data.cluster, {name: hostile, this_instance: hostile});
  Object.assign(service.data.cluster.instances[0], {id: hostile, version: hostile, groups: [hostile]});
  service.data.cluster.groups.push({name: hostile, detectors: [hostile]});
  service.data.cluster.pairs.push({monitor: hostile, group: hostile, instances: [hostile]});
  for (const [name, hash] of Object.entries({...views, incident: '#/incidents/0000000000000001'})) {
    await page.goto(`${service.url}/${hash}`);
    await page.waitForTimeout(600);
    assert.equal(await page.evaluate(() => window.hit ?? document.querySelector('img[src="x"]')), null, name);
  }
  await page.goto(`${service.url}/#/monitors/m0000000000000002`);
  await page.getByRole('heading', {name: hostile}).waitFor();
  await page.goto(`${service.url}/#/cluster`);
  await page.getByRole('heading', {name: `Cluster ${hostile}`}).waitFor();
  await page.locator('.instances td', {hasText: hostile}).first().waitFor();
});

test('a lost connection is told, and so is its return, with what happened meanwhile', async () => {
  await page.goto(service.url);
  await page.locator('.tile[data-state=ok]').first().waitFor();
  const {port} = service;
  await service.stop();
  await page.getByText('Connection lost, trying again').waitFor();
  const meanwhile = {...service.data, incidents: [incident(500, service.data.monitors[3].id, 'video.black', 'critical', 1000, null, Date.now())]};
  service = await new MockService(meanwhile).start(port);
  await page.getByText('Connected again').waitFor();
  await page.locator('.tile', {hasText: 'Kids'}).getByText('Black picture').waitFor();
});

test('an event changes the wall at once, and its end changes it back', async () => {
  await page.goto(service.url);
  const kids = page.locator('.tile', {hasText: 'Kids'});
  await kids.and(page.locator('[data-state=ok]')).waitFor();
  const black = incident(501, service.data.monitors[3].id, 'video.black', 'critical', 0, null, Date.now());
  service.tell('open', black);
  await kids.and(page.locator('[data-state=defect]')).waitFor({timeout: 1000});
  service.tell('close', {...black, ended_at: new Date().toISOString()});
  await kids.and(page.locator('[data-state=ok]')).waitFor({timeout: 1000});
});

test('a token is asked for, used for everything, and one that is wrong is told', async () => {
  service.data.token = 's3cret';
  await page.goto(service.url);
  await page.getByLabel('Token').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByText('The service does not know this token.').waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByLabel('Token').fill('s3cret');
  await page.keyboard.press('Enter');
  await page.locator('.tile').first().waitFor();
  await page.locator('.thumbnail img').first().waitFor();
  await page.reload();
  await page.locator('.tile').first().waitFor();
});

test('a token that may only read shows nothing that changes', async () => {
  service.data.service = {...service.data.service, role: 'read'};
  await page.goto(`${service.url}/#/monitors/m0000000000000002`);
  await page.getByRole('heading', {name: 'Sport Extra'}).waitFor();
  await page.getByRole('link', {name: 'Add a stream'}).waitFor({state: 'detached'});
  assert.equal(await page.getByRole('button', {name: 'Remove'}).count(), 0);
});

test('the first visit offers a stream of one\'s own and the demo', async () => {
  service.data.monitors = [];
  service.data.incidents = [];
  await page.goto(service.url);
  await page.getByRole('heading', {name: 'No stream is watched yet'}).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', {name: 'Watch the demo'}).click();
  await page.locator('.tile', {hasText: 'Demo'}).waitFor();
  assert.equal(service.data.monitors[0].url, 'demo:');
});

test('an error stands at the field that it is about, in the words of the service', async () => {
  await page.goto(`${service.url}/#/add`);
  await page.getByRole('button', {name: 'Watch it'}).click();
  await page.getByText('An address is needed').waitFor();
  await page.getByLabel('Address', {exact: true}).fill('gopher://x');
  service.refusesUrl = "'url': the scheme 'gopher' may not be watched";
  await page.getByRole('button', {name: 'Watch it'}).click();
  await page.getByRole('alert').getByText(service.refusesUrl).waitFor();
  const address = page.getByLabel('Address', {exact: true});
  assert.equal(await address.getAttribute('aria-invalid'), 'true');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'url');
  assert.deepEqual(await violations(page), []);
});

test('an address that was pasted is looked at', async () => {
  await page.goto(`${service.url}/#/add`);
  await page.getByLabel('Address', {exact: true}).fill('https://live.example.net/x.m3u8');
  await page.getByRole('img', {name: 'A picture of the stream'}).waitFor();
  await page.getByText('H.264 · 1920×1080 · 25 fps').waitFor();
});

test('options of detectors become the monitor\'s', async () => {
  await page.goto(`${service.url}/#/monitors/m0000000000000002/change`);
  await page.getByRole('checkbox', {name: /^silence/}).uncheck();
  await page.locator('li', {hasText: 'freeze'}).getByText('Options').click();
  await page.getByLabel('mean_change, 8-bit levels').fill('2.5');
  await page.getByRole('button', {name: 'Change', exact: true}).click();
  await page.getByRole('heading', {name: 'Sport Extra'}).waitFor();
  const {detectors, options} = service.data.monitors[1];
  assert.equal(detectors, 'all,-levels,-silence');
  assert.equal(options['freeze.mean_change'], 2.5);
});

test('a service that is older than the page just shows less', async () => {
  for (const part of ['detectors', 'service', 'sinks', 'clip', 'cluster', 'deliveries', 'probe', 'pictures', 'measurements']) delete service.data[part];
  for (const each of service.data.monitors) delete each.status?.sound;
  for (const each of service.data.incidents) {
    delete each.snoozed_until;
    delete each.map;
  }
  for (const hash of Object.values(views)) {
    await page.goto(`${service.url}/${hash}`);
    await page.locator('h1').waitFor({state: 'attached'});
    await page.waitForTimeout(300);
  }
  await page.goto(`${service.url}/#/add`);
  await page.getByLabel('Detectors', {exact: true}).waitFor();
  await page.goto(`${service.url}/#/incidents/0000000000000003`);
  await page.getByRole('button', {name: 'Acknowledge'}).waitFor();
  assert.equal(await page.getByLabel('Snooze').count(), 0);
});

test('an incident is acknowledged, snoozed and woken', async () => {
  await page.goto(`${service.url}/#/incidents/0000000000000001`);
  await page.getByRole('button', {name: 'Acknowledge'}).click();
  await page.locator('.acknowledged').waitFor();
  await page.getByLabel('Snooze').selectOption('1 hour');
  await page.getByText('snoozed until').waitFor();
  await page.getByRole('link', {name: 'Wall', exact: true}).click();
  await page.locator('.tile', {hasText: 'Sport Extra'}).getByText('1 snoozed').waitFor();
  await page.goto(`${service.url}/#/incidents/0000000000000001`);
  await page.getByRole('button', {name: 'Wake'}).click();
  await page.getByText('snoozed until').waitFor({state: 'detached'});
});

test('the clip plays, its sound is drawn, and the map can be taken off the picture', async () => {
  await page.goto(`${service.url}/#/incidents/0000000000000003`);
  await page.waitForFunction(() => document.querySelector('video')?.readyState >= 1);
  await page.getByRole('img', {name: 'Spectrogram of the clip'}).waitFor();
  const map = page.getByRole('img', {name: /blocks are likely corrupt/});
  await map.waitFor();
  await page.getByLabel('Corruption map').uncheck();
  await map.waitFor({state: 'detached'});
});

test('the timeline is moved and zoomed by keys, and a bar leads to its incident', async () => {
  await page.goto(`${service.url}/#/monitors/m0000000000000002`);
  const bars = page.locator('.time-target');
  await bars.first().waitFor();
  await page.getByText('up to now').waitFor();
  await page.locator('.timeline').focus();
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('button', {name: 'To now'}).click();
  await page.getByText('up to now').waitFor();
  const freeze = page.getByRole('button', {name: /Frozen picture at .*, still going on/});
  await freeze.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', {name: 'Frozen picture'}).waitFor();
});

test('incidents are exported, all that pass the filter', async () => {
  service.data.monitors[1].name = '=1+1';
  await page.goto(`${service.url}/#/incidents?kind=video.freeze`);
  await page.locator('.lines tbody tr').first().waitFor();
  const expected = service.data.incidents.filter(({kind}) => kind === 'video.freeze').length;
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', {name: 'CSV'}).click()]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  assert.equal(lines.length, expected + 1);
  assert.ok(lines.some((line) => line.includes(",'=1+1,")));
  const [json] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', {name: 'JSON'}).click()]);
  assert.equal(JSON.parse(await readFile(await json.path(), 'utf8')).incidents.length, expected);
});

test('the wall is filtered, and the filter is in the address', async () => {
  await page.goto(service.url);
  await page.locator('.tile').nth(11).waitFor();
  await page.getByRole('searchbox', {name: 'Search'}).fill('regional');
  await page.getByText('2 of 12').waitFor();
  assert.match(page.url(), /text=regional/);
  await page.reload();
  await page.getByText('2 of 12').waitFor();
  await page.getByRole('searchbox', {name: 'Search'}).fill('nothing of the kind');
  await page.getByRole('button', {name: 'Show all 12'}).click();
  await page.getByText('12 monitors').waitFor();
});

test('the wall fills the screen', async () => {
  await page.goto(service.url);
  await page.getByRole('button', {name: 'Full screen'}).click();
  await page.waitForFunction(() => document.fullscreenElement?.classList.contains('wall'));
  await page.locator('.wall:fullscreen .tile').first().waitFor();
});

test('colours and zone are switched, and stay so', async () => {
  await page.goto(service.url);
  await page.getByRole('button', {name: /Change to light/}).click();
  await page.getByRole('button', {name: /Change to dark/}).click();
  await page.getByTitle('Show times in UTC').click();
  await page.reload();
  await page.getByTitle('Show times in local time').waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
});

test('a report is dropped and shown, and what is none is told', async () => {
  await page.goto(`${service.url}/#/report`);
  const choose = page.locator('input[type=file]');
  await choose.setInputFiles({name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{"a": 1}')});
  await page.getByText('This is no report of “monolens.report/1”.').waitFor();
  await choose.setInputFiles({name: 'r.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(madeReport(data, '<b>evening.ts</b>')))});
  await page.getByRole('heading', {name: '<b>evening.ts</b>'}).waitFor();
  await page.getByRole('button', {name: /Frozen picture at 00:00:12.400, 3.5 s/}).click();
  await page.locator('.report-incident.chosen').waitFor();
  assert.deepEqual(await violations(page), []);
});

test('what streams cost is told in cores and money, of one and of all', async () => {
  service.data.monitors = data.monitors;  // whose CPU time grows
  await page.goto(`${service.url}/#/monitors/m0000000000000002`);
  const money = page.locator('.cost').getByText(/^\$0\.\d{4} an hour$/);
  await money.waitFor();
  assert.match(await money.getAttribute('title'), /Cores × \$0\.0607 a core hour: list price of 2026-11-29, us-east-1/);
  await page.getByRole('link', {name: 'Cost', exact: true}).click();
  await page.getByText(/The decoder takes the most, \d+ %\. The dearest detector is corruption/).waitFor();
  const costs = await page.locator('.lines tbody tr td:nth-child(3)').allTextContents();
  assert.equal(costs.length, 11, 'one is paused');
  const dollars = costs.map((text) => Number(text.slice(1)));
  dollars.slice(1).forEach((cost, at) => assert.ok(cost < dollars[at] + 0.0008, 'the dearest first, by hundredths of a core'));
  assert.equal(await page.getByRole('img', {name: /Decoder \d+ %, Features \d+ %, Detectors \d+ %/}).count(), 12);
  await page.getByText('1 monitor more is not analysed now.').waitFor();
});

test('with a service that tells no price, costs are cores alone', async () => {
  service.data.monitors = data.monitors;
  service.data.service = {...service.data.service, core_hour: undefined};
  await page.goto(`${service.url}/#/cost`);
  await page.getByText(/The decoder takes the most/).waitFor();
  assert.doesNotMatch(await page.locator('main').textContent(), /\$/);
  service.data.monitors = [];
  await page.getByRole('heading', {name: 'No stream is analysed'}).waitFor();
  assert.deepEqual(await violations(page), []);
});

test('the cluster names what is not covered, and an instance is drained by keyboard', async () => {
  await page.goto(`${service.url}/#/cluster`);
  await page.getByText('Of 22 pairs, 1 is watched by nobody and 1 is watched more than once.').waitFor();
  await page.getByRole('region', {name: 'Watched by nobody'}).getByRole('link', {name: 'Sport Extra'}).waitFor();
  await page.getByRole('region', {name: 'Watched more than once'}).getByText('by i4f2ac01d9e, i8b07de5511').waitFor();
  await page.getByRole('link', {name: /pairs of ic93e7710ab/}).click();
  await page.waitForURL(/instance=ic93e7710ab/);
  assert.equal(await page.getByLabel('Instance', {exact: true}).inputValue(), 'ic93e7710ab');

  const drain = page.getByRole('button', {name: 'Drain i8b07de5511'});
  await drain.press('Enter');
  await page.getByText('Drain i8b07de5511? Others take over its').waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('Enter');  // Keep has the focus
  await drain.press('Enter');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await drain.waitFor({state: 'detached'});
  assert.equal(service.data.cluster.instances[1].state, 'draining');
  await page.getByRole('button', {name: 'Drain i4f2ac01d9e'}).press('Enter');
  await page.getByText('Drain i4f2ac01d9e? No other live instance watches picture, sound.').waitFor();
  await page.getByRole('button', {name: 'Resume i8b07de5511'}).press('Enter');
  await drain.waitFor();
  assert.equal(service.data.cluster.instances[1].state, 'live');
});

test('the cluster is read again while it is shown, and what fails is told', async () => {
  await page.goto(`${service.url}/#/cluster`);
  await page.getByText(/^Of 22 pairs/).waitFor();
  const {cluster} = service.data;
  for (const pair of cluster.pairs) pair.instances = [cluster.this_instance];
  cluster.coverage = {wanted: 22, covered: 22, uncovered: 0, doubled: 0};
  await page.getByText('All 22 pairs are watched, each by one instance.').waitFor({timeout: 4000});
  cluster.connected = false;
  await page.getByText('This instance does not hear the others.').waitFor();
  assert.deepEqual(await violations(page), []);
  service.refuse = [503, 'the cluster is starting'];
  await page.getByText('the cluster is starting What follows is what was told last.').waitFor();
});

test('a service in no cluster has no section for one, and who may only read drains nothing', async () => {
  service.data.service = {...service.data.service, role: 'read'};
  await page.goto(`${service.url}/#/cluster`);
  await page.getByRole('link', {name: 'Cluster'}).waitFor();
  await page.getByRole('columnheader', {name: 'Load'}).waitFor();
  await page.getByRole('button', {name: /^Drain|^Resume/}).first().waitFor({state: 'detached'});
  service.data.cluster = undefined;
  await page.getByRole('heading', {name: 'This service is in no cluster'}).waitFor();
  await page.getByRole('link', {name: 'Cluster'}).waitFor({state: 'detached'});
  assert.deepEqual(await violations(page), []);
});

test('incidents that stand close are one target that goes closer, and each is still seen', async () => {
  const at = Date.now();
  const {id} = service.data.monitors[3];
  service.data.incidents = [0, 6, 12].map((seconds, n) => incident(600 + n, id, 'video.black', 'critical', 300_000 - seconds * 1000, 1000, at));
  await page.goto(`${service.url}/#/monitors/${id}`);
  const close = page.getByRole('button', {name: /^3 incidents, from critical: Black picture/});
  await close.waitFor();
  assert.equal(await close.locator('.time-bar').count(), 3);
  await close.press('Enter');
  await page.getByRole('button', {name: /^critical: Black picture/}).nth(2).waitFor();
});
