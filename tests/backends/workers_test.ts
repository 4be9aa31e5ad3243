/** A brain on several cores is the brain on one, byte for byte, whatever their number. */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Brain, type BrainSpec } from "../../mod.ts";
import { WorkersBackend } from "../../src/brain/workers/backend.ts";
import { InputError } from "../../src/state/errors.ts";
import { boundariesOf } from "../../src/engine/program.ts";
import { abandon, Exchange, exchangeBytes } from "../../src/brain/workers/exchange.ts";
import { canSpread, partition } from "../../src/brain/workers/partition.ts";
import { differences } from "../property/differences.ts";
import { randomBrain } from "../property/random_brain.ts";
import { randomActions, runTo } from "../property/random_life.ts";

const SPEC: BrainSpec = {
  seed: 5,
  regions: [
    { name: "eye", type: "input", neurons: 30 },
    {
      name: "cortex",
      type: "association",
      neurons: 101,
      noise: 4,
      threshold: true,
      connectivity: { density: 0.2, weight: 1, delay: { uniform: [1, 7] } },
    },
    { name: "out", type: "motor", neurons: 13, background: { rateHz: 300, weight: 2 } },
  ],
  projections: [
    { from: "eye", to: "cortex", density: 0.3, weight: 8, plasticity: "stdp", shortTerm: "depressing" },
    { from: "cortex", to: "out", density: 0.5, receptor: "nmda", plasticity: "rstdp", delay: { uniform: [1, 3] } },
    { from: "cortex", to: "out", name: "dense", density: 1, receptor: "ampa", plasticity: { rule: "triplet" } },
    { from: "out", to: "out", transmitter: "gaba", source: "excitatory", receptor: "gabaA" },
  ],
};

/** Drives a brain with everything that the host may do. */
async function drive(brain: Brain) {
  brain.stimulate("eye", [0.8, 0.3], { maxRateHz: 100 });
  await brain.run(150);
  brain.reward(1);
  brain.injectCurrent("cortex", 2);
  brain.injectSpikes("out", [0, 12]);
  const record = { spikes: true as const, rates: true, v: { cortex: [0, 50, 100], out: [12] }, everyMs: 10 };
  const { recording } = await brain.run(200, { record });
  brain.projection("eye", "cortex").setWeights({ 3: 0.5 });
  brain.freezePlasticity("eye->cortex");
  brain.lesion("cortex", [7, 60]);
  await brain.run(100);
  return recording!;
}

Deno.test("1, 2, 3 and 5 workers give the same brain and recording as one thread, byte for byte", async () => {
  const judge = Brain.fromSpec(SPEC), told = await drive(judge);
  assert(told.spikes("out").neuron.length > 10 && told.spikes("cortex").neuron.length > 100, "all regions fire");
  for (const workers of [1, 2, 3, 5]) {
    const brain = Brain.fromSpec(SPEC);
    await brain.runOn(new WorkersBackend(workers));
    try {
      const recording = await drive(brain);
      assertEquals(differences(brain, judge), [], `${workers} workers`);
      assertEquals(recording.spikes(), told.spikes());
      for (const region of ["cortex", "out"]) assertEquals(recording.v(region), told.v(region), `v of ${region}`);
      assertEquals(recording.rates(), told.rates());
    } finally {
      brain.close();
    }
  }
});

/** A description without what looks at neurons together. */
function withoutTogether(spec: BrainSpec): BrainSpec {
  return {
    ...spec,
    regions: spec.regions.map(({ competition: _, field: __, morphology: ___, ...region }) => region),
    projections: spec.projections!.map(({ compartment: _, ...projection }) => projection),
  };
}

Deno.test("nor does it matter for random brains, with growth, sleep and lesions", async () => {
  for (let seed = 0; seed < 8; seed++) {
    const near = Brain.fromSpec(withoutTogether(randomBrain(seed).spec));
    assertEquals(canSpread(near.program()), true);
    const actions = randomActions(seed, near, 120), far = near.clone();
    await far.moveTo({ workers: 2 });
    try {
      await runTo(near, 120, actions);
      await runTo(far, 120, actions);
      assertEquals(differences(far, near), [], `seed ${seed}`);
    } finally {
      far.close();
    }
  }
});

