/** Freezing: what learns stands still, of one region, of one projection, or all, until it is undone. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { BrainSpec } from "../../src/brain/spec.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { InputError } from "../../src/state/errors.ts";

/** Two regions that learn in every way, and one that does not. */
const SPEC: BrainSpec = {
  seed: 51,
  regions: [
    { name: "line", type: "input", neurons: 20 },
    {
      name: "a",
      type: "sensory",
      neurons: 10,
      noise: 4,
      connectivity: 0.3,
      threshold: true,
      excitability: { everyMs: 50 },
      scaling: { everyMs: 50, tauMs: 1000 },
    },
    { name: "b", type: "sensory", neurons: 10, noise: 4, threshold: true },
    { name: "d", type: "sensory", neurons: 10, noise: 4, maturation: { everyMs: 50, spikes: 1 } },
    { name: "c", type: "sensory", neurons: 10, noise: 4, connectivity: 0.3 },
  ],
  projections: [
    { from: "line", to: "a", density: 0.5, plasticity: "stdp" },
    { from: "line", to: "b", density: 0.5, plasticity: { reward: { tonic: 2 } } },
    {
      from: "a",
      to: "b",
      density: 0.5,
      plasticity: { normalization: { everyMs: 50 }, metaplasticity: { everyMs: 50 } },
    },
    { from: "line", to: "c", density: 0.5 },
    { from: "line", to: "d", density: 0.5, plasticity: { rule: "instar" } },
    { from: "a", to: "c", density: 0.5, plasticity: { rule: "triplet" } },
  ],
};

/** Everything that learning changes, by name: what of it belongs to which target. */
const LEARNT: Record<string, string[]> = {
  "line->a": ["region:a", "projection:line->a"],
  "a->a": ["region:a", "projection:a->a"],
  "region.a.threshold.theta": ["region:a"],
  "region.a.excitability.bias": ["region:a"],
  "line->b": ["region:b", "projection:line->b"],
  "a->b": ["region:b", "projection:a->b"],
  "projection.a->b.metaplasticity.threshold": ["region:b", "projection:a->b"],
  "region.b.threshold.theta": ["region:b"],
  "line->d": ["region:d", "projection:line->d"],
  "region.d.maturation.plastic": ["region:d"],
  "a->c": ["region:c", "projection:a->c"],
};

function busy(): Brain {
  const brain = Brain.fromSpec(SPEC);
  brain.stimulate("line", [1], { maxRateHz: 40 });
  return brain;
}

const look = (brain: Brain) =>
  new Map(
    Object.keys(LEARNT).map((name) => [
      name,
      name.includes(".") ? brain.arrays.get(name, "f32").slice() : brain.projection(name).weights,
    ]),
  );

/** Which of it changes in the next 300 ms. */
async function changing(brain: Brain): Promise<string[]> {
  const before = look(brain), spikes = brain.summary().spikes;
  await brain.run(300);
  assert(brain.summary().spikes > spikes + 50, "it goes on spiking");
  return [...look(brain)].flatMap(([name, values]) => values.some((x, k) => x !== before.get(name)![k]) ? [name] : []);
}

const ALL = Object.keys(LEARNT);
const except = (...targets: string[]) => ALL.filter((name) => !LEARNT[name].some((own) => targets.includes(own)));

Deno.test("unfrozen, everything that can learn does", async () => {
  assertEquals(await changing(busy()), ALL);
});

Deno.test("freezing all stops everything, and undoing it starts everything", async () => {
  const brain = busy();
  await brain.run(100);
  brain.freezePlasticity();
  const still = [await changing(brain), await changing(brain), await changing(brain)];
  assertEquals(still, [[], [], []]);
  brain.unfreezePlasticity();
  assertEquals(await changing(brain), ALL);
});

Deno.test("freezing a region stops its thresholds and every projection onto it, and nothing else", async () => {
  for (const region of ["a", "b", "c"]) {
    const brain = busy();
    brain.freezePlasticity(`region:${region}`);
    assertEquals(await changing(brain), except(`region:${region}`), region);
    brain.unfreezePlasticity(`region:${region}`);
    assertEquals(await changing(brain), ALL);
  }
});

Deno.test("freezing a projection stops it alone; enabling it again after a general freeze starts it alone", async () => {
  for (const name of ["line->a", "a->a", "line->b", "a->b", "a->c"]) {
    const brain = busy();
    brain.freezePlasticity(`projection:${name}`);
    assertEquals(await changing(brain), except(`projection:${name}`), name);
    assertEquals(brain.projections.filter((p) => p.name === name).map((p) => p.plastic), [false]);
    brain.freezePlasticity();
    brain.enablePlasticity(name);
    // What only scaling changes waits for its region, whose mechanism scaling is.
    const own = name === "a->a" ? [] : ALL.filter((x) => LEARNT[x].includes(`projection:${name}`));
    assertEquals(await changing(brain), own, name);
  }
});

Deno.test("a bare name stands for a region or a projection", async () => {
  const brain = busy();
  brain.freezePlasticity("a->c");
  brain.freezePlasticity("b");
  assertEquals(await changing(brain), except("projection:a->c", "region:b"));
});

Deno.test("it stays frozen after saving and loading, and can be undone then", async () => {
  const brain = busy();
  brain.freezePlasticity();
  await brain.run(50);
  const loaded = decodeSnapshot(encodeSnapshot(brain));
  assertEquals(await changing(loaded), []);
  loaded.unfreezePlasticity("region:b");
  assertEquals(
    await changing(decodeSnapshot(encodeSnapshot(loaded))),
    ALL.filter((x) => LEARNT[x].includes("region:b")),
  );
  assertEquals(await changing(brain.clone()), []);
});

Deno.test("resetting traces and activity does not thaw", async () => {
  const brain = busy();
  brain.freezePlasticity();
  brain.resetTraces();
  brain.resetActivity();
  assertEquals(await changing(brain), []);
});

Deno.test("an unknown target is an error that names the known ones, and freezes nothing", async () => {
  const brain = busy();
  for (const target of ["region:e", "region:line", "projection:line->c", "nonsense", "projection:a", "region:a->c"]) {
    for (const act of ["freezePlasticity", "unfreezePlasticity"] as const) {
      const { message } = assertThrows(() => brain[act](target), InputError);
      assert(message.includes(`"${target}"`), message);
      for (const known of ["region:a", "region:b", "region:c", "projection:line->a", "projection:a->c"]) {
        assert(message.includes(known), message);
      }
    }
  }
  assert(
    assertThrows(() => brain.freezePlasticity("region:A"), InputError).message.includes('did you mean "region:a"'),
  );
  assertThrows(() => brain.enablePlasticity("line->e"), InputError, "line->a");
  assertEquals(await changing(brain), ALL);
});
