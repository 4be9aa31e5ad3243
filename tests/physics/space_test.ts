/** Space: where neurons lie, what connects by distance, and how long a spike takes. */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import type { PositionsSpec } from "../../src/biology/space.ts";
import { Brain } from "../../src/brain/brain.ts";
import type { ProjectionSpec, RegionSpec } from "../../src/brain/spec.ts";
import { InputError } from "../../src/state/errors.ts";
import { measured } from "./measured.ts";
import { assertWithin, mean, runFor, spikeTrains, variance } from "./observe.ts";

/** A brain of regions with positions. */
function brainOf(regions: Record<string, Partial<RegionSpec>>, seed = 1, dt = 1): Brain {
  const brain = new Brain({ seed, dt });
  for (const [name, options] of Object.entries(regions)) {
    brain.addRegion(name, "sensory", { neurons: 100, inhibitory: 0, ...options });
  }
  return brain;
}

/** Coordinates of a region's neurons. */
function points(brain: Brain, name = "n"): number[][] {
  const list = brain.region(name).positions!;
  return Array.from({ length: list.length / 3 }, (_, k) => [...list.subarray(3 * k, 3 * k + 3)]);
}

const positioned = (positions: PositionsSpec, neurons = 100, seed = 1) => brainOf({ n: { neurons, positions } }, seed);
const distance = (a: number[], b: number[]) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

Deno.test("a grid is filled row by row, spacing apart, from its place on", () => {
  const found = points(positioned({ grid: [4, 3], spacing: 0.5, at: [10, -2, 1] }, 11));
  assertEquals(found, Array.from({ length: 11 }, (_, k) => [10 + 0.5 * (k % 4), -2 + 0.5 * Math.floor(k / 4), 1]));
  assertEquals(points(positioned({ grid: [5, 1] }, 3)), [[0, 0, 0], [1, 0, 0], [2, 0, 0]]);
});

Deno.test("excitatory and inhibitory neurons each begin at the first place of the grid", () => {
  const found = points(brainOf({ n: { neurons: 10, inhibitory: 0.4, positions: { grid: [3, 2] } } }));
  assertEquals(found.slice(6), found.slice(0, 4));
});

Deno.test("a box is filled uniformly: bounds, means and variances of every axis", () => {
  for (const sides of [[4, 2], [1, 3, 6]] as ([number, number] | [number, number, number])[]) {
    const found = points(positioned({ box: sides, at: [5, 0, -1] }, 4000));
    [5, 0, -1].forEach((centre, axis) => {
      const side = sides[axis] ?? 0, along = found.map((p) => p[axis]);
      assert(along.every((x) => Math.abs(x - centre) <= side / 2 + 1e-6));
      assertAlmostEquals(mean(along), centre, 0.03 * side + 1e-9);
      assertAlmostEquals(variance(along), side * side / 12, 0.06 * side * side / 12 + 1e-9);
    });
    const [x, y] = [0, 1].map((axis) => found.map((p) => p[axis]));
    const covariance = mean(x.map((v, k) => (v - mean(x)) * (y[k] - mean(y))));
    assertLess(Math.abs(covariance), 0.05 * Math.sqrt(variance(x) * variance(y)));
  }
});

Deno.test("a disc is filled uniformly: half of its neurons lie within r/√2, in every direction alike", () => {
  const found = points(positioned({ disc: 3, at: [1, 1] }, 4000)), radii = found.map((p) => distance(p, [1, 1, 0]));
  assertLess(Math.max(...radii), 3 + 1e-5);
  for (const share of [0.1, 0.5, 0.9]) {
    assertAlmostEquals(radii.filter((r) => r < 3 * Math.sqrt(share)).length / 4000, share, 0.03);
  }
  for (const [sx, sy] of [[1, 1], [1, -1], [-1, 1], [-1, -1]]) {
    assertAlmostEquals(found.filter(([x, y]) => sx * (x - 1) > 0 && sy * (y - 1) > 0).length / 4000, 0.25, 0.03);
  }
});