Deno.test("the parts are of like cost, and cover all neurons", () => {
  const program = Brain.fromSpec(SPEC).program();
  for (const workers of [1, 2, 3, 7, 64]) {
    const bounds = partition(program, workers);
    assertEquals([bounds.length, bounds[0], bounds[workers]], [workers + 1, 0, 144]);
    assert(bounds.every((bound, k) => k === 0 || bound >= bounds[k - 1]));
  }
  // Input lines cost nothing: the two halves meet among the others.
  const [, middle] = partition(program, 2);
  assert(middle > 30 + 40 && middle < 30 + 75, `${middle}`);
});

Deno.test("what cannot be spread says why, and the brain goes on as it was", async () => {
  const brain = Brain.fromSpec({
    regions: [{ name: "n", type: "association", neurons: 20, noise: 5, competition: true }],
  });
  await brain.run(50);
  await assertRejects(
    () => brain.moveTo({ workers: 2 }),
    InputError,
    'region "n" has competition, which looks at its neurons together',
  );
  await brain.run(50);
  assertEquals(brain.stepCount, 100);
  for (const workers of [0, 65, 1.5, NaN]) {
    await assertRejects(() => brain.moveTo({ workers }), InputError, "workers is ");
  }
});

Deno.test("more workers than neurons give the same bytes too", async () => {
  const spec: BrainSpec = { seed: 2, regions: [{ name: "n", type: "association", neurons: 3, noise: 8 }] };
  const [one, many] = [Brain.fromSpec(spec), Brain.fromSpec(spec)];
  await many.moveTo({ workers: 8 });
  try {
    for (const brain of [one, many]) await brain.run(300);
    assertEquals(differences(many, one), []);
    assert(one.summary().spikes > 0);
  } finally {
    many.close();
  }
});

Deno.test("while a run is under way elsewhere nothing changes the brain, and nothing is lost by trying", async () => {
  const [judge, brain] = [Brain.fromSpec(SPEC), Brain.fromSpec(SPEC)];
  await brain.moveTo({ workers: 2 });
  try {
    const running = brain.run(3000);
    const attempts: (() => unknown)[] = [
      () => brain.reward(1),
      () => brain.injectSpikes("out", [0]),
      () => brain.stimulate("eye", [1]),
      () => brain.lesion("out", [0]),
      () => brain.projection("eye", "cortex").setWeights({ 0: 1 }),
      () => brain.resetActivity(),
      () => brain.copyFrom(judge),
      () => brain.step(),
    ];
    for (const attempt of attempts) assertThrows(attempt, InputError, "under way");
    await assertRejects(() => brain.moveTo({ workers: 3 }), InputError, "under way");
    await running;
    await judge.run(3000);
    assertEquals(differences(brain, judge), []);
    // Nor can a run begin while the brain moves.
    const moving = brain.runOn(new WorkersBackend(3));
    await assertRejects(() => brain.run(10), InputError, "under way");
    await moving;
    for (const each of [brain, judge]) {
      each.reward(1);
      await each.run(100);
    }
    assertEquals(differences(brain, judge), []);
  } finally {
    brain.close();
  }
});

Deno.test("workers that are closed say so, at once, also to a run that is under way", async () => {
  const brain = Brain.fromSpec(SPEC);
  await brain.moveTo({ workers: 2 });
  const running = assertRejects(() => brain.run(1_000_000), Error, "closed");
  await new Promise((resolve) => setTimeout(resolve, 100));
  brain.close();
  await running;
  await assertRejects(() => brain.run(10), Error, "closed");
  await brain.moveTo({ workers: 1 });
  await brain.run(10);
});

Deno.test("an order that a worker cannot follow ends the run with its message; who is told so waits no longer", async () => {
  const brain = Brain.fromSpec(SPEC), program = brain.program(), bounds = partition(program, 2);
  await brain.moveTo({ workers: 2 });
  try {
    // Behind the checks of the API: an array that does not fit.
    program.arrays.replace("neuron.current", [1000], new Float32Array(1000));
    brain.injectCurrent("cortex", 0);
    await assertRejects(() => brain.run(10), Error, "offset is out of bounds");
  } finally {
    brain.close();
  }
  const shared = new SharedArrayBuffer(exchangeBytes(bounds, boundariesOf(program) - 1));
  abandon(shared, 2);
  assertThrows(() => new Exchange(shared, bounds, 0, program).swap(0), Error, "another worker has failed");
});
