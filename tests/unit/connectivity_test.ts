/** Which neurons a rule connects, with what weights and delays. */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { type DrawnSynapses, drawSynapses, expectedSynapses } from "../../src/brain/connectivity.ts";
import { planBrain, type ProjectionPlan } from "../../src/brain/plan.ts";
import { resolveSpec } from "../../src/brain/resolve.ts";
import type { ProjectionSpec } from "../../src/brain/spec.ts";

type Options = Omit<ProjectionSpec, "from" | "to">;

/** The plan of one projection between two regions, or inside one. */
function planOf(options: Options, sources = 60, targets = 40, dt = 1): ProjectionPlan {
  const regions = [{ name: "a", type: "input" as const, neurons: sources }, {
    name: "b",
    type: "sensory" as const,
    neurons: targets,
    inhibitory: 0,
  }];
  const spec = resolveSpec({ dt, regions, projections: [{ from: "a", to: "b", ...options }] });
  return planBrain(spec).projections[0];
}

/** The plan of a projection from a region of `neurons` to itself; a quarter of it is inhibitory. */
function planInside(options: Options, neurons = 40): ProjectionPlan {
  const regions = [{ name: "a", type: "sensory" as const, neurons, inhibitory: 0.25 }];
  const spec = resolveSpec({ regions, projections: [{ from: "a", to: "a", ...options }] });
  return planBrain(spec).projections[0];
}

/** Synapses as [source neuron within its region, target, delay in steps, weight], in the order in which they are stored. */
function synapses(plan: ProjectionPlan, { rowStart, target, weight }: DrawnSynapses): number[][] {
  const list: number[][] = [], { delays } = plan;
  for (let row = 0; row + 1 < rowStart.length; row++) {
    for (let k = rowStart[row]; k < rowStart[row + 1]; k++) {
      const pre = plan.begin - plan.from.begin + Math.floor(row / delays.length);
      list.push([pre, target[k], delays[row % delays.length], weight[k]]);
    }
  }
  assertEquals(list.length, target.length, "rows hold all synapses");
  return list;
}

/** All synapses of a plan for a seed. */
function draw(plan: ProjectionPlan, seed = 0, dt = 1): number[][] {
  return synapses(plan, drawSynapses(plan, seed, dt));
}

/** How often each number below n occurs in one column. */
function degrees(list: number[][], column: number, n: number): number[] {
  const counts = new Array<number>(n).fill(0);
  for (const row of list) counts[row[column]]++;
  return counts;
}

function assertDistinct(list: number[][]): void {
  assertEquals(new Set(list.map(([pre, post]) => `${pre} ${post}`)).size, list.length, "no pair twice");
}

/** Shapes with more, fewer and as many sources as targets: [sources, targets]. */
const SHAPES = [[60, 40], [40, 60], [50, 50], [100, 10], [10, 100], [1, 30], [30, 1]];

Deno.test("a density connects as many pairs as the binomial distribution says, on average and in spread over seeds", () => {
  const seeds = 300;
  for (const [density, sources, targets] of [[0.1, 60, 40], [0.5, 40, 60], [0.93, 100, 10], [0.02, 20, 100]]) {
    const plan = planOf({ density, layout: "sparse" }, sources, targets), pairs = sources * targets;
    const counts = Array.from({ length: seeds }, (_, seed) => drawSynapses(plan, seed, 1).target.length);
    const mean = counts.reduce((a, b) => a + b) / seeds, variance = pairs * density * (1 - density);
    const what = `density ${density}, ${sources} × ${targets}`;
    assertAlmostEquals(mean, pairs * density, 4 * Math.sqrt(variance / seeds), `${what}: mean`);
    const observed = counts.reduce((sum, n) => sum + (n - mean) ** 2, 0) / (seeds - 1);
    assertAlmostEquals(observed / variance, 1, 4 * Math.sqrt(2 / seeds), `${what}: variance`);
  }
});

Deno.test("a density connects every pair with the same probability", () => {
  const seeds = 2000, density = 0.3;
  for (const [sources, targets] of [[9, 4], [4, 9], [6, 6]]) {
    const plan = planOf({ density }, sources, targets), counts = new Array<number>(sources * targets).fill(0);
    for (let seed = 0; seed < seeds; seed++) for (const [pre, post] of draw(plan, seed)) counts[pre * targets + post]++;
    const sd = Math.sqrt(seeds * density * (1 - density));
    counts.forEach((n, pair) => {
      const [pre, post] = [Math.floor(pair / targets), pair % targets];
      assertAlmostEquals(n, seeds * density, 4.5 * sd, `${sources} × ${targets}: ${pre} to ${post}`);
    });
  }
});

