/** Iris by R-STDP: what learns, and what its controls leave alone. */

import { assertEquals, assertGreater, assertLess, assertNotEquals } from "@std/assert";
import { TableTrainer, type Teacher } from "../../src/tasks/classifier.ts";
import { flowers } from "../../src/tasks/iris.ts";
import { differences } from "../property/differences.ts";

/** A trainer that has seen each training flower six times. */
async function trained(teacher: Teacher, seed = 1): Promise<TableTrainer> {
  const trainer = TableTrainer.create(flowers, seed, { task: "iris", teacher, parameters: { epochs: 6 } });
  while (trainer.done < trainer.total) await trainer.next();
  return trainer;
}

/** All weights from the flowers to the classes. */
const weightsOf = ({ brain }: TableTrainer) =>
  brain.projections.filter(({ spec }) => spec.plasticity).flatMap(({ weights }) => [...weights]);

Deno.test("reward teaches flowers in six epochs; in random order it does not", async () => {
  for (const seed of [1, 2]) {
    const [learnt, shuffled] = [await trained("reward", seed), await trained("shuffledReward", seed)];
    const [right, wrong] = [(await learnt.evaluate()).score, (await shuffled.evaluate()).score];
    assertGreater(right, 0.85, `seed ${seed}`);
    assertLess(wrong, right - 0.2, `seed ${seed}`);
    assertNotEquals(weightsOf(shuffled), weightsOf(TableTrainer.create(flowers, seed, { task: "iris" })));
  }
});

Deno.test("with plasticity frozen no weight moves, whatever the rewards", async () => {
  const frozen = await trained("frozen"), fresh = TableTrainer.create(flowers, 1, { task: "iris" });
  assertEquals(weightsOf(frozen), weightsOf(fresh));
  assertGreater(differences(frozen.brain, fresh.brain).length, 0, "though it has lived");
});
