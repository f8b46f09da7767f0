// Pictures of a sound.

import {Fourier} from '../../model/fourier';
import type {Colours} from '../../parts/use_colours';

const width = 640;
const waveformHeight = 44;  // of a channel
const transformSize = 512;
const floorDb = -100;

export function drawWaveform(canvas: HTMLCanvasElement, sound: AudioBuffer, colours: Colours): void {
  const channels = sound.numberOfChannels;
  canvas.width = width;
  canvas.height = channels * waveformHeight;
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = colours.curve;
  for (let channel = 0; channel < channels; ++channel) {
    const middle = (channel + 0.5) * waveformHeight;
    const samples = sound.getChannelData(channel);
    for (let x = 0; x < width; ++x) {
      const part = samples.subarray((x * samples.length) / width, ((x + 1) * samples.length) / width);
      let low = 0;
      let high = 0;
      for (const sample of part) {
        if (sample < low) low = sample;
        if (sample > high) high = sample;
      }
      const scale = waveformHeight / 2 - 1;
      pen.fillRect(x, middle - high * scale - 0.5, 1, (high - low) * scale + 1);
    }
  }
}

// Time to the right, frequency upwards, from dark (floorDb) to light (full scale).
export function drawSpectrogram(canvas: HTMLCanvasElement, sound: AudioBuffer): void {
  const bins = transformSize / 2;
  canvas.width = width;
  canvas.height = bins;
  const samples = mixed(sound);
  const fourier = new Fourier(transformSize);
  const magnitudes = new Float32Array(bins);
  const image = new ImageData(width, bins);
  for (let x = 0; x < width; ++x) {
    fourier.magnitudes(samples, Math.floor((x * Math.max(0, samples.length - transformSize)) / width), magnitudes);
    for (let bin = 0; bin < bins; ++bin) {
      const db = 20 * Math.log10(magnitudes[bin]! + 1e-9);
      const level = Math.min(1, Math.max(0, 1 - db / floorDb));
      image.data.set(heat(level), ((bins - 1 - bin) * width + x) * 4);
    }
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

function mixed(sound: AudioBuffer): Float32Array {
  const sum = new Float32Array(sound.length);
  for (let channel = 0; channel < sound.numberOfChannels; ++channel) {
    sound.getChannelData(channel).forEach((sample, at) => (sum[at]! += sample / sound.numberOfChannels));
  }
  return sum;
}

// Black, violet, orange, white.
function heat(level: number): [number, number, number, number] {
  const rise = (from: number, to: number) => Math.min(255, Math.max(0, (255 * (level - from)) / (to - from)));
  return [rise(0.1, 0.6), rise(0.45, 0.95), level < 0.6 ? rise(0, 0.7) * 0.7 : rise(0.6, 1), 255];
}
