// A broadcaster's afternoon: made-up monitors, incidents and measurements, the same each time.

import {spawnSync} from 'node:child_process';

export const minute = 60_000;

// A generator of its own, so that pictures of the page are the same each time.
function randoms(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;  // mulberry32
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ago = (now, ms) => new Date(now - ms).toISOString();
const hex = (n, digits) => n.toString(16).padStart(digits, '0');

const names = ['News One', 'Sport Extra', 'Kino HD', 'Kids', 'Regional North', 'Regional South', 'Music Box', 'Nature',
  'Parliament', 'Shop 24', 'Classics', 'Weather'];

export function monitor(at, now, more = {}) {
  const random = randoms(at + 7);
  const name = names[at % names.length] + (at >= names.length ? ` ${Math.floor(at / names.length) + 1}` : '');
  const stream = name.toLowerCase().replaceAll(' ', '-');
  const url = `https://live.example.net/${stream}/master.m3u8`;
  return {
    id: `m${hex(at + 1, 16)}`, created_at: ago(now, 86_400_000 * 9), changed_at: ago(now, 86_400_000 * 2),
    quarantined: null, url, name, program: null, variant: 'highest', detectors: 'all,-levels', options: {'freeze.duration_s': 1},
    profile: 'full', priority: 0, labels: {region: ['north', 'south', 'east'][at % 3], tier: at % 4 ? 'standard' : 'premium'},
    paused: false, timeout_s: 10, stalled_after_s: 2, maintenance: [], score: 100,
    status: {
      state: 'running', trouble: null, ladder: 'full', position_s: 81_234.2 + at, lag_s: 0.1 + random() * 0.2,
      get cpu_s() { return 4000 + ((Date.now() - now) / 1000) * (0.09 + (at % 5) / 60); }, sessions: 1 + (at % 3), restarts: 0, video_frames: 2_000_000 + at, dropped_packets: 0,
      cost_s: {decoder: 2300 + 90 * (at % 7), 'video features': 700, 'audio features': 110, corruption: 320 + 80 * (at % 3), loudness: 90, sync: 60},
      sound: {peak_dbfs: [-9 - random() * 14, -9 - random() * 14], momentary_lufs: -23 + random() * 4},
      input: {url, format: 'hls', duration_s: null, program: null,
        video: {codec: 'h264', width: 1920, height: 1080, fps: 25, pixel_format: 'yuv420p', rotation: 0},
        audio: {codec: 'aac', sample_rate: 48000, channels: 2}, audio_tracks: [{codec: 'aac', sample_rate: 48000, channels: 2}]},
    },
    ...more,
  };
}

const tracks = {video: {type: 'video', index: 0, id: 256, language: null}, audio: {type: 'audio', index: 0, id: 257, language: 'eng'}};

export function incident(number, monitor, kind, severity, from_ms, length_ms, now, more = {}) {
  const detector = kind.split('.')[1];
  return {
    id: hex(number, 16), monitor, kind, detector, track: tracks[kind.split('.')[0]] ?? null, severity,
    started_at: ago(now, from_ms), ended_at: length_ms === null ? null : ago(now, from_ms - length_ms),
    acknowledged_at: null, snoozed_until: null, confidence: 0.97, measures: {}, note: '', map: null, ...more,
  };
}

function corruptionMap() {
  const columns = 40;
  const rows = 22;
  const random = randoms(3);
  const cells = Array.from({length: columns * rows}, (_, i) => {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    const inside = y > 11 && y < 17 && x > 6 && x < 34 - (y % 2) * 5;
    return inside ? 0.55 + random() * 0.45 : random() * 0.12;
  });
  return {columns, rows, cells};
}

export function madeIncidents(now) {
  const id = (at) => `m${hex(at + 1, 16)}`;
  const second = 1000;
  const open = [
    incident(1, id(1), 'video.freeze', 'critical', 47 * second, null, now,
      {note: 'the picture stands still', measures: {change_mean: 0.21, still_share: 0.998}}),
    incident(2, id(4), 'transport.stalled', 'critical', 3 * minute, null, now,
      {note: 'no data for 3 min: connection refused', track: null, measures: {waited_s: 184}}),
    incident(3, id(2), 'video.corruption', 'major', 12 * second, null, now,
      {note: 'blocks of wrong content over 8 % of the picture', measures: {area_share: 0.084, peak_area_share: 0.131},
        confidence: 0.91, map: corruptionMap()}),
    incident(4, id(2), 'video.decode_error', 'major', 14 * second, null, now, {note: 'errors in 7 pictures', measures: {errors: 7}}),
    incident(5, id(6), 'audio.loudness', 'minor', 26 * minute, null, now,
      {note: 'the programme is too loud', measures: {integrated_loudness_lufs: -17.8, target_lufs: -23},
        acknowledged_at: ago(now, 20 * minute)}),
    incident(6, id(8), 'monitor.degraded', 'minor', 5 * minute, null, now, {note: 'analyses economy for lack of time', track: null}),
  ];
  const random = randoms(11);
  const past = [['video.black', 'critical', 4], ['audio.silence', 'critical', 9], ['video.stutter', 'major', 6],
    ['audio.clipping', 'major', 3], ['transport.gap', 'major', 1], ['video.letterbox', 'minor', 40],
    ['video.freeze', 'critical', 5], ['av.sync', 'major', 30], ['audio.dropout', 'major', 0.2]];
  const notes = {'video.black': 'black picture', 'audio.silence': 'no sound on both channels', 'video.stutter': 'pictures repeated',
    'audio.clipping': '0.4 % of the samples are flat', 'transport.gap': '3 packets are missing', 'video.letterbox': 'bars above and below',
    'video.freeze': 'the picture stands still', 'av.sync': 'the sound is 184 ms late', 'audio.dropout': 'cut for 200 ms'};
  for (let number = 20; number < 140; ++number) {
    const [kind, severity, seconds] = past[number % past.length];
    const at = number < 32 ? 1 : Math.floor(random() * 12);
    const from = number < 32 ? random() * 14 * minute + 50 * second : random() * 1400 * minute;
    open.push(incident(number, id(at), kind, severity, from, Math.min(from - 48 * second, seconds * second * (0.5 + random())), now,
      {note: notes[kind], acknowledged_at: number % 4 ? null : ago(now, from / 2)}));
  }
  return open;
}

export function madeMeasurements(incidents, id, from, until, step_s) {
  const at = [];
  const made = {};
  const put = (name, mean, spread) => {
    made[name] ??= {mean: [], least: [], greatest: []};
    made[name].mean.push(mean);
    made[name].least.push(mean === null ? null : mean - spread);
    made[name].greatest.push(mean === null ? null : mean + spread);
  };
  const end = Math.min(until, Date.now());
  for (let t = Math.ceil(from / 1000 / step_s) * step_s; t * 1000 < end; t += step_s) {
    const random = randoms(t);
    const ms = t * 1000;
    const during = (kind) => incidents.some((i) => i.monitor === id && i.kind === kind &&
      Date.parse(i.started_at) < ms + step_s * 1000 && (i.ended_at === null || Date.parse(i.ended_at) > ms));
    const scene = randoms(Math.floor(t / 14) * 7919);
    const still = during('video.freeze');
    const black = during('video.black');
    const silent = during('audio.silence');
    at.push(new Date(ms).toISOString());
    put('luma_mean', black ? 16 : 70 + scene() * 70 + random() * 6, 3);
    put('dark_share', black ? 0.999 : 0.05 + scene() * 0.2, 0.01);
    put('motion_mean', still || black ? 0.1 : 1.6 + scene() * 3 + random() * 1.5, 0.4);
    put('edge_slope', 0.28 + scene() * 0.1 + random() * 0.02, 0.01);
    put('corrupt_share', during('video.corruption') ? 0.06 + random() * 0.05 : random() * 0.004, 0.003);
    put('block_grid_share', 0.008 + random() * 0.01, 0.003);
    const speech = -24 + 5 * Math.sin(t / 9) + random() * 4;
    put('momentary_lufs', silent ? null : speech, 1);
    put('short_term_lufs', silent ? null : -23.5 + 2 * Math.sin(t / 40), 0.4);
    put('true_peak_dbtp', silent ? -90 : during('audio.clipping') ? 0.4 : speech + 14, 1);
    put('peak_dbfs', silent ? -92 : Math.min(0, speech + 13), 2);
    put('av_offset_ms', during('av.sync') ? 184 : 8 + random() * 6, 2);
    put('pictures_per_s', during('video.stutter') ? 21 : 25, 0);
    put('bitrate_bps', 4.6e6 + scene() * 1.2e6 + random() * 3e5, 2e5);
    put('lag_s', 0.12 + random() * 0.08, 0.04);
    put('cpu_s', 0.11 + random() * 0.02, 0.01);
  }
  return {step_s, at, quantities: made};
}

const graphs = [
  'gradients=s=320x180:c0=0x27476e:c1=0xe7b48c:c2=0x8c4a3a:nb_colors=3:seed=3,format=yuv420p',
  'mandelbrot=s=320x180:start_x=-0.743643887:start_y=-0.131825904:start_scale=0.03,eq=saturation=0.5,gblur=3',
  'gradients=s=320x180:c0=0x402018:c1=0xc86428:c2=0xf8dca0:nb_colors=3:seed=33,format=yuv420p',
  'mandelbrot=s=320x180:start_x=-0.16:start_y=1.0405:start_scale=0.05,hue=h=120:s=0.4,gblur=2',
  'gradients=s=320x180:c0=0x0b3d2e:c1=0x9cc069:c2=0xdfe8b0:nb_colors=3:seed=8,format=yuv420p',
  'gradients=s=320x180:c0=0x181c3c:c1=0x4868b8:c2=0xd8e4f8:nb_colors=3:seed=41,format=yuv420p',
  'gradients=s=320x180:c0=0x140f2d:c1=0xb0336b:c2=0xf2b134:nb_colors=3:seed=21,format=yuv420p',
  'mandelbrot=s=320x180:start_x=0.285:start_y=0.0105:start_scale=0.4,hue=h=200:s=0.4,gblur=2',
  'gradients=s=320x180:c0=0x0a3a5a:c1=0x58b6d8:c2=0xf5f5f0:nb_colors=3:seed=14,format=yuv420p',
  'smptehdbars=s=320x180',
];

const made = (args) => {
  const run = spawnSync('ffmpeg', ['-v', 'error', ...args], {maxBuffer: 64 << 20});
  if (run.status !== 0) throw new Error(String(run.stderr));
  return run.stdout;
};

export const jpeg = (graph) => made(['-f', 'lavfi', '-i', graph, '-frames:v', '1', '-q:v', '5', '-f', 'mjpeg', '-']);

export const madePictures = () => graphs.map(jpeg);

// A damaged picture: torn blocks in the middle.
export const corruptPicture = () =>
  jpeg('mandelbrot=s=640x360:start_x=-0.743643887:start_y=-0.131825904:start_scale=0.03,eq=saturation=0.5,gblur=5,' +
    'split[a][b];[b]crop=440:80:110:192,pixelize=w=16:h=16,hue=h=80:s=2[c];[a][c]overlay=110:192');

// Six seconds with a tone, of which the last four stand still.
export const madeClip = () => made(['-f', 'lavfi', '-i', 'gradients=s=640x360:r=25:d=2:c0=0x402018:c1=0xc86428:c2=0xf8dca0:nb_colors=3:seed=33:speed=0.05,format=yuv420p,tpad=stop_mode=clone:stop_duration=4',
  '-f', 'lavfi', '-i', "aevalsrc='0.4*sin(2*PI*(300+700*t)*t)*(0.6+0.4*sin(9*t))|0.3*sin(2*PI*440*t)':d=6",
  '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac',
  '-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4', '-']);

const option = (name, value, minimum, maximum, unit, help) => ({name, default: value, minimum, maximum, unit, help});

const detectors = [
  {name: 'freeze', summary: 'the picture stands still though frames arrive', kinds: ['video.freeze'], options: [
    option('duration_s', 2, 0.1, 3600, 's', 'shortest freeze'),
    option('mean_change', 1, 0, 255, '8-bit levels', 'largest mean difference of a still picture, encoder noise included')]},
  {name: 'black', summary: '(almost) black picture', kinds: ['video.black'], options: [
    option('duration_s', 2, 0.04, 3600, 's', 'shortest black'), option('share', 0.98, 0.5, 1, 'share', 'of the pixels that must be dark')]},
  {name: 'corruption', summary: 'blocks of wrong content in the picture', kinds: ['video.corruption'], options: [
    option('area', 0.03, 0.001, 1, 'share', 'least part of the picture that is corrupt')]},
  {name: 'levels', summary: 'luma or chroma outside the legal range', kinds: ['video.levels'], options: []},
  {name: 'silence', summary: 'no sound', kinds: ['audio.silence'], options: [
    option('floor_dbfs', -60, -120, -10, 'dBFS', 'peak below which a channel is silent')]},
  {name: 'loudness', summary: 'programme loudness or true peak out of target', kinds: ['audio.loudness'], options: [
    option('target_lufs', -23, -70, 0, 'LUFS', 'programme loudness wanted')]},
  {name: 'sync', summary: 'sound early or late against the picture', kinds: ['av.sync'], options: []},
];

// All of it, with `count` monitors. REQUIRES: ffmpeg.
export function madeData(count = 12) {
  const now = Date.now();
  const monitors = Array.from({length: count}, (_, at) => monitor(at, now));
  const incidents = count >= 9 ? madeIncidents(now) : [];
  const set = (at, more) => monitors[at] && Object.assign(monitors[at], more);
  const status = (at, more) => monitors[at] && Object.assign(monitors[at].status, more);
  set(1, {score: 22});
  set(4, {score: 14});
  status(4, {state: 'retrying', trouble: 'connection refused', sound: null, lag_s: null});
  set(2, {score: 41});
  set(6, {score: 85});
  set(8, {score: 87});
  status(8, {ladder: 'economy', lag_s: 1.4, dropped_packets: 1204});
  set(10, {paused: true, status: null});
  status(11, {state: 'connecting', input: null, sound: null});
  const pictures = madePictures();
  return {
    monitors, incidents, detectors, pictures,
    service: {version: '0.1.0', started_at: ago(now, 86_400_000 * 3), role: 'write', capacity_cores: 2, used_cores: 1.32,
      core_hour: {usd: 0.0425 / 0.7, region: 'us-east-1', date: '2026-11-29',
        source: 'https://aws.amazon.com/ec2/pricing/on-demand/ (c5.large and c6i.large, Linux, halved), of which 70 % is used'}},
    sinks: [
      {name: 'pager', state: 'delivering', trouble: null, delivered: 1203, dropped: 0, failures: 2, waiting: 0, last_delay_s: 0.041},
      {name: 'archive', state: 'retrying', trouble: 'the bucket answered 503', delivered: 1188, dropped: 0, failures: 17, waiting: 15, last_delay_s: 31.2}],
    measurements: (id, from, until, step) => madeMeasurements(incidents, id, from, until, step),
    evidence: (i) => (i.kind === 'video.corruption' ? corruptPicture() : i.kind.startsWith('audio.') ? undefined : pictures[1]),
    clip: madeClip(),
    deliveries: (i) => [{sink: 'pager', event: 'open', told_at: i.started_at, delivered_at: new Date(Date.parse(i.started_at) + 43).toISOString()},
      {sink: 'archive', event: 'open', told_at: i.started_at, delivered_at: null}],
    probe: {input: monitors[0]?.status.input, picture: pictures[3].toString('base64')},
    newMonitor: (spec) => monitor(monitors.length, Date.now(), {...spec, name: spec.name ?? spec.url}),
  };
}

// A cluster of three instances, of which one is on its way out, that watches the monitors: most pairs by one of them.
export function madeCluster(monitors) {
  const instances = ['4f2ac01d9e', '8b07de5511', 'c93e7710ab'].map((id) => `i${id}`);
  const groups = [{name: 'picture', detectors: ['freeze', 'black', 'corruption', 'levels']}, {name: 'sound', detectors: ['silence', 'loudness', 'sync']}];
  const pairs = monitors.flatMap(({id, paused}, at) => (paused ? [] : groups.map(({name}, of) =>
    ({monitor: id, group: name, instances: [instances[(at + of) % (at % 4 ? 2 : 3)]]}))));
  pairs[3].instances = [];
  pairs[6].instances = instances.slice(0, 2);
  const instance = (at, more) => ({
    id: instances[at], version: '0.2.0', state: 'live', groups: groups.map(({name}) => name), capacity_cores: 2, used_cores: 0.41,
    pairs: pairs.filter((pair) => pair.instances.includes(instances[at])).length, get seen_at() { return ago(Date.now(), 900 + 300 * at); }, ...more});
  return {
    name: 'monolens', connected: true, this_instance: instances[0], groups,
    instances: [instance(0), instance(1, {used_cores: 1.86}), instance(2, {state: 'draining', version: '0.1.0', used_cores: 0.2})], pairs,
    coverage: {
      wanted: pairs.length, covered: pairs.filter((pair) => pair.instances.length > 0).length,
      uncovered: pairs.filter((pair) => pair.instances.length === 0).length, doubled: pairs.filter((pair) => pair.instances.length > 1).length},
  };
}

// A report of `monolens check` (api/report.schema.json) on a minute of the same.
export function madeReport({monitors, pictures}, url) {
  const jpegUrl = (bytes) => `data:image/jpeg;base64,${bytes.toString('base64')}`;
  const found = (number, kind, severity, start_s, end_s, note, measures, frame, map) => ({
    id: hex(number, 16), kind, detector: kind.split('.')[1], severity, track: null, start_s, end_s, confidence: 0.98, measures,
    evidence: {frame: frame ? jpegUrl(frame) : null, note, ...(map && {map})},
  });
  const incidents = [
    found(1, 'video.color_bars', 'major', 0, 2, 'SMPTE bars fill the picture', {match_share: 0.97}, pictures[9]),
    found(2, 'video.freeze', 'critical', 12.4, 15.92, 'the picture stands still', {change_mean: 0.21}, pictures[1]),
    found(3, 'audio.silence', 'critical', 16, 19.2, 'no sound on both channels', {level_dbfs: -91.3}),
    found(4, 'video.corruption', 'major', 30.04, 31.16, 'blocks of wrong content', {area_share: 0.084}, corruptPicture(), runMap()),
    found(5, 'video.freeze', 'critical', 40.1, 42.4, 'the picture stands still', {change_mean: 0.34}, pictures[3]),
    found(6, 'av.sync', 'major', 44.5, 60, 'the sound is 184 ms late', {offset_ms: 184}, pictures[7]),
  ];
  const kinds = [...new Set(incidents.map(({kind}) => kind))];
  const seconds = (kind) => incidents.filter((i) => i.kind === kind).reduce((sum, i) => sum + i.end_s - i.start_s, 0);
  return {
    schema: 'monolens.report/1', tool: {name: 'monolens', version: '0.1.0', cpu: 'AVX2'},
    input: {...monitors[0].status.input, url, format: 'mpegts', duration_s: 60}, profile: 'full',
    detectors: detectors.map(({name}) => name), interrupted: false,
    analysed: {video_frames: 1500, audio_samples: 2_880_000, wall_s: 7.1, cpu_s: 7}, incidents,
    measures: {integrated_loudness_lufs: -23.1, loudness_range_lu: 6.4, true_peak_dbtp: -1.2, av_offset_ms: 4},
    summary: Object.fromEntries(kinds.map((kind) => [kind, {count: incidents.filter((i) => i.kind === kind).length, seconds: seconds(kind)}])),
  };
}

// The corruption's map as a report has it: runs of one level.
function runMap() {
  const {columns, rows, cells} = corruptionMap();
  const runs = [];
  for (const level of cells.map((cell) => Math.round(cell * 15))) {
    const last = runs.at(-1);
    if (last !== undefined && last >> 4 === level && (last & 15) < 15) ++runs[runs.length - 1];
    else runs.push(level << 4);
  }
  return {block: 16, columns, rows, runs: Buffer.from(runs).toString('base64')};
}