Deno.test("points are where the list says, and positions follow the seed", () => {
  const list = [[0, 1], [2, 3, 4], [-1, 0]];
  assertEquals(points(positioned({ points: list, at: [1, 1, 1] }, 3)), [[1, 2, 1], [3, 4, 5], [0, 1, 1]]);
  const box = { box: [1, 1] as [number, number] };
  assertEquals(points(positioned(box)), points(positioned(box)));
  assert(points(positioned(box))[0][0] !== points(positioned(box, 100, 2))[0][0]);
  assertEquals(brainOf({ n: {} }).region("n").positions, undefined);
});

/** Pairs of neurons by distance: how many there are, and how many are connected. */
function byDistance(connect: Omit<ProjectionSpec, "from" | "to">, width: number, same = false) {
  const neurons = 700;
  const brain = brainOf({
    a: { neurons, positions: { box: [4, 4] } },
    b: { neurons, positions: { disc: 2, at: [0.3, 0] } },
  });
  const projection = brain.connect("a", same ? "a" : "b", connect);
  const [a, b] = [points(brain, "a"), points(brain, same ? "a" : "b")];
  const pairs: number[] = [], connected: number[] = [];
  const bin = (i: number, j: number) => Math.floor(distance(a[i], b[j]) / width);
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < neurons; j++) if (!same || i !== j) pairs[bin(i, j)] = (pairs[bin(i, j)] ?? 0) + 1;
  }
  const { pre, post } = projection.synapseTable();
  pre.forEach((i, k) => connected[bin(i, post[k])] = (connected[bin(i, post[k])] ?? 0) + 1);
  assertEquals(new Set(Array.from(pre, (i, k) => i * neurons + post[k])).size, pre.length, "no pair twice");
  if (same) assert(pre.every((i, k) => i !== post[k]), "none with itself");
  return Array.from(pairs, (n, k) => ({ mm: (k + 0.5) * width, pairs: n ?? 0, connected: connected[k] ?? 0 }));
}

Deno.test("gaussian: the share of connected pairs at distance d is peak · exp(−d²/2σ²), between regions and inside one", () => {
  for (const [sigmaMm, peak, same] of [[0.6, 1, false], [1.2, 0.4, false], [0.8, 0.7, true]] as const) {
    let worst = 0;
    for (const { mm, pairs, connected } of byDistance({ gaussian: { sigmaMm, peak } }, 0.1, same)) {
      const p = peak * Math.exp(-mm * mm / (2 * sigmaMm ** 2)), sd = Math.sqrt(p * (1 - p) / pairs);
      if (pairs < 200) continue;
      // Five standard errors, and the bend of the curve within a bin.
      assertAlmostEquals(connected / pairs, p, 5 * sd + 0.002 / sigmaMm ** 2, `σ ${sigmaMm} mm, at ${mm} mm`);
      worst = Math.max(worst, Math.abs(connected / pairs - p));
    }
    if (sigmaMm === 0.6) {
      measured("positions", "largest distance of connection probability from its Gaussian", worst, "1", import.meta);
    }
  }
});

Deno.test("ring: one probability between two radii, none within and beyond", () => {
  const rows = byDistance({ ring: { innerMm: 0.5, outerMm: 1.5, probability: 0.3 } }, 0.1);
  for (const { mm, pairs, connected } of rows) {
    if (mm > 0.5 && mm < 1.5) assertAlmostEquals(connected / pairs, 0.3, 5 * Math.sqrt(0.21 / pairs), `${mm} mm`);
    else assertEquals(connected, 0, `${mm} mm`);
  }
  const all = byDistance({ ring: { outerMm: 0.3 } }, 0.3);
  assertEquals(all[0].connected, all[0].pairs);
});

Deno.test("inhibitory neurons connect by their own positions", () => {
  const brain = brainOf({ n: { neurons: 40, inhibitory: 0.5, positions: { grid: [20, 1] } } });
  const { pre, post } = brain.connect("n", "n", { transmitter: "gaba", ring: { outerMm: 0.5 } }).synapseTable();
  // Neuron 20 + k lies where neuron k does: each inhibits that one only.
  assertEquals([...pre], Array.from({ length: 20 }, (_, k) => 20 + k));
  assertEquals([...post], Array.from({ length: 20 }, (_, k) => k));
});