Deno.test("density 1 connects all pairs between regions of any sizes, density 0 none", () => {
  for (const [sources, targets] of SHAPES) {
    const all = draw(planOf({ density: 1, layout: "sparse" }, sources, targets));
    assertDistinct(all);
    assertEquals(all.length, sources * targets, `${sources} × ${targets}`);
    assertEquals(draw(planOf({ density: 0 }, sources, targets)).length, 0);
  }
});

Deno.test("an out-degree gives each source exactly so many distinct targets, for regions of any sizes", () => {
  for (const [sources, targets] of SHAPES) {
    for (const outDegree of new Set([0, 1, targets >> 1, targets])) {
      const list = draw(planOf({ outDegree }, sources, targets), 5);
      assertDistinct(list);
      assert(degrees(list, 0, sources).every((n) => n === outDegree), `${outDegree} of ${sources} × ${targets}`);
    }
  }
});

Deno.test("an in-degree gives each target exactly so many distinct sources, for regions of any sizes", () => {
  for (const [sources, targets] of SHAPES) {
    for (const inDegree of new Set([0, 1, sources >> 1, sources])) {
      const list = draw(planOf({ inDegree }, sources, targets), 5);
      assertDistinct(list);
      assert(degrees(list, 1, targets).every((n) => n === inDegree), `${inDegree} of ${sources} × ${targets}`);
    }
  }
});

Deno.test("the partners that a degree draws are evenly spread", () => {
  const seeds = 1500, degree = 4, n = 10;
  for (const [rule, column] of [["outDegree", 1], ["inDegree", 0]] as const) {
    const plan = planOf({ [rule]: degree }, n, n), counts = new Array<number>(n).fill(0);
    for (let seed = 0; seed < seeds; seed++) {
      for (const row of draw(plan, seed)) if (row[1 - column] === 3) counts[row[column]]++;
    }
    const p = degree / n, sd = Math.sqrt(seeds * p * (1 - p));
    counts.forEach((count, k) => assertAlmostEquals(count, seeds * p, 4.5 * sd, `${rule}: partner ${k}`));
  }
});

Deno.test("one-to-one connects the k-th source to the k-th target and nothing else", () => {
  const list = draw(planOf({ oneToOne: true }, 25, 25));
  assertEquals(list.map(([pre, post]) => [pre, post]), Array.from({ length: 25 }, (_, k) => [k, k]));
});

Deno.test("listed pairs are connected as listed, with their own weights and delays, also more than once", () => {
  const pairs = { pre: [3, 0, 3, 3], post: [1, 2, 1, 0], weight: [0.5, 1.5, 2.5, 3.5], delay: [7, 2, 2, 7] };
  const sorted = (list: number[][]) => list.map(String).sort();
  const expected = pairs.pre.map((pre, k) => [pre, pairs.post[k], pairs.delay[k], pairs.weight[k]]);
  assertEquals(sorted(draw(planOf({ pairs }, 4, 3))), sorted(expected));
});

Deno.test("listed pairs without weights or delays take those of the projection", () => {
  const list = draw(planOf({ pairs: { pre: [1, 0], post: [0, 1] }, weight: 0.25, delay: 3 }, 2, 2));
  assertEquals(list, [[0, 1, 3, 0.25], [1, 0, 3, 0.25]]);
});

Deno.test("no rule but a list connects a neuron to itself inside a region", () => {
  const rules: Options[] = [{ density: 0.6 }, { density: 1 }, { outDegree: 39 }, { inDegree: 29 }, { outDegree: 5 }];
  for (const rule of rules) {
    for (const source of ["excitatory", "inhibitory", "all"] as const) {
      const options = rule.inDegree && source === "inhibitory" ? { inDegree: 9 } : rule;
      const list = draw(planInside({ ...options, source }), 3);
      assert(list.length > 0);
      assertDistinct(list);
      const own = list.find(([pre, post]) => pre === post);
      assertEquals(own, undefined, `${JSON.stringify(options)}, source ${source}`);
    }
  }
});

