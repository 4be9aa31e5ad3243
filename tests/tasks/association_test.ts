/** Pavlov by distal reward: when dopamine comes, what arms share, and that the experiment goes on from a snapshot. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { RandomStream } from "../../src/state/random.ts";
import {
  type Arm,
  ASSOCIATION,
  association,
  AssociationTrainer,
  compareResponses,
} from "../../src/tasks/association.ts";

/** Runs to the end, or for a number of stimuli. */
async function run(trainer: AssociationTrainer, until = trainer.total): Promise<AssociationTrainer> {
  while (trainer.done < until) await trainer.next();
  return trainer;
}

const bytesOf = (trainer: AssociationTrainer) => encodeSnapshot(trainer.brain);

/** Of seed 3, S1 is the 44th stimulus: it falls into conditioning. */
const SEED = 3, SETTLING = 30, CONDITIONING = 40;
const begin = (arm: Arm) => AssociationTrainer.create(SEED, arm, SETTLING, CONDITIONING);

Deno.test("an arm that branches off a settled brain is the arm from its beginning, and leaves the brain as it was", async () => {
  const settled = begin("paired");
  await settled.settle();
  const before = bytesOf(settled), weights = new Map<Arm, Float32Array>();
  for (const arm of ["paired", "random-reward", "extinction"] as const) {
    const branched = await run(settled.branch(arm)), alone = await run(begin(arm));
    assertEquals(bytesOf(branched), bytesOf(alone), arm);
    assertEquals(branched.done, SETTLING + CONDITIONING * (arm === "extinction" ? 2 : 1));
    weights.set(arm, branched.brain.projections[0].weights);
  }
  assertEquals(bytesOf(settled), before);
  assertNotEquals(weights.get("paired"), weights.get("random-reward"));
});

Deno.test("dopamine comes when the arm says so: after S1, later, at any time, or never", async () => {
  const seed = 5, stimuli = 400;
  // Stimuli as the trainer draws them: S1 is number 0.
  const first = Array.from({ length: stimuli }, (_, k) => k)
    .filter((k) => new RandomStream(seed, `association ${k}`).integer(ASSOCIATION.stimuli) === 0);
  assert(first.length > 0);
  // The stimuli after which dopamine is due, and how much later.
  const rewards = async (arm: Arm) => {
    const trainer = AssociationTrainer.create(seed, arm, 0, stimuli), found: { after: number; ms: number }[] = [];
    const notes = trainer.brain.notes.training as { due: number[] };
    // Rewards that are due at once are given before the next stimulus: each is noted when it is put on the list.
    const due = notes.due, push = due.push.bind(due);
    Object.defineProperty(due, "push", {
      value: (step: number) => {
        found.push({ after: trainer.done, ms: step - trainer.brain.stepCount });
        return push(step);
      },
    });
    await run(trainer);
    return found;
  };
  const within = (found: { ms: number }[], least: number, below: number) =>
    assert(found.every(({ ms }) => ms >= least && ms < below), JSON.stringify(found));
  for (
    const [arm, least, below] of [["paired", 0, 1000], ["unpaired", 10_000, 11_000], ["gap-3s", 3000, 3001]] as const
  ) {
    const found = await rewards(arm);
    assertEquals(found.map(({ after }) => after), first, arm);
    within(found, least, below);
  }
  const random = await rewards("random-reward");
  assert(random.length > 0);
  assertNotEquals(random.map(({ after }) => after), first);
  within(random, 0, 1000);
  assertEquals(await rewards("no-dopamine"), []);
});

Deno.test("an experiment that was saved while dopamine was due goes on as if it had not been", async () => {
  const whole = await run(begin("unpaired")), half = await run(begin("unpaired"), 50);
  assert((half.brain.notes.training as { due: number[] }).due.length > 0);
  const resumed = await run(AssociationTrainer.resume(decodeSnapshot(bytesOf(half))));
  assertEquals(bytesOf(resumed), bytesOf(whole));
});

Deno.test("answers are compared with their baseline, and with those of the other stimuli", () => {
  const before = { mean: [10, 20, 30], sd: [1, 2, 4] }, after = { mean: [40, 22, 28], sd: [1, 3, 0.5] };
  assertEquals(compareResponses(before, after), {
    ratio: 4,
    relative: 4,
    margin: 6,
    spikes: { before: 10, after: 40, othersBefore: 25, othersAfter: 25 },
  });
});

Deno.test("the benchmark tells the answers before and after extinction", async () => {
  for (const arm of ["paired", "extinction"]) {
    const { value, details } = await association.benchmark.run(arm, 1000, true, {});
    assert(value > 0, arm);
    assertEquals(typeof details.conditionedRatio, arm === "extinction" ? "number" : "undefined");
  }
});
