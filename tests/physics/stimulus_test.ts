/** Encoders and noise: rates, regularity, latencies, tuning curves, currents, durations and variances. */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertNotEquals, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { StimulusOptions } from "../../src/brain/encode.ts";
import { gaussianNoise } from "../../kernels/stimulus.ts";
import { InputError } from "../../src/state/errors.ts";
import { normalTable, stepKey, streamKey } from "../../src/state/random.ts";
import { measured } from "./measured.ts";
import { assertWithin, coefficientOfVariation, intervals, mean, runFor, spikeTrains, variance } from "./observe.ts";

/** Spike trains of `n` input lines under a stimulus for a time. */
async function lines(
  n: number,
  values: number[],
  options: StimulusOptions,
  ms: number,
  { dt = 1, seed = 31, type = "input" as "input" | "sensory" } = {},
): Promise<number[][]> {
  const brain = new Brain({ dt, seed });
  brain.addRegion("line", type, { neurons: n, inhibitory: 0 });
  brain.stimulate("line", values, options);
  return spikeTrains(await runFor(brain, ms), "line", n);
}

Deno.test("Poisson trains have rate value × maxRateHz at any dt, also where neurons have membranes", async () => {
  for (const { dt, type } of [{ dt: 1 }, { dt: 0.5 }, { dt: 0.1 }, { dt: 1, type: "sensory" as const }]) {
    const ms = 10_000, values = [0, 0.25, 0.5, 1];
    const trains = await lines(200, values, { maxRateHz: 40 }, ms, { dt, type });
    values.forEach((value, k) => {
      const counts = trains.slice(50 * k, 50 * (k + 1)).map((train) => train.length);
      const expected = 50 * 40 * value * ms / 1000, total = counts.reduce((a, b) => a + b, 0);
      // Four standard deviations of a Poisson count.
      assert(
        Math.abs(total - expected) <= 4 * Math.sqrt(expected),
        `value ${value}, dt ${dt}: ${total}, not ${expected}`,
      );
    });
  }
});

Deno.test("the default rate at value 1 is 20 Hz", async () => {
  const trains = await lines(100, [1], {}, 5000);
  assertWithin(mean(trains.map((train) => train.length)) / 5, 20, 0.04);
});

Deno.test("Poisson trains are irregular as a Poisson process: CV near 1, counts with variance near their mean, neighbours independent", async () => {
  const trains = await lines(200, [1], { maxRateHz: 50 }, 10_000, { dt: 0.2 });
  // In steps of dt the intervals are geometric, with CV² = 1 − rate × dt.
  assertWithin(mean(trains.map((t) => coefficientOfVariation(intervals(t)))), Math.sqrt(1 - 0.01), 0.02);
  const counts = trains.flatMap((train) => {
    const windows = new Array<number>(100).fill(0);
    for (const t of train) windows[Math.floor(t / 100)]++;
    return windows;
  });
  assertWithin(variance(counts) / mean(counts), 0.99, 0.04);
  // Coincidences of neighbours, within the same step and one step apart: n T r² dt for independent trains.
  let together = 0, next = 0;
  for (let k = 0; k + 1 < trains.length; k++) {
    const steps = new Set(trains[k].map((t) => Math.round(t / 0.2)));
    for (const t of trains[k + 1]) {
      if (steps.has(Math.round(t / 0.2))) together++;
      if (steps.has(Math.round(t / 0.2) - 1)) next++;
    }
  }
  const expected = 199 * 10 * 50 * 50 * 0.0002;
  for (const found of [together, next]) assertLess(Math.abs(found - expected), 5 * Math.sqrt(expected));
});

