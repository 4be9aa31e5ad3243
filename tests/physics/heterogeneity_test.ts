/** Neurons that differ: parameters drawn from distributions, spread about a pattern, or set one by one. */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { RegionSpec } from "../../src/brain/spec.ts";
import { InputError } from "../../src/state/errors.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { measured } from "./measured.ts";
import { mean, runFor, spikeTrains, variance } from "./observe.ts";
import { PAPER_PATTERNS, solveNeuron } from "./reference.ts";

/** A brain of one region without connections. */
function alone(options: Partial<RegionSpec>, seed = 1): Brain {
  const brain = new Brain({ seed });
  brain.addRegion("n", "sensory", { neurons: 4000, inhibitory: 0, ...options });
  return brain;
}

const drawn = (brain: Brain, key: string) => brain.arrays.get(`neuron.${key}`, "f32");
const sd = (values: ArrayLike<number>) => Math.sqrt(variance(values));

Deno.test("parameters drawn from distributions have their mean and standard deviation", () => {
  const brain = alone({
    pattern: { a: { uniform: [0.01, 0.03] }, b: 0.2, c: { normal: [-65, 3] }, d: { normal: [8, 1.5] } },
  });
  // Standard errors of 4,000 draws: σ/63 of the mean, σ/89 of σ; five of them are allowed.
  const expected = { a: [0.02, 0.02 / Math.sqrt(12)], b: [0.2, 0], c: [-65, 3], d: [8, 1.5] };
  for (const [key, [centre, width]] of Object.entries(expected)) {
    assertAlmostEquals(mean(drawn(brain, key)), centre, 0.08 * width + 1e-6, `mean of ${key}`);
    assertAlmostEquals(sd(drawn(brain, key)), width, 0.06 * width + 1e-6, `sd of ${key}`);
  }
  const a = drawn(brain, "a");
  assert(a.every((x) => x >= Math.fround(0.01) && x <= Math.fround(0.03)));
});

Deno.test("a spread is the relative standard deviation of every parameter, or of those it names", () => {
  const { c, d } = PAPER_PATTERNS.chattering;
  const all = alone({ pattern: "chattering", spread: 0.1 }),
    some = alone({ pattern: "chattering", spread: { d: 0.3 } });
  for (const [key, value] of Object.entries(PAPER_PATTERNS.chattering)) {
    assertAlmostEquals(sd(drawn(all, key)) / Math.abs(value), 0.1, 0.006, key);
    assertAlmostEquals(mean(drawn(all, key)) / value, 1, 0.008, key);
  }
  assertEquals(sd(drawn(some, "c")), 0);
  assertEquals(drawn(some, "c")[0], c);
  assertAlmostEquals(sd(drawn(some, "d")) / d, 0.3, 0.02);
});

Deno.test("the parameters of one neuron are drawn independently of each other and of its neighbours'", () => {
  const brain = alone({ spread: 0.1 }), keys = ["a", "b", "c", "d"];
  const normed = (key: string) => {
    const values = drawn(brain, key), centre = mean(values), width = sd(values);
    return Array.from(values, (x) => (x - centre) / width);
  };
  const correlation = (x: number[], y: number[]) => mean(x.map((v, k) => v * y[k]));
  keys.forEach((key, k) => {
    const x = normed(key);
    for (const other of keys.slice(k + 1)) {
      assertLess(Math.abs(correlation(x, normed(other))), 0.08, `${key}, ${other}`);
    }
    assertLess(Math.abs(correlation(x.slice(1), x.slice(0, -1))), 0.08, `${key} of neighbours`);
  });
});

Deno.test("both populations are spread about their own patterns, differently for each seed and alike for one", () => {
  const make = (seed: number) => alone({ inhibitory: 0.5, spread: 0.1 }, seed);
  const a = drawn(make(1), "a");
  assertAlmostEquals(mean(a.subarray(0, 2000)), PAPER_PATTERNS.regularSpiking.a, 0.0004);
  assertAlmostEquals(mean(a.subarray(2000)), PAPER_PATTERNS.fastSpiking.a, 0.002);
  assertEquals(drawn(make(1), "a"), a);
  assert(drawn(make(2), "a").some((x, k) => x !== a[k]));
});

Deno.test("draws are cut at the allowed range: no neuron has a negative rate of recovery", () => {
  const brain = alone({ spread: { a: 2 } });
  const a = drawn(brain, "a"), cut = a.filter((x) => x === 0).length / a.length;
  assert(a.every((x) => x >= 0));
  assertAlmostEquals(cut, 0.3085, 0.04); // P(z < −1/2)
});

