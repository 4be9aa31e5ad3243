/** Intrinsic excitability: every neuron finds its own way to the target rate. */

import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { RegionSpec } from "../../src/brain/spec.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { measured } from "./measured.ts";
import { assertWithin, mean } from "./observe.ts";

/** Twelve noisy neurons under different currents: the first are silent by themselves, the last fire at tens of Hz. */
const CURRENTS = Array.from({ length: 12 }, (_, k) => 1.5 * k - 1);

function region(options: Partial<RegionSpec>): Brain {
  const brain = new Brain({ seed: 5 });
  brain.addRegion("n", "sensory", { neurons: CURRENTS.length, inhibitory: 0, noise: 2, ...options });
  brain.injectCurrent("n", CURRENTS);
  return brain;
}

const bias = (brain: Brain) => brain.arrays.get("region.n.excitability.bias", "f32");

/** Rate of each neuron over the next seconds, Hz. */
async function rates(brain: Brain, ms: number): Promise<number[]> {
  const before = brain.region("n").spikeCounts;
  await brain.run(ms);
  return Array.from(brain.region("n").spikeCounts, (n, k) => 1000 * (n - before[k]) / ms);
}

Deno.test("rates reach the target within 10 % from below and from above, neuron by neuron", async () => {
  for (const targetHz of [5, 12]) {
    const free = await rates(region({}), 10_000);
    assertLess(free[0], 0.5 * targetHz);
    assertLess(1.5 * targetHz, free[11]);
    const brain = region({ excitability: { targetHz, gain: 0.2, everyMs: 500 } });
    await brain.run(60_000);
    const reached = await rates(brain, 40_000);
    reached.forEach((rate, k) => assertWithin(rate, targetHz, 0.1, `target ${targetHz} Hz, neuron ${k}`));
    if (targetHz !== 5) continue;
    measured(
      "excitability",
      "largest distance from a target of 5 Hz",
      Math.max(...reached.map((r) => Math.abs(r - 5))),
      "Hz",
      import.meta,
    );
    measured("excitability", "the same without it", Math.max(...free.map((r) => Math.abs(r - 5))), "Hz", import.meta);
  }
});

Deno.test("each interval moves the bias by gain · (spikes − target · interval)", () => {
  const brain = new Brain();
  brain.addRegion("n", "sensory", {
    neurons: 3,
    inhibitory: 0,
    excitability: { targetHz: 20, gain: 0.5, everyMs: 100 },
  });
  const spikes = [0, 2, 5], expected = [0, 0, 0];
  for (let interval = 0; interval < 3; interval++) {
    for (let step = 0; step < 100; step++) {
      brain.injectSpikes("n", [0, 1, 2].filter((k) => step < 20 * spikes[k] && step % 20 === 0));
      brain.step();
    }
    const counts = brain.region("n").spikeCounts;
    spikes.forEach((n, k) => {
      assertEquals(counts[k], n * (interval + 1));
      expected[k] += 0.5 * (n - 2);
    });
    assertEquals([...bias(brain)], expected);
  }
});

Deno.test("the bias stays within its bounds", async () => {
  const brain = region({ excitability: { targetHz: 8, gain: 1, everyMs: 100, lowest: -1, highest: 2 } });
  await brain.run(20_000);
  const values = [...bias(brain)];
  assert(values.every((b) => b >= -1 && b <= 2), `${values}`);
  assertEquals([Math.min(...values), Math.max(...values)], [-1, 2]);
});

Deno.test("frozen, the bias does not move; thawed, it goes on without counting what happened meanwhile", async () => {
  const brain = region({ excitability: { targetHz: 5, gain: 0.2, everyMs: 500 } });
  await brain.run(3000);
  brain.freezePlasticity();
  const held = bias(brain).slice();
  assertLess(0.1, mean(held.map(Math.abs)));
  await brain.run(5000);
  assertEquals(bias(brain).slice(), held);
  brain.unfreezePlasticity("region:n");
  const before = brain.region("n").spikeCounts;
  await brain.run(500);
  const spikes = brain.region("n").spikeCounts.map((n, k) => n - before[k]);
  bias(brain).forEach((b, k) => assert(Math.abs(b - (held[k] + 0.2 * (spikes[k] - 2.5))) < 1e-5, `neuron ${k}`));
});

Deno.test("saved in the middle of an interval and loaded, the way to the target is the same, bit by bit", async () => {
  const whole = region({ excitability: { targetHz: 5, gain: 0.2, everyMs: 500 } });
  await whole.run(1730);
  const loaded = decodeSnapshot(encodeSnapshot(whole));
  for (const brain of [whole, loaded]) await brain.run(2000);
  assertEquals(bias(loaded), bias(whole));
  assertEquals(loaded.region("n").spikeCounts, whole.region("n").spikeCounts);
});

Deno.test("acetylcholine multiplies what excitability learns, as it does what synapses learn", async () => {
  for (const [learning, c] of [[1, 0], [1, 2], [3, 0.5]]) {
    const brain = new Brain();
    brain.addRegion("n", "sensory", {
      neurons: 3,
      inhibitory: 0,
      excitability: { targetHz: 10, gain: 0.2, everyMs: 100 },
      modulators: { acetylcholine: { learning, tauMs: 1e9 } },
    });
    brain.release("n", "acetylcholine", c);
    await brain.run(200);
    // Silent neurons are a spike short of their set point in each interval.
    const bias = brain.arrays.get("region.n.excitability.bias", "f32");
    for (const b of bias) assertAlmostEquals(b, -2 * 0.2 * (1 + learning * c), 1e-6, `learning ${learning}, c ${c}`);
  }
});
