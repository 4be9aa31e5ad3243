/**
 * Rhythms in a signal: its power spectrum, and how far the amplitude of a fast rhythm follows the phase of a slow one.
 */

import { checkInteger, checkKeys, checkNumber } from "../biology/parameters.ts";
import { FFT } from "../std/fft/mod.ts";
import { InputError } from "../state/errors.ts";

/** Power by frequency. */
export interface Spectrum {
  /** Frequencies from 0 to half of the sampling rate, Hz. */
  frequencyHz: Float64Array;
  /** One-sided power density, the signal's unit squared per Hz: its integral is the signal's variance. */
  power: Float64Array;
}

/** How a spectrum is taken. */
export interface SpectrumOptions {
  /** Interval between samples, ms. */
  sampleMs: number;
  /** Length of the segments that are averaged, ms (default 1000): rhythms that are 2000/segmentMs Hz apart are told apart. */
  segmentMs?: number;
}

/**
 * Power spectrum by Welch's method (Welch 1967, IEEE Trans. Audio Electroacoust. 15:70): the mean over segments that
 * overlap by half, each without its mean and under a Hann window.
 * @throws {InputError} for a signal shorter than a segment
 *
 * @example A sine of amplitude 2 has the variance 2, all of it at its frequency
 * ```ts
 * import { powerSpectrum } from "../../mod.ts";
 * const sine = Float64Array.from({ length: 10_000 }, (_, k) => 2 * Math.sin(2 * Math.PI * 40 * k / 1000));
 * const { frequencyHz, power } = powerSpectrum(sine, { sampleMs: 1 });
 * const peak = power.indexOf(Math.max(...power));
 * console.assert(Math.abs(frequencyHz[peak] - 40) < 0.5);
 * ```
 */
export function powerSpectrum(signal: ArrayLike<number>, options: SpectrumOptions): Spectrum {
  const what = "Cannot take a spectrum";
  checkKeys(what, options as unknown, ["sampleMs", "segmentMs"]);
  const sampleMs = checkNumber(`${what}: sampleMs`, options.sampleMs, 1e-6, 1e9, "ms");
  const segmentMs = checkNumber(`${what}: segmentMs`, options.segmentMs ?? 1000, 4 * sampleMs, 1e12, "ms");
  const length = Math.round(segmentMs / sampleMs), n = powerOfTwo(length);
  if (signal.length < length) {
    throw new InputError(`${what}: ${signal.length} samples; a segment has ${length}, give more or shorten segmentMs`);
  }
  const fft = new FFT(n), spectrum = new Float64Array(2 * n), power = new Float64Array(n / 2 + 1);
  const hann = Float64Array.from({ length }, (_, k) => 0.5 - 0.5 * Math.cos(2 * Math.PI * k / length));
  const density = 2 * sampleMs / 1000 / hann.reduce((sum, x) => sum + x * x, 0); // both sides of the spectrum
  const piece = new Float64Array(n); // beyond the segment: zeros
  let segments = 0;
  for (let from = 0; from + length <= signal.length; from += length >> 1, segments++) {
    let mean = 0;
    for (let k = 0; k < length; k++) mean += signal[from + k] / length;
    for (let k = 0; k < length; k++) piece[k] = (signal[from + k] - mean) * hann[k];
    fft.realTransform(spectrum, piece);
    for (let k = 0; k <= n / 2; k++) power[k] += density * (spectrum[2 * k] ** 2 + spectrum[2 * k + 1] ** 2);
  }
  const edge = (k: number) => k === 0 || k === n / 2 ? 0.5 : 1;
  return {
    frequencyHz: Float64Array.from(power, (_, k) => k * 1000 / (n * sampleMs)),
    power: power.map((p, k) => p * edge(k) / segments),
  };
}

/** Power between two frequencies: the part of the variance that lies there. */
export function bandPower({ frequencyHz, power }: Spectrum, lowHz: number, highHz: number): number {
  const width = frequencyHz[1] - frequencyHz[0];
  return power.reduce((sum, p, k) => frequencyHz[k] >= lowHz && frequencyHz[k] < highHz ? sum + p * width : sum, 0);
}

/** Frequency between two others at which the power is largest, Hz. */
export function peakFrequency({ frequencyHz, power }: Spectrum, lowHz: number, highHz: number): number {
  let best = -1;
  for (let k = 0; k < power.length; k++) {
    if (frequencyHz[k] >= lowHz && frequencyHz[k] <= highHz && (best < 0 || power[k] > power[best])) best = k;
  }
  if (best < 0) throw new InputError(`Cannot find a peak: no frequency lies between ${lowHz} and ${highHz} Hz`);
  return frequencyHz[best];
}

