/** Maturation: what a neuron has learnt stays, and those that were not needed yet learn what is new. */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { RegionSpec } from "../../src/brain/spec.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { InputError } from "../../src/state/errors.ts";
import { measured } from "./measured.ts";

const LINES = 8, EVERY_MS = 20;

/** Lines onto neurons, by a rule that moves weights at the neuron's spikes; weights are too small to make any. */
function matures(rule: "instar" | "presynapticTrace", aPlus: number, options: Partial<RegionSpec>, neurons = 1): Brain {
  const brain = new Brain({ seed: 3 });
  brain.addRegion("line", "input", { neurons: LINES });
  brain.addRegion("n", "sensory", { neurons, inhibitory: 0, ...options });
  brain.connect("line", "n", {
    density: 1,
    weight: 5e-4,
    plasticity: {
      rule,
      aPlus,
      pairing: "nearest",
      tauPlusMs: 100_000,
      weightMax: 1e-3,
      ...rule === "presynapticTrace" && { traceTarget: 0 },
    },
  });
  return brain;
}

/** Lines of a pattern spike, then the neuron does; and an interval passes. */
async function pair(brain: Brain, pattern: number[], neuron = 0): Promise<void> {
  brain.resetTraces();
  if (pattern.length > 0) brain.injectSpikes("line", pattern);
  await brain.run(2);
  brain.injectSpikes("n", [neuron]);
  await brain.run(EVERY_MS - 2);
}

const weights = (brain: Brain) => brain.projection("line", "n").weights;
const plastic = (brain: Brain) => brain.arrays.get("region.n.maturation.plastic", "f32");

Deno.test("plasticity falls as lowest + (1 − lowest)/(1 + n/spikes)^power with the spikes learnt from, and weights change by it", async () => {
  for (const [spikes, power, lowest] of [[4, 1, 0], [2, 2, 0], [3, 0.5, 0.25]]) {
    const brain = matures("presynapticTrace", 0.01, { maturation: { spikes, power, lowest, everyMs: EVERY_MS } });
    for (let n = 0; n < 12; n++) {
      const expected = lowest + (1 - lowest) / (1 + n / spikes) ** power, before = weights(brain)[0];
      assertAlmostEquals(plastic(brain)[0], expected, 1e-6);
      await pair(brain, [0]);
      assertAlmostEquals((weights(brain)[0] - before) / 1e-3, 0.01 * expected, 2e-6);
    }
  }
});

Deno.test("at power 1 the instar's weights are the mean of all that the neuron answered to (MacQueen 1967)", async () => {
  const brain = matures("instar", 1, { maturation: { spikes: 1, everyMs: EVERY_MS } });
  const sum = new Array(LINES).fill(0);
  for (let n = 1; n <= 30; n++) {
    const pattern = Array.from({ length: LINES }, (_, k) => k).filter((k) =>
      (n * (k + 1)) % 3 === 0 || n % (k + 2) === 0
    );
    for (const line of pattern) sum[line]++;
    await pair(brain, pattern);
    weights(brain).forEach((w, k) => assertAlmostEquals(w / 1e-3, sum[k] / n, 1e-3, `line ${k} after ${n}`));
  }
});

Deno.test("a neuron that has learnt keeps it when something else comes; without maturation it forgets", async () => {
  const overlap = async (maturation: RegionSpec["maturation"]) => {
    const brain = matures("instar", 0.5, { maturation });
    const first = () => weights(brain).slice(0, 4).reduce((a, b) => a + b, 0) / 4e-3;
    for (let n = 0; n < 40; n++) await pair(brain, [0, 1, 2, 3]);
    const learnt = first();
    assertLess(0.8, learnt);
    for (let n = 0; n < 40; n++) await pair(brain, [4, 5, 6, 7]);
    return first() / learnt;
  };
  const kept = await overlap({ spikes: 4, power: 2, everyMs: EVERY_MS }), lost = await overlap(undefined);
  assertLess(0.8, kept);
  assertLess(lost, 0.001);
  measured(
    "maturation",
    "share of what was learnt first that is left after as much of a second pattern",
    kept,
    "1",
    import.meta,
  );
  measured("maturation", "the same without it", lost, "1", import.meta);
});

