/** The adaptive threshold: a current that each spike raises and time takes away. */

import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { RegionSpec } from "../../src/brain/spec.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { measured } from "./measured.ts";
import { intervals, runFor, spikeTrains } from "./observe.ts";

function alone(options: Partial<RegionSpec>, dt = 1): Brain {
  const brain = new Brain({ dt });
  brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0, pattern: "fastSpiking", ...options });
  return brain;
}

const theta = (brain: Brain) => brain.arrays.get("region.n.threshold.theta", "f32");

Deno.test("θ is Σ increment · exp(−(t − tᵢ)/τ) over the neuron's own spikes, for every dt", () => {
  for (const dt of [1, 0.5, 0.1]) {
    const brain = alone({ neurons: 2, threshold: { increment: 0.7, tauMs: 40 } }, dt);
    const at = [10, 14, 30, 31, 90]; // ms; the spike belongs to the step that begins then
    for (let step = 0; step < 200 / dt; step++) {
      if (at.some((t) => Math.round(t / dt) === step)) brain.injectSpikes("n", [1]);
      brain.step();
      const now = step * dt;
      const expected = at.filter((t) => t <= now + 1e-9).reduce((sum, t) => sum + 0.7 * Math.exp(-(now - t) / 40), 0);
      assertAlmostEquals(theta(brain)[1], expected, 1e-5, `at ${now} ms, dt ${dt}`);
      assertEquals(theta(brain)[0], 0);
    }
    assertEquals([...brain.region("n").spikeCounts], [0, at.length]);
  }
});

Deno.test("after n equal intervals θ is the geometric series increment · (1 − qⁿ)/(1 − q)", () => {
  const brain = alone({ threshold: { increment: 0.5, tauMs: 200 } }), every = 20, q = Math.exp(-every / 200);
  for (let step = 0; step < 60 * every; step++) {
    if (step % every === 0) brain.injectSpikes("n", [0]);
    brain.step();
    if (step % every !== 0) continue;
    const n = step / every + 1;
    assertAlmostEquals(theta(brain)[0], 0.5 * (1 - q ** n) / (1 - q), 1e-4, `${n} spikes`);
  }
});

Deno.test("θ acts as a current that opposes the input, whatever comes in", async () => {
  const opposed = alone({ threshold: { increment: 0, tauMs: 1e9 } }), less = alone({});
  theta(opposed)[0] = 3;
  opposed.injectCurrent("n", 12);
  less.injectCurrent("n", 9);
  const a = await runFor(opposed, 300, { v: { n: [0] } }), b = await runFor(less, 300, { v: { n: [0] } });
  a.v("n").values.forEach((v, k) => assertAlmostEquals(v, b.v("n").values[k], 0.2));
  assertEquals(opposed.region("n").spikeCounts, less.region("n").spikeCounts);
  assertLess(5, less.region("n").spikeCounts[0]);
});

Deno.test("the threshold lengthens intervals: a fast-spiking neuron, which hardly adapts by itself, does with it", async () => {
  const gaps = async (options: Partial<RegionSpec>) => {
    const brain = alone(options);
    brain.injectCurrent("n", 10);
    return intervals(spikeTrains(await runFor(brain, 1500), "n", 1)[0]);
  };
  const own = await gaps({}), adaptive = await gaps({ threshold: { increment: 0.4, tauMs: 200 } });
  const ratio = (list: number[]) => (list.at(-1)! + list.at(-2)! + list.at(-3)!) / (list[0] + list[1] + list[2]);
  assertLess(ratio(own), 1.4);
  assertLess(2 * ratio(own), ratio(adaptive));
  measured("threshold", "last intervals over first ones, fast-spiking", ratio(adaptive), "1", import.meta);
  measured("threshold", "the same without it", ratio(own), "1", import.meta);
});

Deno.test("under a constant current the rate settles where the threshold balances it", async () => {
  // Whatever the neuron, in the steady state θ averages increment · τ · rate.
  const brain = alone({ threshold: { increment: 0.2, tauMs: 300 } });
  brain.injectCurrent("n", 15);
  await brain.run(3000);
  const before = brain.region("n").spikeCounts[0];
  let sum = 0;
  for (let step = 0; step < 4000; step++) {
    brain.step();
    sum += theta(brain)[0];
  }
  const perMs = (brain.region("n").spikeCounts[0] - before) / 4000;
  // Sampled after the spike and before its decay: the sum over steps of e^(−k/τ) instead of τ.
  const area = 1 / (1 - Math.exp(-1 / 300));
  assertAlmostEquals(sum / 4000 / (0.2 * area * perMs), 1, 0.02);
});

Deno.test("frozen, θ stands still: spikes do not raise it and time does not lower it; also after saving and loading", async () => {
  const brain = alone({ threshold: { increment: 0.5, tauMs: 50 } });
  brain.injectCurrent("n", 10);
  await brain.run(200);
  const held = theta(brain)[0];
  assertLess(0.5, held);
  brain.freezePlasticity("region:n");
  await brain.run(200);
  assertEquals(theta(brain)[0], held);
  const loaded = decodeSnapshot(encodeSnapshot(brain)), spikes = brain.region("n").spikeCounts[0];
  await loaded.run(200);
  assertEquals(theta(loaded)[0], held);
  assert(loaded.region("n").spikeCounts[0] > spikes);
  loaded.injectCurrent("n", 0);
  loaded.unfreezePlasticity("region:n");
  await loaded.run(100);
  assertLess(theta(loaded)[0], held * Math.exp(-90 / 50) + 0.5 * Math.exp(-90 / 50));
});
