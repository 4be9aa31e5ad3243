/** Synaptic scaling: all excitatory weights of a neuron follow its distance from a target rate. */

import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { BrainSpec, PlasticitySpec } from "../../src/brain/spec.ts";
import { measured } from "./measured.ts";
import { assertWithin, mean } from "./observe.ts";

const TARGET_HZ = 10;
/** Time constants of seconds where those of cortex are hours: the fixed point is the same. */
const SCALING = { targetHz: TARGET_HZ, tauMs: 4000, tauRateMs: 2000, everyMs: 200 };

/** Forty lines and eight neurons, excitation and inhibition, static and plastic, internal and from outside. */
function network(scaling: object | undefined, plasticity?: PlasticitySpec): Brain {
  const brain = Brain.fromSpec({
    seed: 41,
    regions: [
      { name: "line", type: "input", neurons: 40 },
      {
        name: "n",
        type: "sensory",
        neurons: 10,
        noise: 2,
        connectivity: { density: 0.5, weight: { uniform: [0.5, 1.5] } },
        ...scaling && { scaling },
      },
    ],
    projections: [
      { from: "line", to: "n", name: "static", density: 0.6, weight: { uniform: [2, 4] } },
      {
        from: "line",
        to: "n",
        name: "dense",
        density: 1,
        weight: { uniform: [0.5, 1] },
        ...plasticity && { plasticity },
      },
      {
        from: "line",
        to: "n",
        name: "inhibitory",
        source: "all",
        transmitter: "gaba",
        density: 0.3,
        weight: { uniform: [0.5, 1] },
      },
    ],
  } as BrainSpec);
  return brain;
}

const drive = (brain: Brain, hz: number) => brain.stimulate("line", [1], { maxRateHz: hz });

async function rates(brain: Brain, ms: number): Promise<number[]> {
  const before = brain.region("n").spikeCounts;
  await brain.run(ms);
  return Array.from(brain.region("n").spikeCounts, (n, k) => 1000 * (n - before[k]) / ms);
}

Deno.test("after halving and after doubling the input, rates return to the target within 10 %; without scaling they do not", async () => {
  const brain = network(SCALING), free = network(undefined), course: number[] = [], unscaled: number[] = [];
  for (const hz of [20, 10, 20, 40]) {
    for (const each of [brain, free]) drive(each, hz);
    const at = mean(await rates(brain, 2000)); // right after the change
    await brain.run(40_000);
    const settled = await rates(brain, 30_000);
    assertWithin(mean(settled), TARGET_HZ, 0.1, `lines at ${hz} Hz: ${settled}`);
    settled.forEach((rate, k) => assertWithin(rate, TARGET_HZ, 0.15, `lines at ${hz} Hz, neuron ${k}`));
    if (course.length > 0) assertLess(0.2 * TARGET_HZ, Math.abs(at - TARGET_HZ), `the change to ${hz} Hz was felt`);
    course.push(mean(settled));
    unscaled.push(mean(await rates(free, 5000)));
  }
  assertLess(1.5 * unscaled[1], unscaled[0]);
  assertLess(1.5 * unscaled[2], unscaled[3]);
  measured("scaling", "rate at half of the input, target 10 Hz", course[1], "Hz", import.meta);
  measured("scaling", "rate at twice the input, target 10 Hz", course[3], "Hz", import.meta);
  measured("scaling", "rate at twice the input without it", unscaled[3], "Hz", import.meta);
});

Deno.test("ratios of a neuron's weights are kept, over all its excitatory projections; inhibition is not touched", async () => {
  const brain = network(SCALING);
  drive(brain, 10);
  const tables = () => new Map(brain.projections.map((p) => [p.name, p.synapseTable()]));
  const before = tables();
  await brain.run(20_000);
  const after = tables(), factors = new Map<number, number[]>();
  for (const name of ["static", "dense", "n->n"]) {
    const { post, weight } = before.get(name)!;
    weight.forEach((w, k) => {
      const list = factors.get(post[k]) ?? [];
      list.push(after.get(name)!.weight[k] / w);
      factors.set(post[k], list);
    });
  }
  assertEquals(factors.size, 10);
  for (const list of factors.values()) list.forEach((f) => assertWithin(f, list[0], 1e-4));
  assertLess(1.1, Math.max(...[...factors.values()].map(([f]) => f)));
  for (const name of ["inhibitory", "n-|n"]) assertEquals(after.get(name)!.weight, before.get(name)!.weight, name);
});