Deno.test("regular trains have exact rates, CV near 0, and phases spread evenly", async () => {
  for (const dt of [1, 0.5]) {
    const trains = await lines(200, [1], { maxRateHz: 40, train: "regular" }, 5000, { dt });
    for (const train of trains) {
      assert(Math.abs(train.length - 200) <= 1, `${train.length} spikes`);
      assertLess(coefficientOfVariation(intervals(train)), 1e-9 + dt / 25);
      for (const gap of intervals(train)) assert(Math.abs(gap - 25) <= dt, `interval ${gap} ms`);
    }
    const phases = trains.map((train) => train[0] / 25);
    assertAlmostEquals(mean(phases), 0.5, 0.08);
    assertWithin(variance(phases), 1 / 12, 0.25);
  }
});

Deno.test("regular trains keep rates whose interval is no whole number of steps", async () => {
  for (const rate of [7, 33, 130, 610]) {
    const trains = await lines(20, [1], { maxRateHz: rate, train: "regular" }, 10_000);
    for (const train of trains) {
      assert(Math.abs(train.length - 10 * rate) <= 1, `${train.length} spikes at ${rate} Hz`);
      const gaps = intervals(train);
      assert(Math.max(...gaps) - Math.min(...gaps) <= 1, `intervals from ${Math.min(...gaps)} to ${Math.max(...gaps)}`);
    }
  }
});

Deno.test("temporal coding: a value x spikes once a period, (1 − x) × window after its start, and 0 never", async () => {
  const values = [1, 0.9, 0.5, 0.25, 0.1, 0.01, 0];
  for (const dt of [1, 0.5, 0.1]) {
    const options = { encoding: "temporal", periodMs: 80, windowMs: 40 } as const;
    const trains = await lines(values.length, values, options, 400, { dt });
    values.forEach((value, k) => {
      const latency = Math.round((1 - value) * 40 / dt) * dt;
      const expected = value === 0 ? [] : [0, 80, 160, 240, 320].map((start) => start + latency);
      assertEquals(trains[k].length, expected.length, `value ${value}, dt ${dt}`);
      trains[k].forEach((t, s) => assertAlmostEquals(t, expected[s], 1e-6, `value ${value}, dt ${dt}`));
    });
    if (dt === 1) {
      measured("stimulate", "latency of value 0.5 in temporal coding, window 40 ms", trains[2][0], "ms", import.meta);
    }
    const first = trains.slice(0, -1).map((train) => train[0]);
    for (let k = 1; k < first.length; k++) assert(first[k - 1] <= first[k]); // the larger the earlier
  }
});

Deno.test("temporal coding counts from the moment of the call, with a period of 100 and a window of 50 ms by default", async () => {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 2 });
  await brain.run(137);
  brain.stimulate("line", [1, 0.5], { encoding: "temporal" });
  const trains = spikeTrains(await runFor(brain, 250), "line", 2);
  assertEquals(trains, [[137, 237, 337], [162, 262, 362]]);
});

Deno.test("population coding: rates follow a Gaussian of the distance from each neuron's preferred value", async () => {
  const n = 20, rate = 200, seconds = 20;
  for (const [value, sigma] of [[0.5, 0.6], [0.33, 2], [0, 1], [1, 3]]) {
    const options = { encoding: "population", train: "regular", maxRateHz: rate, sigma } as const;
    const trains = await lines(n, [value], options, 1000 * seconds);
    trains.forEach((train, k) => {
      // Preferred values are (k + ½)/n; sigma counts spacings of 1/n.
      const distance = (value - (k + 0.5) / n) * n / sigma;
      const expected = rate * seconds * Math.exp(-distance * distance / 2);
      assert(Math.abs(train.length - expected) <= 1, `value ${value}, neuron ${k}: ${train.length}, not ${expected}`);
    });
  }
});

Deno.test("population coding of several values gives each an equal share of the neurons", async () => {
  const options = { encoding: "population", maxRateHz: 100 } as const;
  const trains = await lines(30, [0.05, 0.55, 0.95], options, 5000);
  const best = [0, 10, 20].map((from) => {
    const counts = trains.slice(from, from + 10).map((train) => train.length);
    return counts.indexOf(Math.max(...counts));
  });
  assertEquals(best, [0, 5, 9]);
  const [, , peak] = await lines(5, [0.5], options, 20_000);
  assertWithin(peak.length, 2000, 0.1);
});