/** Bands between which coupling is measured. */
export interface ModulationOptions {
  /** Interval between samples, ms. */
  sampleMs: number;
  /** Band whose phase leads, Hz (default theta, 4 to 8). */
  phaseHz?: [low: number, high: number];
  /** Band whose amplitude follows, Hz (default gamma, 30 to 50); it must be wide enough to hold the slow rhythm on both sides. */
  amplitudeHz?: [low: number, high: number];
  /** Bins of phase (default 18, of 20° each). */
  bins?: number;
}

/** Coupling of an amplitude to a phase. */
export interface Modulation {
  /** 0: the amplitude is the same at all phases; 1: all of it lies in one bin. */
  index: number;
  /** Middle of each bin, radians from −π to π; 0 is the peak of the slow rhythm. */
  phase: Float64Array;
  /** Share of the mean amplitude in each bin; together 1. */
  amplitude: Float64Array;
}

/**
 * Modulation index (Tort, Komorowski, Eichenbaum & Kopell 2010, J. Neurophysiol. 104:1195): the Kullback-Leibler
 * distance of the amplitude's distribution over phases from the uniform one, over its largest value. Phase and amplitude
 * are those of the analytic signals of the two bands.
 * @throws {InputError} for bands that are not within 0 and half of the sampling rate
 */
export function modulationIndex(signal: ArrayLike<number>, options: ModulationOptions): Modulation {
  const what = "Cannot measure modulation";
  checkKeys(what, options as unknown, ["sampleMs", "phaseHz", "amplitudeHz", "bins"]);
  const { phaseHz = [4, 8], amplitudeHz = [30, 50], bins = 18 } = options;
  const sampleMs = checkNumber(`${what}: sampleMs`, options.sampleMs, 1e-6, 1e9, "ms");
  checkInteger(`${what}: bins`, bins, 2, 1000);
  const slow = analyticSignal(signal, sampleMs, phaseHz), fast = analyticSignal(signal, sampleMs, amplitudeHz);
  const sum = new Float64Array(bins), count = new Float64Array(bins);
  // The ends of a filtered signal are not to be trusted: one slow cycle is left out on both sides.
  const margin = Math.min(Math.floor(signal.length / 4), Math.ceil(1000 / phaseHz[0] / sampleMs));
  for (let k = margin; k < signal.length - margin; k++) {
    const phase = Math.atan2(slow.im[k], slow.re[k]);
    const bin = Math.min(bins - 1, Math.floor((phase + Math.PI) / (2 * Math.PI) * bins));
    sum[bin] += Math.hypot(fast.re[k], fast.im[k]);
    count[bin]++;
  }
  const mean = sum.map((s, k) => count[k] > 0 ? s / count[k] : 0), all = mean.reduce((a, b) => a + b, 0);
  const amplitude = mean.map((m) => all > 0 ? m / all : 1 / bins);
  const distance = amplitude.reduce((d, p) => p > 0 ? d + p * Math.log(p * bins) : d, 0);
  return {
    index: Math.max(0, distance / Math.log(bins)),
    phase: Float64Array.from({ length: bins }, (_, k) => -Math.PI + 2 * Math.PI * (k + 0.5) / bins),
    amplitude,
  };
}

/**
 * A band of a signal with its Hilbert transform: the real part is the band, length and angle of the complex number are
 * its amplitude and phase. Frequencies outside the band are taken out in the spectrum of the whole signal.
 * @throws {InputError} for a band that is not within 0 and half of the sampling rate, or an empty signal
 */
export function analyticSignal(
  signal: ArrayLike<number>,
  sampleMs: number,
  [lowHz, highHz]: readonly [low: number, high: number],
): { re: Float64Array; im: Float64Array } {
  const what = "Cannot filter a signal", length = signal.length;
  if (length < 2) throw new InputError(`${what} of ${length} samples; give at least 2`);
  checkNumber(`${what}: lower edge of the band`, lowHz, 0, 500 / sampleMs, "Hz");
  checkNumber(`${what}: upper edge of the band`, highHz, lowHz, 500 / sampleMs, "Hz");
  const n = powerOfTwo(length), fft = new FFT(n), data = new Float64Array(2 * n), spectrum = new Float64Array(2 * n);
  let mean = 0;
  for (let k = 0; k < length; k++) mean += signal[k] / length;
  for (let k = 0; k < length; k++) data[2 * k] = signal[k] - mean;
  fft.transform(spectrum, data);
  for (let k = 0; k < n; k++) {
    const hz = k * 1000 / (n * sampleMs), kept = k > 0 && k < n / 2 && hz >= lowHz && hz <= highHz ? 2 : 0;
    spectrum[2 * k] *= kept;
    spectrum[2 * k + 1] *= kept;
  }
  fft.inverseTransform(data, spectrum);
  const part = (offset: number) => Float64Array.from({ length }, (_, k) => data[2 * k + offset]);
  return { re: part(0), im: part(1) };
}

/** The smallest power of two that is not below a number, at least 4. */
function powerOfTwo(least: number): number {
  return Math.max(4, 2 ** Math.ceil(Math.log2(least) - 1e-9));
}