Deno.test("inside a region density 1 leaves out the own neuron and nobody else", () => {
  for (const [source, sources] of [["excitatory", 30], ["inhibitory", 10], ["all", 40]] as const) {
    assertEquals(draw(planInside({ density: 1, source })).length, sources * 39, source);
  }
});

Deno.test("sources are those of the population that projects", () => {
  const range = (source: "excitatory" | "inhibitory" | "all") => {
    const sources = draw(planInside({ density: 0.5, source })).map(([pre]) => pre);
    return [Math.min(...sources), Math.max(...sources)];
  };
  assertEquals([range("excitatory"), range("inhibitory"), range("all")], [[0, 29], [30, 39], [0, 39]]);
});

Deno.test("rows are sorted by delay, then by target", () => {
  const list = draw(planOf({ density: 0.5, delay: { uniform: [2, 9] } }), 1);
  for (let k = 1; k < list.length; k++) {
    const [pre, post, delay] = list[k], [pre0, post0, delay0] = list[k - 1];
    const follows = pre > pre0 || (pre === pre0 && (delay > delay0 || (delay === delay0 && post > post0)));
    assert(follows, `${list[k - 1]} before ${list[k]}`);
  }
});

Deno.test("a range of delays is drawn evenly, ends included, whatever the target", () => {
  const plan = planOf({ density: 1, layout: "sparse", delay: { uniform: [2, 9] } }, 100, 100);
  const list = draw(plan, 2), counts = degrees(list, 2, 10).slice(2), n = list.length;
  assertEquals(plan.delays, [2, 3, 4, 5, 6, 7, 8, 9]);
  const chi = counts.reduce((sum, c) => sum + (c - n / 8) ** 2 / (n / 8), 0);
  assertLess(chi, 7 + 5 * Math.sqrt(14));
  const late = list.filter(([, , delay]) => delay > 5).map(([, post]) => post);
  assertAlmostEquals(late.reduce((a, b) => a + b) / late.length, 49.5, 4 * 28.9 / Math.sqrt(late.length));
});

Deno.test("delays are steps of dt, at least one", () => {
  assertEquals(planOf({ delay: 2.5 }, 4, 4, 0.5).delays, [5]);
  assertEquals(planOf({ delay: 0.1 }, 4, 4, 0.1).delays, [1]);
  assertEquals(planOf({ delay: { uniform: [0.5, 1.5] } }, 4, 4, 0.25).delays, [2, 3, 4, 5, 6]);
});

Deno.test("weights have the mean and spread of their distribution", () => {
  const weights = (weight: ProjectionSpec["weight"]) => {
    const all = draw(planOf({ density: 1, layout: "sparse", weight }, 100, 100), 3).map(([, , , w]) => w);
    const mean = all.reduce((a, b) => a + b) / all.length;
    return { all, mean, sd: Math.sqrt(all.reduce((sum, w) => sum + (w - mean) ** 2, 0) / all.length) };
  };
  const uniform = weights({ uniform: [2, 5] });
  assert(uniform.all.every((w) => w >= 2 && w <= 5));
  assertAlmostEquals(uniform.mean, 3.5, 4.5 * 0.0087);
  assertAlmostEquals(uniform.sd, 3 / Math.sqrt(12), 0.015);
  const normal = weights({ normal: [10, 2] });
  assertAlmostEquals(normal.mean, 10, 4.5 * 0.02);
  assertAlmostEquals(normal.sd, 2, 0.06);
  assert(weights(1.5).all.every((w) => w === 1.5));
});

Deno.test("a normal weight is cut at zero and never negative", () => {
  const list = draw(planOf({ density: 1, layout: "sparse", weight: { normal: [0.1, 1] } }), 3);
  assert(list.every(([, , , w]) => w >= 0));
  const cut = list.filter(([, , , w]) => w === 0).length / list.length;
  assertAlmostEquals(cut, 0.46, 0.05, "P(normal(0.1, 1) < 0)");
});

Deno.test("weights, delays and partners of one projection are independent of each other", () => {
  const list = draw(planOf({ density: 0.5, delay: { uniform: [1, 10] }, weight: { uniform: [0, 1] } }, 200, 100), 9);
  const n = list.length,
    centred = (column: number) => {
      const mean = list.reduce((sum, row) => sum + row[column], 0) / n;
      const x = list.map((row) => row[column] - mean), norm = Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));
      return x.map((v) => v / norm);
    };
  const columns = [0, 1, 2, 3].map(centred);
  for (const [a, b] of [[0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]) {
    const r = columns[a].reduce((sum, v, k) => sum + v * columns[b][k], 0);
    assertLess(Math.abs(r), 4.5 / Math.sqrt(n), `columns ${a} and ${b}`);
  }
});