Deno.test("fewer values than neurons drive equal shares of the region, in order", async () => {
  const trains = await lines(10, [1, 0, 1], { encoding: "temporal" }, 10);
  assertEquals(trains.map((train) => train.length), [1, 1, 1, 1, 0, 0, 0, 1, 1, 1]);
});

Deno.test("current coding is the injected current value × gain", async () => {
  const v: Float32Array[] = [];
  for (const how of ["stimulate", "inject"]) {
    const brain = new Brain();
    brain.addRegion("n", "sensory", { neurons: 4, inhibitory: 0 });
    if (how === "inject") brain.injectCurrent("n", [-2.5, 0, 2.5, 10]);
    else brain.stimulate("n", [-1, 0, 1, 4], { encoding: "current", gain: 2.5 });
    const recording = await runFor(brain, 200, { v: { n: [0, 1, 2, 3] }, spikes: true });
    assertLess(3, spikeTrains(recording, "n", 4)[3].length);
    v.push(recording.v("n").values);
  }
  assertEquals(v[0], v[1]);
});

Deno.test("injected currents and stimuli add up", async () => {
  const rest = async (inject: number, stimulate: number) => {
    const brain = new Brain();
    brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0 });
    brain.injectCurrent("n", inject);
    brain.stimulate("n", [stimulate], { encoding: "current", gain: 1 });
    await brain.run(100);
    return brain.region("n").v[0];
  };
  assertEquals(await rest(2, -5), await rest(-3, 0));
  assertNotEquals(await rest(2, -5), await rest(2, 0));
});

Deno.test("a stimulus of a given duration ends with it, whatever the encoding", async () => {
  const cases: StimulusOptions[] = [
    { encoding: "rate", maxRateHz: 500 },
    { encoding: "rate", maxRateHz: 500, train: "regular" },
    { encoding: "temporal", periodMs: 5, windowMs: 4 },
    { encoding: "population", maxRateHz: 500, sigma: 100 },
  ];
  for (const dt of [1, 0.5]) {
    for (const options of cases) {
      const trains = await lines(50, [1], { ...options, durationMs: 60 }, 200, { dt });
      const last = Math.max(...trains.flat());
      assert(last < 60 && last >= 55, `${JSON.stringify(options)}: last spike at ${last} ms`);
    }
  }
});

Deno.test("a current of 20 ms lasts exactly 20 ms", async () => {
  for (const dt of [1, 0.5]) {
    const timed = new Brain({ dt }), manual = new Brain({ dt });
    for (const brain of [timed, manual]) {
      brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0 });
      await brain.run(30 / dt);
    }
    timed.stimulate("n", [1], { encoding: "current", gain: 3, durationMs: 20 });
    manual.injectCurrent("n", 3);
    for (const brain of [timed, manual]) await brain.run(20 / dt);
    manual.injectCurrent("n", 0);
    for (const brain of [timed, manual]) await brain.run(5 / dt);
    assertEquals(timed.region("n").v, manual.region("n").v);
  }
});

Deno.test("a new stimulus replaces the old one, and clearing ends it", async () => {
  const brain = new Brain({ seed: 32 });
  brain.addRegion("line", "input", { neurons: 20 });
  brain.addRegion("other", "input", { neurons: 20 });
  const rates = async () => {
    const recording = await runFor(brain, 1000);
    return ["line", "other"].map((region) => spikeTrains(recording, region, 20).flat().length / 20);
  };
  brain.stimulate("line", [1], { maxRateHz: 100 });
  brain.stimulate("other", [1], { maxRateHz: 100 });
  for (const rate of await rates()) assertWithin(rate, 100, 0.1);
  brain.stimulate("line", [1], { maxRateHz: 10 });
  const [slow, fast] = await rates();
  assertWithin(slow, 10, 0.3);
  assertWithin(fast, 100, 0.1);
  brain.clearStimulus("line");
  const [none, still] = await rates();
  assertEquals(none, 0);
  assertWithin(still, 100, 0.1);
  brain.clearStimulus();
  assertEquals(await rates(), [0, 0]);
});

