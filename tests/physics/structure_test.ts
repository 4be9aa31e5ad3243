/** Synapses form between neurons that are active together, and are pruned when weak or unused; the log of structure. */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertNotEquals, assertThrows } from "@std/assert";
import { LOG_ROWS } from "../../src/biology/growth.ts";
import type { StructureValues } from "../../src/biology/structure.ts";
import { Brain } from "../../src/brain/brain.ts";
import type { ProjectionSpec } from "../../src/brain/spec.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { InputError } from "../../src/state/errors.ts";
import { differences } from "../property/differences.ts";
import { measured } from "./measured.ts";
import { pairsOf, runFor, table } from "./observe.ts";
import { assertSound, degrees } from "./sound.ts";

/** Neither forms nor prunes, unless asked to. */
const STILL = { forms: 0, prunes: 0, everyMs: 100, graceMs: 0, unusedMs: 1e9, pruneBelow: 0 };

/** Lines onto silent neurons (b out of reach), so that only forced spikes occur; pulses too weak to matter. */
function pair(structure: Partial<StructureValues>, projection: Partial<ProjectionSpec> = {}, neurons = 40): Brain {
  const brain = new Brain({ seed: 5 });
  brain.addRegion("a", "input", { neurons });
  brain.addRegion("b", "sensory", { neurons, inhibitory: 0 });
  brain.connect("a", "b", {
    density: 0.2,
    weight: { uniform: [0.01, 0.19] }, // without plasticity the unit of weights is twice the mean: 0.2
    ...projection,
    structure: { ...STILL, ...structure },
  });
  return brain;
}

Deno.test("pruning waits for the grace period, then takes the weak ones, weakest first and at most the share", async () => {
  const brain = pair({ prunes: 0.05, pruneBelow: 0.3, graceMs: 450 });
  const all = [...table(brain).weight].sort((x, y) => x - y), weak = all.filter((w) => w < Math.fround(0.3 * 0.2));
  await brain.run(499);
  assertEquals(table(brain).weight.length, all.length, "grace");
  let expected = [...all], pruned = 0;
  for (let tick = 5; tick <= 20; tick++) {
    await brain.run(tick === 5 ? 1 : 100);
    const most = Math.ceil(0.05 * expected.length), now = Math.min(most, weak.length - pruned);
    expected = expected.slice(now);
    pruned += now;
    assertEquals([...table(brain).weight].sort((x, y) => x - y), expected, `tick ${tick}`);
    assertSound(brain);
  }
  assertEquals(pruned, weak.length, "all weak ones went, and no other");
  assertEquals(brain.summary().projections[0].pruned, pruned);
  measured("structure", "weak synapses pruned, of those below the threshold", pruned / weak.length, "1", import.meta);
});

Deno.test("pruning takes synapses whose source has been silent for long, and no others", async () => {
  const brain = pair({ prunes: 1, unusedMs: 350, graceMs: 250 });
  const used = [0, 1, 2, 3, 4];
  for (let t = 0; t < 300; t += 50) {
    brain.injectSpikes("a", [...used, 7]);
    await brain.run(50);
  }
  const before = pairsOf(brain);
  await brain.run(99);
  for (let t = 0; t < 6; t++) {
    brain.injectSpikes("a", used);
    await brain.run(50);
    // Line 7 fired last at 250 ms: it is unused from 600 ms on; those that never fired, from 350 ms on.
    const kept = brain.stepCount < 400 ? null : brain.stepCount <= 699 ? [...used, 7] : used;
    if (kept && brain.stepCount >= 449) {
      const sources = new Set(table(brain).pre);
      const alive = brain.stepCount < 700 ? [...used, 7] : used;
      assertEquals([...sources].sort(), alive.filter((i) => [...before].some((p) => p.startsWith(`${i},`))).sort());
    }
  }
});

Deno.test("a synapse is not unused for longer than it exists", async () => {
  const brain = pair({ forms: 0, prunes: 1, unusedMs: 400 });
  brain.injectSpikes("a", [0]);
  await brain.run(390);
  // A synapse that forms now, of a source that fired 390 ms ago.
  const program = brain.program(), born = program.projections[0].sprouting!.structure!.born;
  born.fill(350);
  await brain.run(310);
  assertLess(100, table(brain).weight.length, "350 ms old");
  await brain.run(100);
  assertEquals(table(brain).weight.length, 0, "450 ms old");
});

