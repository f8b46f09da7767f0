'use strict';

// The head of a report: verdict, measures, facts.

function verdict(report, end) {
  const counts = severityCounts(report.incidents);
  const total = report.incidents.length;
  const worst = total ? counts[0][0] : 'clean';
  const box = h(
    'section',
    {class: `verdict is-${worst}`, 'aria-label': 'Verdict'},
    h('p', {class: 'headline'}, total ? count(total, 'incident') : 'No incidents'),
  );
  if (!total) {
    const detectors = report.detectors?.length;
    const watched = detectors ? `${count(detectors, 'detector')} found nothing.` : 'Nothing was found.';
    box.append(h('p', {class: 'detail'}, watched));
  } else {
    box.append(
      h(
        'div',
        {class: 'shares', 'aria-hidden': 'true'},
        counts.map(([severity, n]) => h('span', {class: `is-${severity}`, '--share': n})),
      ),
      h(
        'ul',
        {class: 'legend'},
        counts.map(([severity, n]) =>
          h('li', {class: `is-${severity}`}, h('b', {}, number(n, 0)), ` ${severity}`),
        ),
      ),
    );
    const seconds = covered(
      report.incidents.filter((i) => severityOf(i) === 'critical'),
      end,
    );
    if (seconds > 0) {
      box.append(
        h(
          'p',
          {class: 'detail'},
          `No service for ${length(seconds)}, ${percent(seconds / end, 1)} of the time.`,
        ),
      );
    }
  }
  if (report.interrupted) {
    box.append(h('p', {class: 'detail interrupted'}, 'Interrupted: this is what was analysed until then.'));
  }
  return box;
}

function statistic(name, value, unit, note) {
  return h(
    'div',
    {class: 'statistic'},
    h('dt', {}, name),
    h(
      'dd',
      {},
      value === null
        ? h('span', {class: 'unmeasured'}, 'not measured')
        : [h('span', {class: 'value'}, value), h('span', {class: 'unit'}, ` ${unit}`)],
      note ? h('span', {class: 'aside'}, note) : null,
    ),
  );
}

function momentaryRange(report) {
  const values = (report.curves?.loudness_lufs ?? []).filter(known);
  if (!values.length) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `momentary ${number(low, 1)} to ${number(high, 1)}`;
}

function statistics(report) {
  const m = report.measures ?? {};
  const shown = (value, digits) => (known(value) ? number(value, digits) : null);
  const offset = m.av_offset_ms;
  const late = known(offset) && Math.round(offset) !== 0 ? (offset > 0 ? 'sound late' : 'sound early') : null;
  return h(
    'dl',
    {class: 'statistics', 'aria-label': 'Measures'},
    statistic('Integrated loudness', shown(m.integrated_loudness_lufs, 1), 'LUFS', momentaryRange(report)),
    statistic('True peak', shown(m.true_peak_dbtp, 1), 'dBTP'),
    statistic('A/V offset', known(offset) ? (offset > 0 ? '+' : '') + number(offset, 0) : null, 'ms', late),
  );
}

function videoFact(video) {
  if (!video) return 'none';
  const parts = [
    video.codec,
    known(video.width) ? `${video.width}\u00d7${video.height}` : null,
    known(video.fps) ? `${significant(video.fps)} fps` : null,
    video.pixel_format,
  ];
  return parts.filter(Boolean).join(' \u00b7 ');
}

function audioFact(audio, tracks) {
  if (!audio) return 'none';
  const parts = [
    audio.codec,
    known(audio.sample_rate)
      ? `${number(audio.sample_rate / 1000, audio.sample_rate % 1000 ? 1 : 0)} kHz`
      : null,
    known(audio.channels) ? ({1: 'mono', 2: 'stereo'}[audio.channels] ?? `${audio.channels} channels`) : null,
    tracks > 1 ? `${tracks} tracks` : null,
  ];
  return parts.filter(Boolean).join(' \u00b7 ');
}

function facts(report) {
  const input = report.input ?? {};
  const done = report.analysed ?? {};
  const tracks = Array.isArray(input.audio_tracks) ? input.audio_tracks.length : input.audio_tracks;
  const analysed = [
    known(done.video_frames) && input.video ? count(done.video_frames, 'frame') : null,
    known(done.audio_samples) && known(input.audio?.sample_rate)
      ? `${length(done.audio_samples / input.audio.sample_rate)} of sound`
      : null,
  ];
  const speed =
    known(done.wall_s) && done.wall_s > 0 && known(input.duration_s) && !report.interrupted
      ? `${number(input.duration_s / done.wall_s, 1)}\u00d7 real time`
      : null;
  const cost = [
    known(done.wall_s) ? length(done.wall_s) : null,
    speed,
    known(done.cpu_s) ? `${length(done.cpu_s)} of CPU` : null,
  ];
  const joined = (parts) => parts.filter(Boolean).join(' \u00b7 ') || UNKNOWN;
  const rows = [
    ['Container', input.format ?? UNKNOWN],
    ['Duration', known(input.duration_s) ? clock(input.duration_s) : 'unknown'],
    ['Video', videoFact(input.video)],
    ['Audio', audioFact(input.audio, tracks)],
    ['Profile', report.profile ?? null],
    ['Detectors', report.detectors ? number(report.detectors.length, 0) : null],
    ['Took', joined(cost)],
    ['Analysed', joined(analysed)],
    [
      'Program',
      input.program === null || input.program === undefined
        ? null
        : plain(input.program?.id ?? input.program),
    ],
  ];
  return h(
    'dl',
    {class: 'facts', 'aria-label': 'Facts'},
    rows
      .filter(([, value]) => value !== null)
      .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}