Deno.test("injected spikes come in the next step, once, from exactly the neurons named", async () => {
  for (const type of ["input", "sensory"] as const) {
    const brain = new Brain();
    brain.addRegion("n", type, { neurons: 5, inhibitory: 0 });
    await brain.run(10);
    brain.injectSpikes("n", [4, 1, 1]);
    const trains = spikeTrains(await runFor(brain, 20), "n", 5);
    assertEquals(trains, [[], [10], [], [], [10]]);
  }
});

Deno.test("the same seed gives the same spikes however the run is divided, another seed or region others", async () => {
  const trains = async (seed: number, chunks: number[]) => {
    const brain = new Brain({ seed });
    for (const name of ["a", "b"]) brain.addRegion(name, "input", { neurons: 30 });
    for (const name of ["a", "b"]) brain.stimulate(name, [1], { maxRateHz: 50 });
    const recording = brain.record({ spikes: true });
    for (const steps of chunks) await brain.run(steps);
    return ["a", "b"].map((name) => spikeTrains(recording, name, 30));
  };
  const [a, b] = await trains(33, [1000]);
  assertEquals(await trains(33, [1, 99, 300, 600]), [a, b]);
  assertNotEquals(a, b);
  assertNotEquals((await trains(34, [1000]))[0], a);
});

/**
 * Stationary v of 100 neurons without recovery (a = b = 0) held by a current where the membrane relaxes at `rate` (1/ms):
 * v′ = 0.04 (v − rest)(v − threshold), and noise of σ makes an Ornstein–Uhlenbeck process of variance σ²/(2 rate).
 */
async function noisyMembranes(dt: number, sigma: number, rate: number, ms: number): Promise<Float32Array> {
  const brain = new Brain({ dt, seed: 35 });
  const pattern = { a: 0, b: 0, c: -65, d: 0 };
  brain.addRegion("n", "sensory", { neurons: 100, inhibitory: 0, pattern, noise: sigma });
  brain.injectCurrent("n", (25 - rate * rate) / 0.16 - 140);
  await brain.run(100 / dt);
  const recording = await runFor(brain, ms, { v: { n: Array.from({ length: 100 }, (_, k) => k) } });
  return recording.v("n").values;
}

Deno.test("the variance that noise gives a membrane is σ²/(2 λ), independent of dt", async () => {
  const sigma = 0.2, rate = 0.2;
  for (const dt of [1, 0.5, 0.1]) {
    const v = await noisyMembranes(dt, sigma, rate, 2000);
    assertWithin(variance(v), sigma * sigma / (2 * rate), 0.05, `dt ${dt} ms`);
    assertAlmostEquals(mean(v), (-5 - rate) / 0.08, 0.05);
  }
});

Deno.test("the correlation of noisy membranes falls as exp(−λ t), independent of dt", async () => {
  const rate = 0.2;
  for (const dt of [1, 0.25]) {
    const v = await noisyMembranes(dt, 0.2, rate, 2000), centre = mean(v), total = variance(v);
    for (const lag of [1, 5, 10]) {
      const shift = 100 * lag / dt;
      let sum = 0;
      for (let k = 0; k + shift < v.length; k++) sum += (v[k] - centre) * (v[k + shift] - centre);
      assertAlmostEquals(sum / (v.length - shift) / total, Math.exp(-rate * lag), 0.03, `lag ${lag} ms, dt ${dt} ms`);
    }
  }
});

