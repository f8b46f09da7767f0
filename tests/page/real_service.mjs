// A running `monolens serve`, and streams for it to watch.

import {spawn, spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import net from 'node:net';
import dgram from 'node:dgram';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

export const monolens = process.env.MONOLENS;
const media = process.env.MONOLENS_TEST_MEDIA ?? path.join(os.tmpdir(), 'monolens-page-media');

export async function waitFor(what, ready, deadline_ms = 60_000) {
  const until = Date.now() + deadline_ms;
  while (Date.now() < until) {
    const result = await ready();
    if (result) return result;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not within ${deadline_ms / 1000} s: ${what}`);
}

export function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const {port} = server.address();
      server.close(() => resolve(port));
    });
  });
}

export function freeUdpPort() {
  return new Promise((resolve) => {
    const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1', () => {
      const {port} = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

// The same folder and port again is the same service, started again.
export class RealService {
  constructor({folder = mkdtempSync(path.join(os.tmpdir(), 'monolens-page-')), port = 0, configuration = ''} = {}) {
    this.folder = folder;
    this.port = port;
    this.configuration = configuration;
  }

  async start() {
    this.port ||= await freePort();
    const file = path.join(this.folder, 'serve.toml');
    writeFileSync(file, this.configuration);
    this.process = spawn(monolens, ['serve', '--listen', `127.0.0.1:${this.port}`, '--data', path.join(this.folder, 'data'),
      '--config', file, '--files', this.folder], {stdio: ['ignore', 'pipe', 'inherit']});
    this.url = `http://127.0.0.1:${this.port}`;
    await waitFor('the service', async () => (await fetch(`${this.url}/readyz`).catch(() => null))?.ok);
    return this;
  }

  async stop(how = 'SIGTERM') {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill(how);
    await gone;
  }

  async remove() {
    await this.stop('SIGKILL');
    rmSync(this.folder, {recursive: true, force: true});
  }
}

// 25 s of movement, then a picture that stands still for 35 s.
export const freezesAt_s = 25;

export function freezingClip() {
  const clip = path.join(media, 'page_freeze.ts');
  if (existsSync(clip)) return clip;
  mkdirSync(media, {recursive: true});
  const run = spawnSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i',
    `testsrc2=size=640x360:rate=25:duration=${freezesAt_s},tpad=stop_mode=clone:stop_duration=35`,
    '-f', 'lavfi', '-i', 'sine=frequency=440:duration=60', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-bf', '0',
    '-c:a', 'aac', '-f', 'mpegts', `${clip}.part`]);
  if (run.status !== 0) throw new Error(String(run.stderr));
  renameSync(`${clip}.part`, clip);
  return clip;
}

// Sends the clip in real time; `frozen` is the time (Date.now()) at which the first still picture was sent.
export function sendFreezingStream(port) {
  const sender = spawn('ffmpeg', ['-v', 'error', '-stats_period', '0.1', '-progress', 'pipe:1', '-re', '-i', freezingClip(),
    '-c', 'copy', '-f', 'mpegts', `udp://127.0.0.1:${port}?pkt_size=1316`], {stdio: ['ignore', 'pipe', 'inherit']});
  const frozen = new Promise((resolve) => {
    readline.createInterface({input: sender.stdout}).on('line', (line) => {
      const at = /^out_time_us=(\d+)/.exec(line);
      if (!at) return;
      const past_ms = Number(at[1]) / 1000 - freezesAt_s * 1000;
      if (past_ms >= 0) resolve(Date.now() - past_ms);
    });
  });
  return {frozen, stop: () => sender.kill('SIGKILL')};
}
