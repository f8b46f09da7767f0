// The kinds of incident in words (src/incidents/kinds.inc), in the order in which a timeline shows them.

export const kindSummaries: Record<string, string> = {
  'video.missing': 'No pictures',
  'video.black': 'Black picture',
  'video.freeze': 'Frozen picture',
  'video.solid': 'One flat colour',
  'video.color_bars': 'Test bars',
  'video.corruption': 'Corrupt blocks',
  'video.decode_error': 'Broken video bitstream',
  'video.stutter': 'Stutter',
  'video.flash': 'Harmful flashes',
  'video.blur': 'Blurred picture',
  'video.blockiness': 'Visible coding blocks',
  'video.interlaced': 'Combing',
  'video.letterbox': 'Black borders',
  'video.levels': 'Illegal levels',
  'audio.missing': 'No sound track',
  'audio.silence': 'Silence',
  'audio.channel_missing': 'Channel missing',
  'audio.dropout': 'Sound cut out',
  'audio.clipping': 'Clipped sound',
  'audio.click': 'Clicks',
  'audio.phase': 'Opposite phase',
  'audio.hum': 'Mains hum',
  'audio.hiss': 'Hiss',
  'audio.loudness': 'Loudness off target',
  'av.sync': 'Sound out of step',
  'transport.stalled': 'Source stopped',
  'transport.gap': 'Packets missing',
  'monitor.degraded': 'Analysis reduced',
};

export const kinds = Object.keys(kindSummaries);

const place = new Map(kinds.map((kind, at) => [kind, at]));

// A kind that this page does not know is shown by its name.
export const summaryOf = (kind: string) => kindSummaries[kind] ?? kind;

export const byKind = (a: string, b: string) =>
  (place.get(a) ?? kinds.length) - (place.get(b) ?? kinds.length) || a.localeCompare(b);
