/** Spectra and coupling of signals whose answers are known. */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { spikeCounts } from "../../src/analysis/activity.ts";
import {
  analyticSignal,
  bandPower,
  modulationIndex,
  peakFrequency,
  powerSpectrum,
} from "../../src/analysis/spectrum.ts";
import { InputError } from "../../src/state/errors.ts";
import { RandomStream } from "../../src/state/random.ts";

const signal = (n: number, at: (seconds: number) => number, sampleMs = 1) =>
  Float64Array.from({ length: n }, (_, k) => at(k * sampleMs / 1000));

/** White noise of variance 1. */
function noise(n: number): Float64Array {
  const random = new RandomStream(3, "noise");
  return Float64Array.from({ length: n }, () => (random.uniform() - 0.5) * Math.sqrt(12));
}

Deno.test("a sine's power is half its squared amplitude, at its frequency, whatever the sampling", () => {
  for (const sampleMs of [0.5, 1, 2]) {
    const spectrum = powerSpectrum(signal(20_000, (t) => 5 + 3 * Math.cos(2 * Math.PI * 37 * t), sampleMs), {
      sampleMs,
    });
    assertAlmostEquals(peakFrequency(spectrum, 1, 200), 37, 0.5);
    assertAlmostEquals(bandPower(spectrum, 30, 45), 4.5, 0.01);
    assertLess(bandPower(spectrum, 0, 20), 1e-3);
    assertAlmostEquals(spectrum.frequencyHz.at(-1)!, 500 / sampleMs);
  }
});

Deno.test("white noise has a flat spectrum whose integral is its variance", () => {
  const spectrum = powerSpectrum(noise(200_000), { sampleMs: 1, segmentMs: 256 });
  assertEquals(spectrum.power.length, 129);
  assertAlmostEquals(bandPower(spectrum, 0, 501), 1, 0.02);
  for (let hz = 50; hz < 450; hz += 100) assertAlmostEquals(bandPower(spectrum, hz, hz + 100), 0.2, 0.01);
});

Deno.test("the analytic signal of a modulated carrier has its envelope and its phase", () => {
  const { re, im } = analyticSignal(
    signal(8192, (t) => (2 + Math.cos(8 * Math.PI * t)) * Math.cos(80 * Math.PI * t)),
    1,
    [
      30,
      50,
    ],
  );
  for (let k = 1000; k < 7000; k += 37) {
    const t = k / 1000;
    assertAlmostEquals(Math.hypot(re[k], im[k]), 2 + Math.cos(8 * Math.PI * t), 0.05);
    const turn = Math.atan2(im[k], re[k]) - 80 * Math.PI * t;
    assertAlmostEquals(Math.cos(turn), 1, 0.01);
  }
});

Deno.test("the modulation index is zero without coupling, rises with depth, and its peak is at the phase that drives", () => {
  const coupled = (depth: number, lag: number) =>
    signal(20_000, (t) => {
      const theta = 2 * Math.PI * 6 * t;
      return Math.cos(theta) + (1 - depth + depth * (1 + Math.cos(theta - lag)) / 2) * Math.cos(2 * Math.PI * 40 * t);
    });
  const indices = [0, 0.25, 0.5, 0.75, 1].map((depth) => modulationIndex(coupled(depth, 0), { sampleMs: 1 }).index);
  assertLess(indices[0], 1e-4);
  for (let k = 1; k < indices.length; k++) assertLess(indices[k - 1] * 1.5, indices[k]);
  // The amplitude (1 + cos φ)/2 over 18 bins: Σ p ln(18 p) / ln 18.
  const share = Array.from({ length: 18 }, (_, k) => (1 + Math.cos(2 * Math.PI * (k + 0.5) / 18)) / 18);
  const expected = share.reduce((sum, p) => sum + p * Math.log(18 * p), 0) / Math.log(18);
  assertAlmostEquals(indices[4], expected, 0.02 * expected);
  for (const lag of [0, 1.5, -2]) {
    const { amplitude, phase } = modulationIndex(coupled(1, lag), { sampleMs: 1 });
    assertAlmostEquals(amplitude.reduce((a, b) => a + b, 0), 1, 1e-12);
    assertLess(Math.abs(phase[amplitude.indexOf(Math.max(...amplitude))] - lag), 0.4);
  }
});

Deno.test("noise has next to no coupling, and a signal without any amplitude none", () => {
  assertLess(modulationIndex(noise(60_000), { sampleMs: 1 }).index, 2e-3);
  assertEquals(modulationIndex(new Float64Array(5000), { sampleMs: 1 }).index, 0);
});

Deno.test("spikes are counted in the bins in which they lie", () => {
  const timeMs = Float64Array.of(9, 10, 10, 14.9, 15, 24.9, 25, 29);
  const counts = spikeCounts({ timeMs, neuron: new Uint32Array(8) }, 10, 28, 5);
  assertEquals(Array.from(counts), [3, 1, 1]);
  assertEquals(spikeCounts({ timeMs, neuron: new Uint32Array(8) }, 10, 10, 5).length, 0);
});

Deno.test("signals that are too short and bands out of reach are refused", () => {
  assertThrows(() => powerSpectrum(new Float64Array(100), { sampleMs: 1 }), InputError, "a segment has 1000");
  assertThrows(() => powerSpectrum(new Float64Array(100), { sampleMs: 0 }), InputError, "sampleMs is 0");
  assertThrows(
    () => modulationIndex(noise(2000), { sampleMs: 1, amplitudeHz: [400, 600] }),
    InputError,
    "from 400 to 500",
  );
  assertThrows(() => modulationIndex(noise(2000), { sampleMs: 1, phaseHz: [8, 4] }), InputError, "upper edge");
  assertThrows(() => analyticSignal([1], 1, [1, 2]), InputError, "of 1 samples");
  assertThrows(() => peakFrequency(powerSpectrum(noise(2000), { sampleMs: 1 }), 600, 700), InputError, "no frequency");
  assert(powerSpectrum(noise(1024), { sampleMs: 1 }).power.every((p) => p >= 0));
});