Deno.test("receptive fields: every neuron of group g sees exactly patch g of the grid", () => {
  for (
    const { grid, field, across, down } of [
      { grid: [6, 4], field: { width: 3, height: 2, stride: 1 }, across: 4, down: 3 },
      { grid: [7, 5], field: { width: 3, height: 3, stride: 2 }, across: 3, down: 2 },
      { grid: [4, 4], field: { width: 2, height: 2, stride: 2 }, across: 2, down: 2 },
      { grid: [5, 3], field: { width: 5, height: 3, stride: 1 }, across: 1, down: 1 },
    ]
  ) {
    const [w, h] = grid as [number, number], groups = across * down, perGroup = 3;
    const brain = brainOf({
      eye: { neurons: w * h, positions: { grid: [w, h] } },
      n: { neurons: groups * perGroup + 4, inhibitory: 4 / (groups * perGroup + 4), groups },
    });
    const { pre, post } = brain.connect("eye", "n", { receptiveField: field }).synapseTable();
    const seen = Array.from({ length: groups * perGroup + 4 }, () => [] as number[]);
    pre.forEach((i, k) => seen[post[k]].push(i));
    for (let j = 0; j < groups * perGroup; j++) {
      const g = Math.floor(j / perGroup), x0 = g % across * field.stride, y0 = Math.floor(g / across) * field.stride;
      const expected = [];
      for (let y = 0; y < h; y++) {
        for (let x = 0; x < w; x++) {
          if (x >= x0 && x < x0 + field.width && y >= y0 && y < y0 + field.height) expected.push(y * w + x);
        }
      }
      assertEquals(seen[j].sort((a, b) => a - b), expected, `neuron ${j} of group ${g}`);
    }
    assertEquals(seen.slice(groups * perGroup), [[], [], [], []], "inhibitory neurons belong to no group");
  }
});

Deno.test("receptive fields that do not fit are refused: no grid, other numbers of groups, a source without enough neurons", () => {
  const eye = { neurons: 20, positions: { grid: [5, 4] as [number, number] } };
  const refused = (
    regions: Record<string, Partial<RegionSpec>>,
    connect: Omit<ProjectionSpec, "from" | "to">,
    word: string,
  ) => assertThrows(() => brainOf(regions).connect("eye", "n", connect), InputError, word);
  const field = { width: 3, height: 2 }, n = { neurons: 18, groups: 9 };
  refused({ eye: { neurons: 20 }, n }, { receptiveField: field }, "grid");
  refused({ eye, n: { neurons: 18, groups: 6 } }, { receptiveField: field }, "3 × 3 patches and 6 groups");
  refused({ eye, n }, { receptiveField: { width: 6 } }, "0 × 0 patches");
  refused({ eye: { ...eye, inhibitory: 0.2 }, n }, { receptiveField: field }, "without an excitatory neuron");
  // Five inhibitory neurons cannot stand on all of twenty places.
  const mixed = { neurons: 25, inhibitory: 0.2, positions: { grid: [5, 4] as [number, number] } };
  refused({ eye: mixed, n }, { receptiveField: field, transmitter: "gaba" }, "inhibitory");
});

Deno.test("inhibitory neurons on a grid of their own have receptive fields too", () => {
  const brain = brainOf({
    eye: { neurons: 24, inhibitory: 0.5, positions: { grid: [4, 3] } },
    n: { neurons: 4, groups: 4 },
  });
  const field = { receptiveField: { width: 2, height: 2, stride: 1 }, transmitter: "gaba" } as const;
  assertThrows(() => brain.connect("eye", "n", field), InputError, "3 × 2 patches");
  const { pre, post } = brain.connect("eye", "n", { ...field, receptiveField: { width: 3, height: 2 } }).synapseTable();
  const seen = (j: number) => [...pre].filter((_, k) => post[k] === j).map((i) => i - 12).sort((a, b) => a - b);
  assertEquals(seen(0), [0, 1, 2, 4, 5, 6]);
  assertEquals(seen(3), [5, 6, 7, 9, 10, 11]);
});

