/** Background: Poisson shot noise of unsimulated sources. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { poissonAmounts, poissonThresholds } from "../../src/biology/background.ts";
import { poissonNoise } from "../../kernels/stimulus.ts";
import { assertWithin, mean, variance } from "./observe.ts";
import { measured } from "./measured.ts";

const STEPS = 200, NEURONS = 1000;

/** Numbers of events of many neurons in many steps. */
function draw(lambda: number): Float32Array {
  const all = new Float32Array(STEPS * NEURONS), thresholds = poissonThresholds(lambda);
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
