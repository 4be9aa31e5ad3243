/** Spectra, phases and their coupling, for the tests of rhythms: direct sums, slow and plain. */

/** Power of a signal at a frequency: |Σ x e^(−iωt)|² over a Hann window. */
export function power(signal: ArrayLike<number>, hz: number, dtMs = 1): number {
  const n = signal.length;
  let mean = 0;
  for (let k = 0; k < n; k++) mean += signal[k] / n;
  let real = 0, imaginary = 0;
  for (let k = 0; k < n; k++) {
    const angle = 2 * Math.PI * hz * k * dtMs / 1000, hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * k / (n - 1));
    real += (signal[k] - mean) * hann * Math.cos(angle);
    imaginary += (signal[k] - mean) * hann * Math.sin(angle);
  }
  return (real * real + imaginary * imaginary) / (n * n);
}

/** The frequency between two others, in steps, at which a signal has most power. */
export function peakHz(signal: ArrayLike<number>, low: number, high: number, stepHz = 0.1, dtMs = 1): number {
  let best = low, most = -1;
  for (let hz = low; hz <= high + 1e-9; hz += stepHz) {
    const here = power(signal, hz, dtMs);
    if (here > most) [best, most] = [hz, here];
  }
  return best;
}

/** Phase and amplitude of a signal around a frequency: its product with e^(−iωt), averaged over `widthMs`. */
export function demodulate(signal: ArrayLike<number>, hz: number, widthMs: number, dtMs = 1) {
  const n = signal.length, half = Math.round(widthMs / dtMs / 2);
  const kernel = Array.from(
    { length: 2 * half + 1 },
    (_, k) => 0.5 + 0.5 * Math.cos(Math.PI * (k - half) / (half + 1)),
  );
  const phase: number[] = [], amplitude: number[] = [];
  const cos = Float64Array.from({ length: n }, (_, k) => signal[k] * Math.cos(2 * Math.PI * hz * k * dtMs / 1000));
  const sin = Float64Array.from({ length: n }, (_, k) => -signal[k] * Math.sin(2 * Math.PI * hz * k * dtMs / 1000));
  for (let k = half; k < n - half; k++) {
    let real = 0, imaginary = 0;
    for (let j = -half; j <= half; j++) {
      real += kernel[j + half] * cos[k + j];
      imaginary += kernel[j + half] * sin[k + j];
    }
    amplitude.push(Math.hypot(real, imaginary));
    phase.push(Math.atan2(imaginary, real) + 2 * Math.PI * hz * k * dtMs / 1000);
  }
  return { phase, amplitude, offset: half };
}

/**
 * Modulation index (Tort et al. 2010): the divergence from a uniform distribution, over log N, of the mean amplitudes by
 * phase in N bins.
 */
export function modulationIndex(phase: number[], amplitude: number[], bins = 18): number {
  const sums = new Array<number>(bins).fill(0), counts = new Array<number>(bins).fill(0);
  phase.forEach((p, k) => {
    const bin = Math.floor(((p / (2 * Math.PI)) % 1 + 1) % 1 * bins);
    sums[bin] += amplitude[k];
    counts[bin]++;
  });
  const means = sums.map((sum, k) => sum / counts[k]), total = means.reduce((a, b) => a + b);
  return 1 + means.reduce((h, m) => h + m / total * Math.log(m / total), 0) / Math.log(bins);
}