Deno.test("synapses form between neurons that were active together, and between no others", async () => {
  const brain = pair({ forms: 20, windowMs: 30 }, { delay: { uniform: [1, 5] } });
  const before = pairsOf(brain), sources = [1, 5, 9, 20], targets = [0, 4, 8, 30, 39];
  await brain.run(60);
  brain.injectSpikes("a", [15, 16]); // too long ago at the tick
  brain.injectSpikes("b", [15, 16]);
  await brain.run(20);
  brain.injectSpikes("a", sources);
  brain.injectSpikes("b", targets);
  await brain.run(19);
  assertEquals(pairsOf(brain), before);
  await brain.run(1);
  const formed = [...pairsOf(brain)].filter((p) => !before.has(p)), { weight, delay } = table(brain);
  assertLess(4, formed.length);
  for (const p of formed) {
    const [i, j] = p.split(",").map(Number);
    assert(sources.includes(i) && targets.includes(j), p);
  }
  assertEquals(brain.summary().projections[0].formed, formed.length);
  assertLess(formed.length, 2 * targets.length + 1, "20/s for 0.1 s are two for each target");
  assertLess(formed.length - 1, weight.filter((w) => w === Math.fround(0.25 * 0.2)).length);
  assert(delay.every((d) => d >= 1 && d <= 5));
  assertSound(brain);
});

Deno.test("the number of synapses that form is forms · T for each active target", async () => {
  const brain = pair({ forms: 3, windowMs: 100, maxDegree: 1000 }, { density: 0 }, 200);
  const everyone = Array.from({ length: 200 }, (_, k) => k);
  for (let tick = 0; tick < 10; tick++) {
    brain.injectSpikes("a", everyone);
    brain.injectSpikes("b", everyone);
    await brain.run(100);
  }
  // 0.3 a tick and target, some drawn twice: 600 ± √(2000 · 0.21), less collisions of at most 3/200.
  const { length } = table(brain).weight;
  assertAlmostEquals(length, 600, 4 * Math.sqrt(2000 * 0.21) + 9);
  assertSound(brain);
});

Deno.test("no target gets more inputs than maxDegree, no pair two synapses, no neuron one onto itself", async () => {
  const brain = new Brain({ seed: 2 });
  brain.addRegion("n", "sensory", {
    neurons: 30,
    inhibitory: 0,
    connectivity: {
      density: 0.2,
      weight: 0.01,
      delay: { uniform: [1, 3] },
      structure: { ...STILL, forms: 100, windowMs: 100, maxDegree: 12 },
    },
  });
  for (let tick = 0; tick < 20; tick++) {
    brain.injectSpikes("n", Array.from({ length: 30 }, (_, k) => k));
    await brain.run(100);
    assertSound(brain);
  }
  const { into } = degrees(brain, "n->n");
  assertEquals([...into], new Array(30).fill(12));
});