Deno.test("asked for, inhibition takes part the other way round", async () => {
  for (const inhibition of [0.5, 1]) {
    // One look at neurons that have been silent: e = 1 − (1 − T/τ_r exact) …
    const brain = network({ ...SCALING, tauRateMs: 1, inhibition });
    const weights = (name: string) => brain.projection(name).weights;
    const before = ["static", "inhibitory", "n-|n"].map(weights);
    brain.region("n").setParameters({ b: new Array(10).fill(-0.1) }); // out of reach of the noise
    await brain.run(200);
    assertEquals(brain.region("n").spikeCounts.reduce((a, b) => a + b), 0);
    const change = 200 / 4000; // e = 1: the rate is zero
    weights("static").forEach((w, k) => assertWithin(w, before[0][k] * (1 + change), 1e-5));
    for (const [name, old] of [["inhibitory", before[1]], ["n-|n", before[2]]] as const) {
      weights(name).forEach((w, k) => assertWithin(w, old[k] / (1 + inhibition * change), 1e-5, name));
    }
  }
});

Deno.test("each interval multiplies weights by 1 + T/τ · (target − r)/target with the averaged rate r, cut to ±1", () => {
  const brain = new Brain(), periods = [0, 100, 25, 20]; // ms between forced spikes; 0: none
  brain.addRegion("line", "input", { neurons: 1 });
  brain.addRegion("n", "sensory", {
    neurons: 4,
    inhibitory: 0,
    scaling: { targetHz: 20, tauMs: 10_000, tauRateMs: 700, everyMs: 200 },
  });
  const projection = brain.connect("line", "n", { density: 1, weight: 1 });
  const expected = [1, 1, 1, 1], rate = [20, 20, 20, 20];
  for (let step = 0; step < 4000; step++) {
    brain.injectSpikes("n", [1, 2, 3].filter((k) => step % periods[k] === 0));
    brain.step();
    if ((step + 1) % 200 !== 0) continue;
    periods.forEach((period, k) => {
      rate[k] += (1 - Math.exp(-200 / 700)) * ((period ? 1000 / period : 0) - rate[k]);
      expected[k] *= 1 + 200 / 10_000 * Math.max(-1, Math.min(1, (20 - rate[k]) / 20));
      assertAlmostEquals(projection.weights[k], expected[k], 1e-5, `neuron ${k}, step ${step}`);
    });
  }
  assert(projection.weights[0] > 1.3 && projection.weights[3] < 0.8);
});

Deno.test("plastic weights take part up to their bound, static ones without one", async () => {
  const brain = network(SCALING, { weightMax: 1.2, aPlus: 0, aMinus: 0 });
  drive(brain, 0);
  await brain.run(20_000);
  const max = Math.fround(1.2);
  assert(brain.projection("dense").weights.every((w) => w <= max));
  assertLess(0.5, brain.projection("dense").weights.filter((w) => w === max).length / 400);
  assertLess(5, Math.max(...brain.projection("static").weights));
});

Deno.test("scaling and reward work on the same weights: what is rewarded is settled before it is scaled", async () => {
  const brain = network(SCALING, { weightMax: 3, reward: { tonic: 0.5 } });
  drive(brain, 10);
  await brain.run(5000);
  const twin = brain.clone();
  for (let k = 0; k < 20; k++) {
    await brain.run(50);
    brain.projection("dense").synapseTable(); // looking changes nothing
    await twin.run(50);
  }
  assertEquals(brain.projection("dense").weights, twin.projection("dense").weights);
});

Deno.test("frozen, nothing changes: of the region, of one projection, and its rates go on being averaged", async () => {
  const brain = network(SCALING);
  drive(brain, 5);
  const weights = () => brain.projections.map((p) => p.weights);
  brain.freezePlasticity("region:n");
  const before = weights();
  await brain.run(3000);
  assertEquals(weights(), before);
  assertLess(mean(brain.arrays.get("region.n.scaling.rate", "f32")), 0.8 * TARGET_HZ);
  brain.unfreezePlasticity();
  brain.freezePlasticity("projection:static");
  await brain.run(2000);
  assertEquals(brain.projection("static").weights, before[brain.projections.findIndex((p) => p.name === "static")]);
  assert(
    brain.projection("dense").weights.some((w, k) =>
      w > 1.05 * before[brain.projections.findIndex((p) => p.name === "dense")][k]
    ),
  );
});

Deno.test("a projection onto a scaled region counts as plastic only when scaling can change it", () => {
  const brain = network(SCALING), asked = network({ ...SCALING, inhibition: 0.5 });
  assertEquals(brain.projection("static").plastic, true);
  assertEquals(brain.projection("inhibitory").plastic, false);
  assertEquals(asked.projection("inhibitory").plastic, true);
});
