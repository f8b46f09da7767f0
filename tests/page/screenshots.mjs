// Pictures of every view, light and dark, on a desk and on a phone: node screenshots.mjs FOLDER [VIEW...]
//
// Over made-up data, so that they are much the same each time; with a palette of few colours, so that they are small.

import {spawnSync} from 'node:child_process';
import {mkdirSync, statSync} from 'node:fs';
import path from 'node:path';
import {launch, open, phone} from './browser.mjs';
import {madeCluster, madeData, madeReport} from './made_data.mjs';
import {MockService} from './mock_service.mjs';

const [folder, ...chosen] = process.argv.slice(2);
const desk = {width: 1280, height: 800};
const colours = 80;
const data = madeData(24);
data.cluster = madeCluster(data.monitors.slice(0, 12));
const report = {name: 'report.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(madeReport(data, 'archive/evening-news.ts')))};

const views = {
  token: {hash: '#/', with: {token: 's3cret'}},
  'first-visit': {hash: '#/', with: {monitors: [], incidents: []}},
  wall: {hash: '#/'},
  monitor: {hash: '#/monitors/m0000000000000002', height: 1200},
  incident: {hash: '#/incidents/0000000000000003', height: 1100},
  incidents: {hash: '#/incidents'},
  add: {hash: '#/add', then: (page) => page.getByLabel('Address', {exact: true}).fill('https://live.example.net/new/master.m3u8')},
  change: {hash: '#/monitors/m0000000000000002/change', height: 1000},
  cost: {hash: '#/cost', wait_ms: 4000},
  cluster: {hash: '#/cluster', height: 1000},
  service: {hash: '#/service'},
  report: {hash: '#/report', then: (page) => page.locator('input[type=file]').setInputFiles(report)},
};

const settle_ms = 2000;

function reduced(from, to) {
  const palette = `split[a][b];[a]palettegen=max_colors=${colours}:reserve_transparent=0[p];[b][p]paletteuse=dither=none`;
  const run = spawnSync('ffmpeg', ['-v', 'error', '-y', '-f', 'png_pipe', '-i', '-', '-vf', palette, '-compression_level', '100',
    '-pred', 'none', to], {input: from});
  if (run.status !== 0) throw new Error(String(run.stderr));
}

mkdirSync(folder, {recursive: true});
const service = await new MockService(data).start();
const browser = await launch();
let bytes = 0;
for (const colorScheme of ['light', 'dark']) {
  for (const [device, size] of Object.entries({desktop: desk, phone})) {
    for (const [name, {hash, then, height, with: other, wait_ms = 0}] of Object.entries(views)) {
      if (chosen.length > 0 && !chosen.includes(name)) continue;
      service.data = {...data, ...other};
      const viewport = {...size, ...(height && device === 'desktop' && {height})};
      const page = await open(browser, {viewport, colorScheme});
      await page.goto(`${service.url}/${hash}`);
      await page.waitForTimeout(settle_ms / 2);
      await then?.(page);
      await page.waitForTimeout(settle_ms + wait_ms);
      const file = path.join(folder, `${name}-${device}-${colorScheme}.png`);
      reduced(await page.screenshot(), file);
      bytes += statSync(file).size;
      await page.context().close();
    }
  }
}
await browser.close();
await service.stop();
console.log(`${folder}: ${Math.round(bytes / 1000)} kB`);