Deno.test("where there are positions, synapses form with e^(−d²/2σ²), and delays follow from distance", async () => {
  const brain = new Brain({ seed: 3 }), n = 400, sigma = 0.4;
  const positions = { box: [2, 2] as [number, number] };
  brain.addRegion("a", "input", { neurons: n, positions });
  brain.addRegion("b", "sensory", { neurons: n, inhibitory: 0, positions });
  brain.connect("a", "b", {
    density: 0,
    weight: 0.001,
    delay: { speed: 0.1 },
    structure: { ...STILL, forms: 50, windowMs: 100, maxDegree: 1000, sigmaMm: sigma },
  });
  const everyone = Array.from({ length: n }, (_, k) => k);
  for (let tick = 0; tick < 8; tick++) {
    brain.injectSpikes("a", everyone);
    brain.injectSpikes("b", everyone);
    await brain.run(100);
  }
  const a = brain.region("a").positions!, b = brain.region("b").positions!;
  const distance = (i: number, j: number) => Math.hypot(a[3 * i] - b[3 * j], a[3 * i + 1] - b[3 * j + 1]);
  const bins = 6, width = 0.25, pairs = new Float64Array(bins), formed = new Float64Array(bins);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const bin = Math.floor(distance(i, j) / width);
      if (bin < bins) pairs[bin]++;
    }
  }
  const { pre, post, delay } = table(brain), expected = new Float64Array(bins);
  pre.forEach((i, k) => {
    const mm = distance(i, post[k]), bin = Math.floor(mm / width);
    if (bin < bins) formed[bin]++;
    assertEquals(delay[k], Math.max(1, Math.round(mm / 0.1)));
  });
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const mm = distance(i, j), bin = Math.floor(mm / width);
      if (bin < bins) expected[bin] += Math.exp(-mm * mm / (2 * sigma ** 2));
    }
  }
  // Eight ticks of five trials a target: a pair is tried 0.1 times, so few are tried twice.
  const scale = formed[0] / expected[0];
  assertAlmostEquals(scale, 0.1, 0.01);
  for (let bin = 1; bin < 5; bin++) {
    assertAlmostEquals(
      formed[bin],
      0.1 * expected[bin],
      5 * Math.sqrt(expected[bin] * 0.1) + 0.03 * formed[bin],
      `bin ${bin}`,
    );
  }
  assertLess(formed[5] / pairs[5], 0.02 * formed[0] / pairs[0]);
  assertSound(brain);
});

Deno.test("pruning synapses of weight zero changes no spike: a running simulation goes on unharmed", async () => {
  const make = (frozen: boolean) => {
    const brain = new Brain({ seed: 4 });
    brain.addRegion("line", "input", { neurons: 30 });
    brain.addRegion("n", "association", { neurons: 40, noise: 2 });
    const n = 400, list = (make: (k: number) => number) => Array.from({ length: n }, (_, k) => make(k));
    const pairs = {
      pre: list((k) => k % 30),
      post: list((k) => (7 * k + Math.floor(k / 40)) % 40),
      weight: list((k) => k % 3 === 0 ? 0 : 8),
    };
    brain.connect("line", "n", {
      pairs,
      delay: 2,
      plasticity: { aPlus: 0, aMinus: 0, weightMax: 16, reward: {} },
      structure: { ...STILL, prunes: 0.02, pruneBelow: 0.01 },
    });
    brain.stimulate("line", [1], { maxRateHz: 60 });
    if (frozen) brain.freezeStructure();
    return brain;
  };
  const [free, frozen] = [make(false), make(true)];
  const [a, b] = [await runFor(free, 3000), await runFor(frozen, 3000)];
  assertLess(100, b.spikes("n").neuron.length);
  assertEquals(a.spikes(), b.spikes());
  assertEquals([frozen, free].map((brain) => table(brain, "line->n").weight.length), [400, 266]);
});

Deno.test("plastic synapses keep their weights, eligibilities and traces when others come and go", async () => {
  const make = (structure: Partial<StructureValues>) => {
    const brain = new Brain({ seed: 6 });
    brain.addRegion("line", "input", { neurons: 20 });
    brain.addRegion("n", "sensory", { neurons: 20, inhibitory: 0 });
    brain.connect("line", "n", {
      density: 0.4,
      weight: 4,
      delay: { uniform: [1, 3] },
      plasticity: { weightMax: 8, aPlus: 0.02, aMinus: 0.01, reward: { tonic: 0.5 } },
      structure: { ...STILL, ...structure },
    });
    brain.stimulate("line", [1], { maxRateHz: 40 });
    return brain;
  };
  // New synapses of weight zero do nothing, until they have learned.
  const whole = make({}), grown = make({ forms: 30, newWeight: 0, windowMs: 1000 });
  await whole.run(100);
  await grown.run(100);
  assertSound(grown);
  const before = table(whole, "line->n"), after = table(grown, "line->n");
  assertLess(before.weight.length + 5, after.weight.length);
  const key = (t: typeof before, k: number) => `${t.pre[k]},${t.post[k]},${t.delay[k]}`;
  const found = new Map(Array.from(after.weight, (w, k) => [key(after, k), w]));
  before.weight.forEach((w, k) => assertEquals(found.get(key(before, k)), w));
  await grown.run(1900);
  const learnt = grown.arrays.get("projection.line->n.weight", "f32"),
    born = grown.arrays.get("projection.line->n.structure.born", "i32");
  assertLess(20, learnt.filter((w, k) => born[k] > 0 && w > 0.01).length, "the new ones learn too");
  assertSound(grown);
});

