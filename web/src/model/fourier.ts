// The magnitudes of a real signal's spectrum, by an iterative fast Fourier transform of radix 2.

export class Fourier {
  private readonly reversed: Uint32Array;
  private readonly cosines: Float32Array;
  private readonly sines: Float32Array;
  private readonly window: Float32Array;
  private readonly real: Float32Array;
  private readonly imaginary: Float32Array;

  // REQUIRES: `size` is a power of two.
  constructor(readonly size: number) {
    const bits = Math.log2(size);
    this.reversed = Uint32Array.from({length: size}, (_, i) => {
      let turned = 0;
      for (let bit = 0; bit < bits; ++bit) turned |= ((i >> bit) & 1) << (bits - 1 - bit);
      return turned;
    });
    this.cosines = Float32Array.from({length: size / 2}, (_, i) => Math.cos((2 * Math.PI * i) / size));
    this.sines = Float32Array.from({length: size / 2}, (_, i) => -Math.sin((2 * Math.PI * i) / size));
    // Hann, scaled so that a sine at full scale has magnitude 1.
    this.window = Float32Array.from({length: size}, (_, i) => (2 - 2 * Math.cos((2 * Math.PI * i) / size)) / size);
    this.real = new Float32Array(size);
    this.imaginary = new Float32Array(size);
  }

  // Of the `size` samples from `from` on, to `out`, which has half as many places.
  magnitudes(samples: Float32Array, from: number, out: Float32Array): void {
    const {size, real, imaginary} = this;
    for (let i = 0; i < size; ++i) {
      real[this.reversed[i]!] = (samples[from + i] ?? 0) * this.window[i]!;
    }
    imaginary.fill(0);
    for (let length = 2; length <= size; length *= 2) this.butterflies(length);
    for (let i = 0; i < size / 2; ++i) out[i] = Math.hypot(real[i]!, imaginary[i]!);
  }

  private butterflies(length: number): void {
    const {size, real, imaginary, cosines, sines} = this;
    const half = length / 2;
    const stride = size / length;
    for (let block = 0; block < size; block += length) {
      for (let k = 0; k < half; ++k) {
        const a = block + k;
        const b = a + half;
        const c = cosines[k * stride]!;
        const s = sines[k * stride]!;
        const re = real[b]! * c - imaginary[b]! * s;
        const im = real[b]! * s + imaginary[b]! * c;
        real[b] = real[a]! - re;
        imaginary[b] = imaginary[a]! - im;
        real[a]! += re;
        imaginary[a]! += im;
      }
    }
  }
}
