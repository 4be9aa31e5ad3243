/** Faults that reviews of the mechanisms found; each stays mended. */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { InputError } from "../../src/state/errors.ts";

/** A region with memory whose neurons 0 … 19 fire together once a second, and are captured. */
async function remembering(): Promise<Brain> {
  const brain = new Brain({ seed: 1 });
  brain.addRegion("m", "memory", { neurons: 60, memory: { smallest: 5 } });
  brain.connect("m", "m", { density: 0.1, weight: 0.1, plasticity: "stdp" });
  await brain.run(1000);
  brain.injectSpikes("m", Array.from({ length: 20 }, (_, k) => k));
  await brain.run(1000);
  return brain;
}

Deno.test("neither recall nor sleep is captured as a memory, wherever in a window it begins and ends", async () => {
  for (let offset = 0; offset < 50; offset += 7) {
    const brain = await remembering(), strengths = () => brain.traces("m").map(({ strength }) => strength);
    assertEquals(strengths(), [1]);
    await brain.run(offset);
    await brain.recall("m", Array.from({ length: 20 }, (_, k) => 30 + k), { durationMs: 30 });
    await brain.run(100);
    await brain.sleep(1000 + offset);
    await brain.run(200);
    assertEquals(strengths(), [1], `offset ${offset}`);
  }
});

Deno.test("what is thawed during a sleep moves again when the brain wakes, not before", async () => {
  const brain = await remembering(), before = brain.projection("m->m").weights;
  brain.startSleep(500, { plastic: [] });
  brain.freezePlasticity();
  brain.unfreezePlasticity();
  await brain.run(500);
  assertEquals(brain.projection("m->m").weights, before);
  assert(!brain.asleep && brain.projection("m->m").plastic);
});

Deno.test("counts must be whole numbers, and background has at most 600 events a step", () => {
  const add = (options: Record<string, unknown>) => () =>
    new Brain().addRegion("a", "association", { neurons: 20, ...options });
  assertThrows(add({ memory: { capacity: 2.5 } }), InputError, "capacity is 2.5; expected a whole number");
  assertThrows(add({ competition: { winners: 1.5 } }), InputError, "whole number");
  assertThrows(add({ positions: { grid: [5.7, 5.2] } }), InputError, "whole number");
  assertThrows(add({ background: { rateHz: 1e6 } }), InputError, "at most 600");
});

Deno.test("a set point counts in whole steps: an interval of 1.4 ms is one of 1 ms", async () => {
  const brain = new Brain({ seed: 2 });
  const excitability = { targetHz: 20, everyMs: 1.4, gain: 0.1 };
  brain.addRegion("n", "sensory", { neurons: 20, inhibitory: 0, noise: 5, excitability });
  brain.injectCurrent("n", 10);
  await brain.run(20_000);
  const before = brain.region("n").spikeCounts;
  await brain.run(20_000);
  const rate = brain.region("n").spikeCounts.reduce((sum, n, i) => sum + n - before[i], 0) / 20 / 20;
  assert(Math.abs(rate - 20) < 1, `${rate} Hz`);
});

Deno.test("rates, fields and means are those of living neurons, however much room there is", async () => {
  const make = (maxNeurons: number) => {
    const brain = new Brain({ seed: 3 });
    const options = { neurons: 10, inhibitory: 0, field: true, excitability: true } as const;
    brain.addRegion("n", "sensory", { ...options, maxNeurons });
    brain.injectCurrent("n", 10);
    return brain;
  };
  const [tight, roomy] = [make(10), make(100)];
  const record = { rates: true, lfp: ["n"] };
  const [a, b] = await Promise.all([tight, roomy].map((brain) => brain.run(1000, { record })));
  assertAlmostEquals(a.meanRateHz, b.meanRateHz, 1e-9);
  assertAlmostEquals(a.recording!.rates().values.at(-1)!, b.recording!.rates().values.at(-1)!, 1e-3);
  assertAlmostEquals(a.recording!.lfp("n").values.at(-1)!, b.recording!.lfp("n").values.at(-1)!, 1e-3);
  const means = [tight, roomy].map((brain) =>
    brain.summary().regions[0].mechanisms.excitability.meanThreshold as number
  );
  assertAlmostEquals(means[0], means[1], 1e-6);
});

Deno.test("a modulating projection refuses what has no effect on it, one option at a time", () => {
  const brain = new Brain();
  brain.addRegion("a", "reward", { neurons: 5 });
  brain.addRegion("b", "association", { neurons: 5 });
  const resolved = { transmitter: "serotonin", density: 1, layout: "uniform" } as const;
  assertThrows(
    () => brain.connect("a", "b", { ...resolved, plasticity: "stdp" }),
    InputError,
    "plasticity has no effect",
  );
  assertThrows(() => brain.connect("a", "b", { ...resolved, receptor: "ampa" }), InputError, "receptor has no effect");
  brain.connect("a", "b", resolved);
});

Deno.test("a small region loses its silent neurons too", async () => {
  const brain = new Brain({ seed: 4 });
  brain.addRegion("n", "sensory", {
    neurons: 15,
    maxNeurons: 20,
    growth: { births: 0, maturationMs: 0, tauRateMs: 1000 },
  });
  await brain.run(60_000);
  assert(brain.region("n").neurons < 12, `${brain.region("n").neurons} of 15`);
});

Deno.test("a snapshot whose counters or traces point outside is refused when it is read", async () => {
  const make = () =>
    Brain.fromSpec({
      regions: [{ name: "n", type: "memory", neurons: 10, maxNeurons: 20, growth: {}, memory: true }],
      projections: [{ from: "n", to: "n", structure: true }],
    });
  const faults: [name: string, index: number, value: number][] = [
    ["region.n.memory.replay", 2, 1000],
    ["region.n.growth.counters", 2, 5000],
    ["region.n.growth.counters", 3, 0],
    ["projection.n->n.structure.counters", 3, 0],
    ["region.n.growth.enabled", 0, 7],
    ["brain.sleep", 1, -5],
  ];
  decodeSnapshot(encodeSnapshot(make()));
  for (const [name, index, value] of faults) {
    const brain = make();
    await brain.run(10);
    brain.arrays.entry(name).data[index] = value;
    assertThrows(() => decodeSnapshot(encodeSnapshot(brain)), Error, name.split(".").at(-2)!);
  }
});