Deno.test("structure resumes exactly, and is the same for the same seed", async () => {
  const make = (seed: number) => {
    const brain = new Brain({ seed });
    brain.addRegion("line", "input", { neurons: 20 });
    brain.addRegion("n", "association", { neurons: 30, noise: 3, positions: { disc: 1 } });
    brain.connect("n", "n", {
      density: 0.1,
      weight: 2,
      delay: { speed: 0.5 },
      plasticity: "stdp",
      structure: { everyMs: 50, forms: 20, sigmaMm: 0.5, graceMs: 200, pruneBelow: 0.3 },
    });
    brain.connect("line", "n", {
      density: 0.3,
      weight: 6,
      plasticity: "rstdp",
      structure: { everyMs: 70, forms: 10, graceMs: 200, pruneBelow: 0.3 },
    });
    brain.stimulate("line", [1], { maxRateHz: 40 });
    return brain;
  };
  const whole = make(1), half = make(1), other = make(2);
  await whole.run(2000);
  await half.run(987);
  const resumed = decodeSnapshot(encodeSnapshot(half));
  await resumed.run(1013);
  await other.run(2000);
  assertEquals(differences(resumed, whole), []);
  assertNotEquals(pairsOf(other, "n->n"), pairsOf(whole, "n->n"));
  for (const { formed, pruned } of whole.summary().projections) assertLess(50, Math.min(formed!, pruned!));
  assertSound(whole);
});

Deno.test("frozen structure stays as it is; other projections go on", async () => {
  const brain = new Brain({ seed: 1 });
  brain.addRegion("n", "sensory", { neurons: 30, inhibitory: 0, noise: 8 });
  for (const name of ["x", "y"]) {
    brain.connect("n", "n", { name, density: 0.1, weight: 0.1, structure: { everyMs: 50, forms: 20 } });
  }
  brain.freezeStructure("projection:x");
  const before = pairsOf(brain, "x");
  await brain.run(1000);
  assertEquals(pairsOf(brain, "x"), before);
  assertLess(20, brain.summary().projections[1].formed!);
  brain.unfreezeStructure();
  await brain.run(500);
  assertNotEquals(pairsOf(brain, "x"), before);
});

Deno.test("sleep and recall hold the structure of projections that are not chosen", async () => {
  const brain = new Brain({ seed: 1 });
  brain.addRegion("n", "memory", { neurons: 30, noise: 8, memory: true });
  brain.connect("n", "n", {
    name: "x",
    density: 0.1,
    weight: 0.1,
    plasticity: "stdp",
    structure: { everyMs: 50, forms: 20 },
  });
  await brain.run(500);
  const before = table(brain, "x");
  await brain.sleep(500, { plastic: [] });
  await brain.recall("n", [0, 1], { durationMs: 200 });
  assertEquals(table(brain, "x"), before);
  await brain.sleep(500, { plastic: ["x"] });
  assertLess(before.weight.length, table(brain, "x").weight.length);
});

Deno.test("copyFrom takes over which neurons live", async () => {
  const make = () => {
    const brain = new Brain({ seed: 1 });
    brain.addRegion("n", "sensory", { neurons: 10, noise: 6 });
    return brain;
  };
  const from = make(), to = make();
  await from.run(50);
  from.lesion("n", [1, 5]);
  await to.run(20);
  to.copyFrom(from);
  await to.run(200);
  await from.run(200);
  assertEquals(differences(to, from), []);
  assertSound(to);
});

