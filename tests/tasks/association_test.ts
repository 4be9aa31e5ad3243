/** Pavlov by distal reward: when dopamine comes, what arms share, and that the experiment goes on from a snapshot. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { type Arm, association, AssociationTrainer, compareResponses } from "../../src/tasks/association.ts";

/** Runs to the end, or for a number of stimuli. */
async function run(trainer: AssociationTrainer, until = trainer.total): Promise<AssociationTrainer> {
  while (trainer.done < until) await trainer.next();
  return trainer;
}

const bytesOf = (trainer: AssociationTrainer) => encodeSnapshot(trainer.brain);

Deno.test("an arm that branches off a settled brain is the arm from its beginning, and leaves the brain as it was", async () => {
  const settled = await run(AssociationTrainer.create(3, "paired", 30, 40), 30), before = bytesOf(settled);
  const ends = new Map<Arm, Uint8Array>();
  for (const arm of ["paired", "random-reward", "extinction"] as const) {
    const branched = await run(settled.branch(arm)), alone = await run(AssociationTrainer.create(3, arm, 30, 40));
    assertEquals(bytesOf(branched), bytesOf(alone), arm);
    assertEquals(branched.done, arm === "extinction" ? 110 : 70);
    ends.set(arm, bytesOf(branched));
  }
  assertEquals(bytesOf(settled), before);
  assertNotEquals(ends.get("paired"), ends.get("random-reward"));
});

Deno.test("dopamine comes when the arm says so: after S1, later, at any time, or never", async () => {
  const notes = (trainer: AssociationTrainer) => trainer.brain.notes.training as { due: number[]; shown: number };
  // Rewards of the first 400 stimuli, as delays after the stimulus that was just shown.
  const delays = async (arm: Arm) => {
    const trainer = AssociationTrainer.create(5, arm, 0, 400), found: number[] = [];
    while (trainer.done < trainer.total && trainer.done < 400) {
      const now = trainer.brain.stepCount, known = new Set(notes(trainer).due);
      await trainer.next();
      for (const due of notes(trainer).due) if (!known.has(due)) found.push(due - now);
    }
    return found;
  };
  const [paired, unpaired, gap, none] = [
    await delays("paired"),
    await delays("unpaired"),
    await delays("gap-3s"),
    await delays("no-dopamine"),
  ];
  assert(gap.length > 0 && gap.every((ms) => ms === 3000), String(gap));
  assertEquals(unpaired.length, gap.length);
  assert(unpaired.every((ms) => ms >= 10_000 && ms < 11_000), String(unpaired));
  assert(paired.every((ms) => ms < 1000), String(paired));
  assertEquals(none, []);
});

Deno.test("an experiment that was saved in the midst goes on as if it had not been", async () => {
  const whole = await run(AssociationTrainer.create(7, "extinction", 10, 15));
  const half = await run(AssociationTrainer.create(7, "extinction", 10, 15), 27);
  assert(half.conditioned);
  const resumed = await run(AssociationTrainer.resume(await decodeSnapshot(bytesOf(half))));
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
