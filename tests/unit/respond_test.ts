/** What brains answer to samples. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { respond } from "../../src/evaluation/respond.ts";
import { InputError } from "../../src/state/errors.ts";
import { differences } from "../property/differences.ts";

/** A brain that learns, and has lived. */
async function lived(): Promise<Brain> {
  const brain = new Brain({ seed: 3 });
  brain.addRegion("in", "input", { neurons: 12 });
  brain.addRegion("out", "association", { neurons: 30, noise: 2 });
  brain.addRegion("far", "association", { neurons: 8 });
  brain.connect("in", "out", { density: 0.8, weight: 10, plasticity: {} });
  brain.connect("out", "far", { density: 0.8, weight: 6 });
  brain.stimulate("in", new Array(12).fill(0.7));
  await brain.run(200);
  return brain;
}

const SAMPLES = Array.from({ length: 70 }, (_, k) => Array.from({ length: 12 }, (_, i) => ((k * 7 + i * 5) % 11) / 10));
const SHOWN = { stimulate: "in", stimulus: { maxRateHz: 200 }, durationMs: 60, count: ["far", "out"] };

Deno.test("each sample is answered as if it were the only one, and the brain stays as it was", async () => {
  const brain = await lived(), before = brain.clone();
  const all = await respond(brain, SAMPLES.slice(0, 5), SHOWN);
  assertEquals(all.length, 5 * 38);
  assertEquals(differences(brain, before), []);
  for (let k = 0; k < 5; k++) {
    const alone = await respond(brain, [SAMPLES[k]], SHOWN);
    assertEquals(alone, all.slice(k * 38, (k + 1) * 38));
  }
  // By hand, on a copy that learns nothing.
  const copy = brain.clone();
  copy.freezePlasticity();
  copy.clearStimulus();
  copy.resetActivity();
  copy.resetTraces();
  const counted = () => ["far", "out"].flatMap((name) => [...copy.region(name).spikeCounts]), start = counted();
  copy.stimulate("in", SAMPLES[2], { maxRateHz: 200 });
  await copy.run(60);
  assertEquals([...all.slice(2 * 38, 3 * 38)], counted().map((n, k) => n - start[k]));
  assert(all.some((n) => n > 0));
});

Deno.test("answers are the same on any number of workers, and progress is told", async () => {
  const brain = await lived(), one = await respond(brain, SAMPLES, SHOWN), told: number[] = [];
  for (const workers of [1, 2, 3]) {
    assertEquals(await respond(brain, SAMPLES, { ...SHOWN, workers, progress: (share) => told.push(share) }), one);
  }
  assertEquals(told.filter((share) => share === 1).length, 3);
  assert(told.every((share) => share > 0 && share <= 1));
});

Deno.test("what cannot be shown is refused, here and by workers", async () => {
  const brain = await lived(),
    refused = (options: object, message: string, samples: number[][] = SAMPLES) =>
      assertRejects(() => respond(brain, samples, { ...SHOWN, ...options }), InputError, message);
  await refused({ count: "nowhere" }, "no such region");
  await refused({ stimulate: "nowhere" }, "no such region");
  await refused({ durationMs: 0.2 }, "durationMs is 0.2; expected 1 to 65,535 steps of 1 ms");
  await refused({ durationMs: 70_000 }, "expected 1 to 65,535 steps");
  await refused({ workers: 0 }, "workers");
  await refused({ worker: 2 }, "worker");
  await refused({ count: [] }, "count names no region");
  const wrong = SAMPLES.with(40, new Array(13).fill(0));
  const words = SAMPLES.with(40, ["0.5", null, true, 0.2] as unknown as number[]);
  for (const workers of [1, 2]) {
    for (const samples of [wrong, words]) await refused({ workers }, "Cannot respond to sample 40: ", samples);
  }
  await assertRejects(
    () => respond(brain, { length: 3, at: () => undefined }, SHOWN),
    InputError,
    "Cannot respond to sample 0: there is none",
  );
  for (const workers of [1, 2]) {
    const progress = () => {
      throw new Error("enough");
    };
    await assertRejects(() => respond(brain, SAMPLES, { ...SHOWN, workers, progress }), Error, "enough");
  }
});

Deno.test("a brain that sleeps is refused", async () => {
  const brain = new Brain({ seed: 1 });
  brain.addRegion("in", "input", { neurons: 4 });
  brain.addRegion("out", "memory", { neurons: 10, memory: {} });
  brain.connect("in", "out", { density: 1, weight: 20 });
  let seen: unknown;
  const slept = brain.sleep(20).then(() => {});
  if (brain.asleep) {
    seen = await respond(brain, [[1]], { stimulate: "in", count: "out", durationMs: 10 }).catch((e) => e);
  }
  await slept;
  assert(seen instanceof InputError && seen.message.includes("sleeps"), `${seen}`);
});

Deno.test("each neuron has its place in the answer, also among dead ones and ones that are not born", async () => {
  const shown = { stimulate: "in", stimulus: { maxRateHz: 300 }, durationMs: 100, count: "out" };
  const build = (more: object) => {
    const brain = new Brain({ seed: 1 });
    brain.addRegion("in", "input", { neurons: 6 });
    brain.addRegion("out", "association", { neurons: 6, inhibitory: 0, ...more });
    brain.connect("in", "out", { oneToOne: true, weight: 60 });
    return brain;
  };
  const samples = [[1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 1]], whole = [...await respond(build({}), samples, shown)];
  assert([0, 1, 2, 3, 4, 5, 6, 7, 8, 11].every((k) => whole[k] > 0), `${whole}`);
  const hurt = build({});
  hurt.lesion("out", [1]);
  for (const workers of [1, 2]) {
    const many = Array.from({ length: 40 }, (_, k) => samples[k % 2]);
    const answers = [...await respond(hurt, many, { ...shown, workers })].slice(0, 12);
    assertEquals(answers, whole.map((n, k) => k % 6 === 1 ? 0 : n));
  }
  const growing = [...await respond(build({ maxNeurons: 9, growth: true }), samples, shown)];
  assertEquals(growing, [...whole.slice(0, 6), 0, 0, 0, ...whole.slice(6), 0, 0, 0]);
});