Deno.test("the structure log is bounded, covers the whole life at even intervals, and ends with the present", async () => {
  const brain = pair({ forms: 50, windowMs: 10, everyMs: 1, maxDegree: 30 }, { density: 0 }, 10);
  const everyone = Array.from({ length: 10 }, (_, k) => k), seen: number[] = [];
  for (let k = 0; k < 50; k++) {
    brain.injectSpikes("a", everyone);
    brain.injectSpikes("b", everyone);
    await brain.run(100);
    seen.push(table(brain).weight.length);
  }
  const [{ target, timeMs, count, born, died }] = brain.structureLog;
  assertEquals(target, "projection:a->b");
  assertLess(LOG_ROWS / 2 - 1, timeMs.length);
  assertLess(timeMs.length, LOG_ROWS + 1);
  const every = timeMs[1] - timeMs[0];
  assertEquals(every, 8);
  timeMs.forEach((t, k) => {
    if (k > 0) assertEquals(t - timeMs[k - 1], every);
  });
  assertEquals([timeMs[0] <= every, timeMs.at(-1)! > 5000 - every], [true, true]);
  count.forEach((n, k) => assertEquals(n, born[k] - died[k]));
  seen.forEach((n, k) => {
    const row = timeMs.findIndex((t) => t === (k + 1) * 100);
    if (row >= 0) assertEquals(count[row], n);
  });
  assertLess(50, count.at(-1)!);
});

Deno.test("the log of a region says how many live, were born, died and were lesioned", async () => {
  let brain = new Brain({ seed: 1 });
  brain.addRegion("n", "sensory", {
    neurons: 20,
    maxNeurons: 60,
    noise: 6,
    growth: { births: 40, everyMs: 100, maturationMs: 300, silentHz: 6 },
  });
  const sizes: number[] = [];
  const gone = (k: number) => k < 10 ? 0 : k < 20 ? 3 : 5;
  for (let k = 0; k < 30; k++) {
    const { alive } = brain.region("n"), living = Array.from(alive.keys()).filter((i) => alive[i] === 1);
    brain.lesion("n", living.slice(0, gone(k) - gone(k - 1)));
    if (k === 15) brain = decodeSnapshot(encodeSnapshot(brain));
    await brain.run(100);
    sizes.push(brain.region("n").neurons);
  }
  const [{ target, timeMs, count, born, died, lesioned }] = brain.structureLog;
  assertEquals([target, [...count]], ["region:n", sizes]);
  assertEquals([...timeMs], sizes.map((_, k) => 100 * (k + 1)));
  count.forEach((n, k) => assertEquals(n, 20 + born[k] - died[k] - gone(k)));
  assertEquals([...lesioned!], sizes.map((_, k) => gone(k)));
  assertLess(10, died.at(-1)!);
});

Deno.test("structure needs the sparse layout, and unknown options are refused", () => {
  const brain = new Brain();
  brain.addRegion("a", "input", { neurons: 5 });
  brain.addRegion("b", "sensory", { neurons: 5 });
  assertThrows(() => brain.connect("a", "b", { density: 1, structure: true }), InputError, "sparse");
  assertThrows(
    () => brain.connect("a", "b", { structure: { prune: 1 } as never }),
    InputError,
    'did you mean "prunes"?',
  );
  assertThrows(() => brain.freezeStructure("region:b"), InputError, "no structure there");
});

Deno.test("pruning and forming cost as much as there are synapses and active targets, not their product", () => {
  const cost = (neurons: number) => {
    const brain = new Brain();
    brain.addRegion("n", "sensory", {
      neurons,
      inhibitory: 0,
      connectivity: {
        inDegree: 10,
        weight: 0.01,
        structure: { ...STILL, everyMs: 10, forms: 20, prunes: 0.01, pruneBelow: 1 },
      },
    });
    const everyone = Array.from({ length: neurons }, (_, k) => k);
    let least = Infinity;
    for (let step = 1; step <= 60; step++) {
      if (step % 10 === 5) brain.injectSpikes("n", everyone);
      const start = performance.now();
      brain.step();
      if (step % 10 === 0) least = Math.min(least, performance.now() - start);
    }
    assertLess(0, brain.summary().projections[0].formed!);
    return least;
  };
  cost(500);
  // On a busy machine a measurement may be disturbed; all of three are not.
  const ratio = Math.min(...[1, 2, 3].map(() => cost(8000) / cost(1000)));
  assertLess(ratio, 30, "eight times as many neurons: 8 times the time, not 64");
});