Deno.test("a delay from distance is distance over speed in whole steps, at least one, and that is when spikes arrive", async () => {
  for (const dt of [1, 0.5]) {
    for (const speed of [0.3, 2]) {
      const brain = brainOf(
        {
          a: { neurons: 20, positions: { box: [3, 3] } },
          b: { neurons: 20, positions: { box: [3, 3], at: [4, 0] } },
        },
        2,
        dt,
      );
      const projection = brain.connect("a", "b", { density: 0.5, weight: 60, delay: { speed } });
      const a = points(brain, "a"), b = points(brain, "b"), { pre, post, delay } = projection.synapseTable();
      assertLess(50, pre.length);
      delay.forEach((ms, k) => {
        const steps = Math.max(1, Math.round(distance(a[pre[k]], b[post[k]]) / speed / dt));
        assertAlmostEquals(ms, steps * dt, 1e-6, `${pre[k]} → ${post[k]}`);
      });
      brain.injectSpikes("a", [0]);
      const trains = spikeTrains(await runFor(brain, 40), "b", 20);
      pre.forEach((i, k) => {
        if (i === 0) assertAlmostEquals(trains[post[k]][0], delay[k], dt + 1e-6, `arrival at ${post[k]}`);
      });
    }
  }
});

Deno.test("delays follow from distance for positions of every kind", () => {
  const kinds: PositionsSpec[] = [
    { grid: [3, 2] },
    { box: [3, 1] },
    { disc: 2 },
    { points: [[0, 0], [1, 4], [2, -3], [-5, 1], [0, 2, 2], [7, 0]] },
  ];
  for (const positions of kinds) {
    const brain = brainOf({ n: { neurons: 6, positions } });
    const { pre, post, delay } = brain.connect("n", "n", { density: 1, delay: { speed: 0.4 } }).synapseTable();
    const where = points(brain);
    assertEquals(delay.length, 30);
    delay.forEach((ms, k) => {
      const expected = Math.max(1, Math.round(distance(where[pre[k]], where[post[k]]) / 0.4));
      assertEquals(ms, expected, Object.keys(positions)[0]);
    });
  }
});

Deno.test("the longest delay fits, also where single precision rounds a distance up", () => {
  // 0.3/0.2 is just below 1.5 in double precision, and above it for the single-precision position 0.3.
  for (const [spacing, speed] of [[0.3, 0.2], [0.1, 0.1 / 2.49999999], [0.6, 0.4]]) {
    const brain = brainOf({ n: { neurons: 2, positions: { grid: [2, 1], spacing } } });
    const { delay } = brain.connect("n", "n", { density: 1, delay: { speed } }).synapseTable();
    for (const ms of delay) assertAlmostEquals(ms, spacing / speed, 0.51, `${spacing} mm at ${speed} mm/ms`);
    assertEquals(delay.length, 2);
  }
});

Deno.test("activity spreads as a wave: farther neurons answer later, by distance over speed", async () => {
  const brain = brainOf({
    source: { neurons: 1, positions: { points: [[0, 0]] } },
    n: { neurons: 50, positions: { grid: [50, 1], spacing: 0.5 } },
  });
  brain.connect("source", "n", { density: 1, layout: "sparse", weight: 60, delay: { speed: 0.5 } });
  brain.injectSpikes("source", [0]);
  const first = spikeTrains(await runFor(brain, 80), "n", 50).map(([t]) => t);
  assertWithin(first[49] - first[9], 40 * 0.5 / 0.5, 0.03);
  for (let k = 2; k < 50; k++) assert(first[k] >= first[k - 1], `neuron ${k}`);
});

Deno.test("rules and delays by distance need positions, and positions are one kind of four", () => {
  const brain = brainOf({ a: { positions: { disc: 1 } }, b: {} });
  for (const options of [{ gaussian: {} }, { ring: {} }, { delay: { speed: 1 } }]) {
    assertThrows(() => brain.connect("a", "b", options), InputError, '"b"');
  }
  assertThrows(() => brain.connect("a", "a", { delay: { speed: 1e-5 } }), InputError, "raise the speed");
  const refused = (positions: unknown, word: string) =>
    assertThrows(() => positioned(positions as PositionsSpec, 10), InputError, word);
  refused({}, "nothing");
  refused({ disc: 1, box: [1, 1] }, "box and disc");
  refused({ grid: [3, 3] }, "no room for 10");
  refused({ points: [[0, 0]] }, "one position for each of 10");
  refused({ disc: 1, spacing: 2 }, "spacing");
  refused({ disc: -1 }, "-1");
});