Deno.test("the same seed and name give the same synapses, another seed or name gives others", () => {
  for (const rule of [{ density: 0.3 }, { outDegree: 7 }, { inDegree: 7 }]) {
    const options = { ...rule, delay: { uniform: [1, 4] as [number, number] } };
    const own = draw(planOf(options), 8);
    assertEquals(draw(planOf(options), 8), own);
    assertNotEquals(draw(planOf(options), 9), own);
    assertNotEquals(draw(planOf({ ...options, name: "other" }), 8), own);
  }
});

Deno.test("a projection's synapses do not depend on what else is in the brain", () => {
  const build = (more: boolean) => {
    const brain = new Brain({ seed: 3 });
    brain.addRegion("a", "sensory", { neurons: 30 });
    if (more) brain.addRegion("x", "sensory", { neurons: 20, connectivity: 0.2 });
    brain.addRegion("b", "sensory", { neurons: 20 });
    if (more) brain.connect("a", "x");
    return brain.connect("a", "b", { density: 0.3 }).synapseTable();
  };
  assertEquals(build(true), build(false));
});

Deno.test("expected sizes are exact for all rules but density", () => {
  const rules: Options[] = [{ outDegree: 3 }, { inDegree: 3 }, { pairs: { pre: [1, 2], post: [0, 0] } }];
  for (const rule of rules) {
    const plan = planOf(rule, 30, 20);
    assertEquals(expectedSynapses(plan), draw(plan).length, JSON.stringify(rule));
  }
  assertEquals(expectedSynapses(planOf({ oneToOne: true }, 30, 30)), 30);
  assertEquals(expectedSynapses(planOf({ density: 1 }, 30, 20)), 600);
  assertEquals(expectedSynapses(planOf({ density: 0.25 }, 30, 20)), 150);
  assertEquals(expectedSynapses(planInside({ density: 1, source: "all" }, 40)), 40 * 39);
});

Deno.test("the table of synapses counts neurons within their regions and times in ms", () => {
  const brain = new Brain({ dt: 0.5 });
  brain.addRegion("first", "sensory", { neurons: 7 });
  brain.addRegion("a", "sensory", { neurons: 8, inhibitory: 0.5 });
  brain.addRegion("b", "sensory", { neurons: 3 });
  const sparse = brain.connect("a", "b", {
    transmitter: "gaba",
    pairs: { pre: [3, 0], post: [2, 1], weight: [0.5, 0.25], delay: [4, 1.5] },
  });
  const dense = brain.connect("a", "b", { density: 1, weight: 2, delay: 3, transmitter: "gaba", name: "dense" });
  const { pre, post, weight, delay } = sparse.synapseTable();
  // The k-th inhibitory neuron of a is neuron 4 + k of the region.
  assertEquals([...pre], [4, 7]);
  assertEquals([...post], [1, 2]);
  assertEquals([...weight], [0.25, 0.5]);
  assertEquals([...delay], [1.5, 4]);
  const all = dense.synapseTable();
  assertEquals([...all.pre], [4, 4, 4, 5, 5, 5, 6, 6, 6, 7, 7, 7]);
  assertEquals([...all.post], [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
  assert(all.delay.every((ms) => ms === 3) && all.weight.every((w) => w === 2));
  assertEquals([sparse.synapses, dense.synapses], [2, 12]);
});

Deno.test("a uniform projection stores no synapses and counts all pairs but the own ones", () => {
  const brain = new Brain();
  brain.addRegion("a", "sensory", { neurons: 10, inhibitory: 0.3 });
  brain.addRegion("b", "sensory", { neurons: 4 });
  const inside = brain.connect("a", "a", { layout: "uniform", source: "all", transmitter: "gaba", weight: 1 });
  const between = brain.connect("a", "b", { layout: "uniform", weight: 1 });
  assertEquals([inside.synapses, between.synapses], [90, 28]);
  assertEquals([inside.synapseTable().pre.length, inside.weights.length], [0, 1]);
});
