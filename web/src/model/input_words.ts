// What a stream is, in a few words.

import type {Audio, Input, Video} from '../api/types';
import {isKnown, number, technical} from './format';

const known = (words: (string | null)[]) => words.filter((word) => word !== null).join(' · ');

export function sizeWords({width, height}: Video): string | null {
  return isKnown(width) && isKnown(height) ? `${width}×${height}` : null;
}

export function videoWords(video: Video | null): string {
  if (!video) return 'no video';
  const fps = isKnown(video.fps) ? `${number(video.fps, Number.isInteger(video.fps) ? 0 : 2)} fps` : null;
  return known([technical(video.codec), sizeWords(video), fps]);
}

const channelNames: Record<number, string> = {1: 'mono', 2: 'stereo', 6: '5.1', 8: '7.1'};

export function audioWords(audio: Audio | null): string {
  if (!audio) return 'no audio';
  const rate = audio.sample_rate === null ? null : `${audio.sample_rate / 1000} kHz`;
  const channels = audio.channels === null ? null : channelNames[audio.channels] ?? `${audio.channels} channels`;
  return known([technical(audio.codec), rate, channels]);
}

export function inputFacts(input: Input): [string, string][] {
  const tracks = input.audio_tracks.length;
  return [
    ['Container', technical(input.format)],
    ['Video', videoWords(input.video)],
    ['Audio', audioWords(input.audio) + (tracks > 1 ? ` · ${tracks} tracks` : '')],
    ...(input.program === null ? [] : [['Program', String(input.program)] as [string, string]]),
  ];
}