Deno.test("the noise of one step is Gaussian: variance, kurtosis and tails", () => {
  const input = new Float32Array(20_000), all: number[] = [], table = normalTable().map((x) => 3 * x);
  for (let step = 0; step < 20; step++) {
    input.fill(0);
    gaussianNoise(0, input.length, table, stepKey(streamKey(37, "noise"), step), input);
    for (const x of input) all.push(x / 3);
  }
  assertAlmostEquals(mean(all), 0, 0.008);
  assertAlmostEquals(variance(all), 1, 0.01);
  assertAlmostEquals(mean(all.map((x) => x ** 3)), 0, 0.03);
  assertAlmostEquals(mean(all.map((x) => x ** 4)), 3, 0.06);
  for (const [limit, share] of [[0.5, 0.3829], [1, 0.6827], [2, 0.9545], [3, 0.9973]]) {
    assertAlmostEquals(all.filter((x) => Math.abs(x) < limit).length / all.length, share, 0.003, `within ${limit} sd`);
  }
});

Deno.test("noise is independent between neurons", async () => {
  const v = await noisyMembranes(1, 0.2, 0.2, 2000), centre = mean(v), total = variance(v);
  for (const distance of [1, 2, 7]) {
    let product = 0, pairs = 0;
    for (let k = 0; k < v.length; k++) {
      if (k % 100 + distance >= 100) continue;
      product += (v[k] - centre) * (v[k + distance] - centre);
      pairs++;
    }
    assertLess(Math.abs(product / pairs / total), 0.02, `neurons ${distance} apart`);
  }
});

Deno.test("excitatory and inhibitory neurons have noise of their own size", async () => {
  const brain = new Brain({ seed: 36 });
  brain.addRegion("n", "association", { neurons: 100, inhibitory: 0.5, noise: { excitatory: 0.2, inhibitory: 0 } });
  await brain.run(1000);
  const { v } = brain.region("n");
  assertLess(0.005, variance(v.slice(0, 50)));
  assertLess(variance(v.slice(50)), 1e-9);
});

Deno.test("values that are too many, none, not finite or out of range are refused, by name", () => {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 2 });
  brain.addRegion("n", "sensory", { neurons: 2, inhibitory: 0 });
  const cases: [() => void, string][] = [
    [() => brain.stimulate("line", [1, 1, 1]), "3 values for 2 neurons"],
    [() => brain.stimulate("line", []), "0 values"],
    [() => brain.stimulate("line", [0.5, NaN]), "value 1 is NaN"],
    [() => brain.stimulate("line", [1.5]), "from 0 to 1"],
    [() => brain.stimulate("line", [-0.1]), "from 0 to 1"],
    [() => brain.stimulate("n", [Infinity], { encoding: "current" }), "Infinity"],
    [() => brain.stimulate("line", [1], { encoding: "current" }), "no membrane"],
    [() => brain.stimulate("lime", [1]), `did you mean "line"`],
    [() => brain.stimulate("line", [1], { encoding: "rat" as "rate" }), `did you mean "rate"`],
    [() => brain.stimulate("line", [1], { maxRateHz: -1 }), "maxRateHz"],
    [() => brain.injectCurrent("n", [1]), "1 values for 2 neurons"],
    [() => brain.injectCurrent("n", NaN), "NaN"],
    [() => brain.injectSpikes("n", [2]), "from 0 to 1"],
  ];
  for (const [attempt, part] of cases) assertThrows(attempt, InputError, part);
});

Deno.test("the largest rate is one spike a step", async () => {
  const brain = new Brain({ dt: 1 });
  brain.addRegion("line", "input", { neurons: 1 });
  assertThrows(() => brain.stimulate("line", [1], { maxRateHz: 1001 }), InputError, "1000 Hz");
  brain.stimulate("line", [1], { maxRateHz: 1000 });
  await brain.run(50);
  assertEquals(brain.region("line").spikeCounts[0], 50);
});
