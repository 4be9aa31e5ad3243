/** Background: Poisson shot noise of unsimulated sources. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { backgroundDraw, poissonAmounts, poissonThresholds } from "../../src/biology/background.ts";
import { poissonNoise, rareEvents } from "../../kernels/stimulus.ts";
import { assertWithin, mean, variance } from "./observe.ts";
import { measured } from "./measured.ts";

const STEPS = 200, NEURONS = 1000;

/** Numbers of events of many neurons in many steps. */
function draw(lambda: number): Float32Array {
  const all = new Float32Array(STEPS * NEURONS), thresholds = poissonThresholds(lambda, 16);
  for (let step = 0; step < STEPS; step++) {
    poissonNoise(
      0,
      NEURONS,
      thresholds,
      poissonAmounts(1, thresholds.length),
      7919 * step,
      all.subarray(step * NEURONS, (step + 1) * NEURONS),
    );
  }
  return all;
}

Deno.test("the numbers of events have the mean, the variance and the probabilities of a Poisson distribution", () => {
  for (const lambda of [0.01, 0.5, 1, 4, 30, 500]) {
    const events = draw(lambda), tolerance = 5 / Math.sqrt(events.length);
    assert(Math.abs(mean(events) - lambda) < tolerance * Math.sqrt(lambda), `mean ${mean(events)} of ${lambda}`);
    assertWithin(variance(events), lambda, 0.02 + 10 * tolerance / Math.sqrt(lambda), `variance of ${lambda}`);
    const none = events.filter((n) => n === 0).length / events.length, expected = Math.exp(-lambda);
    assert(
      Math.abs(none - expected) <= tolerance * Math.sqrt(expected) + 1e-9,
      `${none} without an event of ${expected}`,
    );
  }
});

Deno.test("rare events, drawn by blocks, are Poisson trains of their own too, to the last neuron of a shorter block", () => {
  for (const rateHz of [0.5, 10, 100]) {
    const { block, mean: expected } = backgroundDraw({ rateHz, weight: 1 }, 1),
      thresholds = poissonThresholds(expected, 32);
    assert(block > 1 && expected <= 4, `${block}`);
    const steps = 20_000, neurons = 150, counts = new Float32Array(neurons), lambda = rateHz / 1000;
    let none = 0, together = 0;
    for (let step = 0; step < steps; step++) {
      const events = new Float32Array(neurons);
      rareEvents(0, neurons, [[[0, neurons]], []], block, thresholds, 1, 7919 * step, events);
      events.forEach((n, i) => counts[i] += n);
      none += events[3] === 0 ? 1 : 0;
      together += events[0] * events[neurons - 1];
    }
    const all = steps * lambda;
    assertWithin(mean(counts), all, 5 / Math.sqrt(all * neurons), `mean of ${all}`);
    assertWithin(
      variance(counts),
      all,
      6 * Math.sqrt(2 / neurons),
      "variance over neurons: each has a train of its own",
    );
    assert(counts.every((n) => Math.abs(n - all) < 6 * Math.sqrt(all) + 6), "no neuron is left out");
    assert(
      Math.abs(none / steps - Math.exp(-lambda)) < 5 * Math.sqrt(lambda / steps),
      `${none / steps} without an event`,
    );
    assert(Math.abs(together / steps - lambda ** 2) < 6 * lambda / Math.sqrt(steps), "neurons do not fire together");
  }
});

Deno.test("rare events reach the living only, and do not depend on who lives", () => {
  const { block, mean: expected } = backgroundDraw({ rateHz: 100, weight: 1 }, 1);
  const draw = (living: [number, number][][]) => {
    const events = new Float32Array(100);
    for (let step = 0; step < 50; step++) {
      rareEvents(10, 90, living, block, poissonThresholds(expected, 32), 1, 31 * step, events);
    }
    return events;
  };
  const all = draw([[[10, 50]], [[50, 90]]]), some = draw([[[20, 30], [40, 50]], []]);
  assert(all.every((n, i) => (i >= 10 && i < 90) || n === 0) && all.filter((n) => n > 0).length > 60);
  assertEquals(some, all.map((n, i) => (i >= 20 && i < 30) || (i >= 40 && i < 50) ? n : 0));
});

Deno.test("a region with background fires by it, without it not, and its membranes have the variance of shot noise", async () => {
  const make = (background: { rateHz: number; weight: number } | undefined) => {
    const brain = new Brain({ seed: 3 });
    brain.addRegion("cortex", "association", { neurons: 200, ...background && { background } });
    return brain;
  };
  const [quiet, driven] = [make(undefined), make({ rateHz: 2000, weight: 1.5 })];
  for (const brain of [quiet, driven]) await brain.run(1000);
  assertEquals(quiet.summary().spikes, 0);
  const rate = driven.summary().regions[0].lifetimeRateHz;
  assert(rate > 2 && rate < 50, `${rate} Hz`);
  measured("background", "rate by 2 kHz of 1.5 mV (0 without)", rate, "Hz", import.meta);

  // Below threshold the field is the mean input: weight · rate.
  const calm = new Brain({ seed: 3 });
  calm.addRegion("cortex", "association", { neurons: 2000, field: true, background: { rateHz: 1000, weight: 0.2 } });
  const { recording } = await calm.run(200, { record: { lfp: ["cortex"] } });
  const { values } = recording!.lfp("cortex");
  assertAlmostEquals(mean(values), 0.2, 0.003);
  assertWithin(variance(values), 0.2 ** 2 / 2000, 0.4, "variance of the mean over neurons");
});

Deno.test("background does not depend on the step's length", async () => {
  const rates = await Promise.all([1, 0.5].map(async (dt) => {
    const brain = new Brain({ seed: 5, dt });
    brain.addRegion("cortex", "association", { neurons: 400, background: { rateHz: 2000, weight: 1.5 } });
    await brain.run(2000 / dt);
    return brain.summary().regions[0].lifetimeRateHz;
  }));
  assertWithin(rates[1], rates[0], 0.05, "rate at dt 0.5");
});