Deno.test("a young neuron is more excitable: it fires at a current at which a used one does not", async () => {
  const maturation = { youthCurrent: 3, spikes: 1, power: 2, everyMs: EVERY_MS };
  const brain = matures("instar", 0.1, { maturation }, 2);
  for (let n = 0; n < 10; n++) await pair(brain, [], 1);
  const before = brain.region("n").spikeCounts;
  brain.resetActivity();
  brain.injectCurrent("n", [3, 3]);
  await brain.run(100);
  const [young, used] = brain.region("n").spikeCounts.map((n, k) => n - before[k]);
  assertLess(0, young);
  assertEquals(used, 0);
});

Deno.test("excitability moves by what is left of a neuron's plasticity", async () => {
  const excitability = { targetHz: 100, gain: 0.5, everyMs: EVERY_MS };
  const brain = matures("instar", 0.1, { excitability, maturation: { spikes: 1, everyMs: EVERY_MS } }, 2);
  const bias = brain.arrays.get("region.n.excitability.bias", "f32");
  brain.injectSpikes("n", [1]);
  await brain.run(EVERY_MS);
  const [, before] = bias;
  assertEquals([...bias], [-1, -0.5]);
  brain.injectSpikes("n", [1]);
  await brain.run(EVERY_MS);
  assertAlmostEquals(bias[1] - before, -0.5 * 0.5, 1e-6, "one spike was learnt from: half is left");
  assertAlmostEquals(bias[0], -2, 1e-6);
});

Deno.test("frozen, no spike ages a neuron; thawed, those from before do not count", async () => {
  const brain = matures("instar", 0.1, { maturation: { spikes: 1, everyMs: EVERY_MS } });
  await pair(brain, [0]);
  brain.freezePlasticity();
  for (let n = 0; n < 5; n++) await pair(brain, [0]);
  assertEquals(plastic(brain)[0], 0.5);
  brain.unfreezePlasticity();
  await pair(brain, [0]);
  assertAlmostEquals(plastic(brain)[0], 1 / 3, 1e-7);
});

Deno.test("saved in the middle of an interval and loaded, a neuron matures in the same way", async () => {
  const whole = matures("instar", 0.1, { maturation: { spikes: 2, everyMs: EVERY_MS } });
  await pair(whole, [0, 3]);
  whole.injectSpikes("n", [0]);
  await whole.run(7);
  const loaded = decodeSnapshot(encodeSnapshot(whole));
  for (const brain of [whole, loaded]) {
    await brain.run(EVERY_MS);
    await pair(brain, [1]);
  }
  assert(plastic(whole)[0] < 0.5);
  assertEquals(plastic(loaded), plastic(whole));
  assertEquals(weights(loaded), weights(whole));
});

Deno.test("a newborn in a used place is young", async () => {
  const brain = matures("instar", 0.1, {
    neurons: 3,
    maxNeurons: 4,
    growth: { births: 0, deaths: 0, youthCurrent: 0, everyMs: EVERY_MS },
    maturation: { spikes: 1, youthCurrent: 2, everyMs: EVERY_MS },
  });
  const { youth, learnt } = brain.program().regions[1].mechanisms.get("maturation")!.data;
  await pair(brain, [0], 1);
  assertEquals([plastic(brain)[1], youth[1], learnt[1]], [0.5, -1, 1]);
  brain.lesion("n", [1]);
  brain.program().regions[1].mechanisms.get("growth")!.values.births = 1e6;
  await brain.run(2 * EVERY_MS);
  assertEquals(brain.region("n").alive[1], 1);
  assertEquals([plastic(brain)[1], youth[1], learnt[1]], [1, -2, 0]);
});

Deno.test("a newborn does not count the spikes that its predecessor made since the last look", async () => {
  const brain = matures("instar", 0.1, {
    neurons: 3,
    maxNeurons: 3,
    growth: { births: 0, deaths: 0, youthCurrent: 0, everyMs: EVERY_MS },
    maturation: { spikes: 1, everyMs: 5 * EVERY_MS },
    excitability: { targetHz: 0, gain: 1, everyMs: 5 * EVERY_MS },
  });
  await pair(brain, [0], 1);
  brain.lesion("n", [1]);
  brain.program().regions[1].mechanisms.get("growth")!.values.births = 1e6;
  await brain.run(4 * EVERY_MS);
  assertEquals(brain.region("n").alive[1], 1);
  assertEquals([plastic(brain)[1], brain.arrays.get("region.n.excitability.bias", "f32")[1]], [1, 0]);
});

Deno.test("rules that also learn when spikes arrive are refused: maturation would govern half of them", () => {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 2 });
  brain.addRegion("n", "sensory", { neurons: 2, maturation: {} });
  assertThrows(() => brain.connect("line", "n", { plasticity: "stdp" }), InputError, 'rule "pair" also learns');
});
