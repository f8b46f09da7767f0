import {expect, test} from 'vitest';
import {Fourier} from '../src/model/fourier';

// The definition, of which the fast transform is a shortcut.
function slow(samples: Float32Array): number[] {
  const n = samples.length;
  return Array.from({length: n / 2}, (_, k) => {
    let [re, im] = [0, 0];
    samples.forEach((sample, t) => {
      const weight = (2 - 2 * Math.cos((2 * Math.PI * t) / n)) / n;
      re += sample * weight * Math.cos((2 * Math.PI * k * t) / n);
      im -= sample * weight * Math.sin((2 * Math.PI * k * t) / n);
    });
    return Math.hypot(re, im);
  });
}

test('agrees with the definition', () => {
  const samples = Float32Array.from({length: 64}, (_, t) => Math.sin(t * t * 0.01) - 0.3 * Math.cos(t));
  const out = new Float32Array(32);
  new Fourier(64).magnitudes(samples, 0, out);
  slow(samples).forEach((magnitude, k) => expect(out[k]).toBeCloseTo(magnitude, 5));
});

test('a sine at full scale has magnitude 1 at its own frequency', () => {
  const samples = Float32Array.from({length: 600}, (_, t) => Math.sin((2 * Math.PI * 32 * t) / 512));
  const out = new Float32Array(256);
  new Fourier(512).magnitudes(samples, 40, out);
  expect(out[32]).toBeCloseTo(1, 3);
  expect(out[100]).toBeLessThan(1e-3);
});