Deno.test("neurons rest at their own b: u begins at b v", () => {
  const brain = alone({ spread: { b: 0.1 } });
  const b = drawn(brain, "b"), u = drawn(brain, "u");
  b.forEach((x, k) => assertAlmostEquals(u[k], -65 * x, 1e-4));
});

Deno.test("the same current makes equal neurons fire alike and different ones at different rates", async () => {
  const rates = async (options: Partial<RegionSpec>) => {
    const brain = alone({ neurons: 200, ...options });
    brain.injectCurrent("n", 10);
    await brain.run(2000);
    return Array.from(brain.region("n").spikeCounts, (n) => n / 2);
  };
  const equal = await rates({}), different = await rates({ spread: { d: 0.3 } });
  assertEquals(sd(equal), 0);
  const relative = sd(different) / mean(different);
  assertLess(0.1, relative);
  measured(
    "spread",
    "coefficient of variation of rates across neurons at d ± 30 % (none without)",
    relative,
    "1",
    import.meta,
  );
});

Deno.test("parameters set one by one make each neuron the one that the equations have", async () => {
  const names = ["regularSpiking", "chattering", "fastSpiking", "lowThresholdSpiking"];
  const patterns = names.map((name) => PAPER_PATTERNS[name]);
  const brain = alone({ neurons: names.length });
  const list = (key: "a" | "b" | "c" | "d") => patterns.map((p) => p[key]);
  brain.region("n").setParameters({ a: list("a"), b: list("b"), c: list("c"), d: list("d") });
  brain.injectCurrent("n", 10);
  const trains = spikeTrains(await runFor(brain, 500), "n", names.length);
  names.forEach((name, k) => {
    // All neurons began at rest for the b that the region had.
    const expected = solveNeuron(patterns[k], 500, { current: () => 10 }, 1, 0.01, { v: -65, u: -65 * 0.2 }).spikes;
    assert(Math.abs(trains[k].length - expected.length) <= Math.max(1, 0.01 * expected.length), name);
    expected.slice(0, 3).forEach((t, s) => assert(t - trains[k][s] > -0.1 && t - trains[k][s] < 1.1, `${name}: ${t}`));
  });
});

Deno.test("parameters that were set survive saving, loading and cloning", async () => {
  const brain = alone({ neurons: 3 });
  brain.region("n").setParameters({ a: [0.02, 0.05, 0.1], d: [2, 4, 8] });
  brain.injectCurrent("n", 8);
  const loaded = decodeSnapshot(encodeSnapshot(brain)), clone = brain.clone();
  for (const b of [brain, loaded, clone]) await b.run(500);
  assertEquals(loaded.region("n").spikeCounts, brain.region("n").spikeCounts);
  assertEquals(clone.region("n").v, brain.region("n").v);
  assert(new Set(brain.region("n").spikeCounts).size === 3);
});

Deno.test("lists of another length, values out of range and unknown names are refused, and nothing is changed", () => {
  const brain = alone({ neurons: 3 }), region = brain.region("n"), before = Array.from(drawn(brain, "a"));
  assertThrows(() => region.setParameters({ a: [0.02, 0.02] }), InputError, "2 values of a for 3 neurons");
  assertThrows(() => region.setParameters({ a: [0.05, 0.05, 0.05], d: [1, 2, 3, 4] }), InputError, "4 values of d");
  assertThrows(() => region.setParameters({ a: [0.02, 3, 0.02] }), InputError, "a[1]");
  assertThrows(() => region.setParameters({ a: [0.02, NaN, 0.02] }), InputError, "a[1]");
  assertThrows(() => region.setParameters({ e: [1, 1, 1] } as never), InputError, '"e"');
  assertEquals(Array.from(drawn(brain, "a")), before);
  const lines = new Brain();
  lines.addRegion("lines", "input", { neurons: 1 });
  assertThrows(() => lines.region("lines").setParameters({ a: [0.02] }), InputError, "no membrane");
});

Deno.test("what is drawn is described in a way that describes itself, at the widest spread too", () => {
  for (const spread of [0, 0.1, 1, 2]) {
    // A spread that cannot be written as a distribution is refused at once, not when the brain is loaded.
    let brain: Brain;
    try {
      brain = alone({ neurons: 10, spread });
    } catch (error) {
      assert(error instanceof InputError && error.message.includes("spread"), `${error}`);
      continue;
    }
    assertEquals(Brain.fromSpec(brain.spec).spec, brain.spec);
  }
});

Deno.test("a distribution and a spread of one parameter exclude each other", () => {
  const pattern = { a: { uniform: [0.01, 0.03] as [number, number] }, b: 0.2, c: -65, d: 8 };
  assertThrows(() => alone({ pattern, spread: 0.1 }), InputError, "a is a distribution already");
});
