/** Images named by a layer that learns from reward. */

import { assertEquals, assertGreater, assertLess, assertRejects } from "@std/assert";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { InputError } from "../../src/state/errors.ts";
import { errorsOf } from "../../src/tasks/class_groups.ts";
import { type ImageTeacher, RewardTrainer } from "../../src/tasks/mnist_reward.ts";
import { differences } from "../property/differences.ts";
import { bars, CLASSES } from "./bars.ts";

const SETS = { train: bars(300, "train"), test: bars(60, "test") };

function trainerOf(teacher: ImageTeacher, classes = CLASSES): RewardTrainer {
  const parameters = { homeostasis: 1, weightMax: 1.5, sampleMs: 100, learningRate: 0.05 };
  return RewardTrainer.create(SETS, { seed: 2, neurons: 20, teacher, parameters, groups: { classes, neurons: 6 } });
}

async function scoreOf(teacher: ImageTeacher): Promise<number> {
  const trainer = trainerOf(teacher);
  while (trainer.done < trainer.total) await trainer.next();
  return (await trainer.evaluate()).score;
}

Deno.test("a layer learns classes from reward; from the same rewards in random order, or none, it does not", async () => {
  assertGreater(await scoreOf("reward"), 0.8);
  assertLess(await scoreOf("shuffledReward"), 0.5);
  assertLess(await scoreOf("none"), 0.5);
});

Deno.test("features stay as they are while reward teaches, and the layer while features are learnt", async () => {
  const trainer = trainerOf("reward"), { brain } = trainer;
  const features = () => brain.projection("image", "features").weights;
  const layer = () => brain.projection("class0").weights;
  const [drawn, untaught] = [features(), layer()];
  while (trainer.done < trainer.features.total) await trainer.next();
  const learnt = features();
  assertGreater(learnt.filter((w, k) => w !== drawn[k]).length, 100);
  assertEquals(layer(), untaught);
  while (trainer.done < trainer.total) await trainer.next();
  assertEquals(features(), learnt);
  assertGreater(layer().filter((w, k) => w !== untaught[k]).length, 10);
});

Deno.test("a training saved among the rewards goes on to the same brain, byte for byte", async () => {
  const whole = trainerOf("reward"), first = trainerOf("reward");
  while (first.done < 420) await first.next();
  const second = RewardTrainer.resume(SETS, decodeSnapshot(encodeSnapshot(first.brain)));
  assertEquals([second.done, second.total], [420, 600]);
  for (const trainer of [whole, second]) while (trainer.done < trainer.total) await trainer.next();
  assertEquals(differences(second.brain, whole.brain), []);
});

Deno.test("the errors of all groups cancel; a label without a group is named", async () => {
  assertEquals(errorsOf([3, 1, 0], 0), [0.25, -0.25, 0]);
  assertEquals(errorsOf([0, 0], 1), [-0.5, 0.5]);
  const trainer = trainerOf("reward", 2);
  while (trainer.done < trainer.features.total) await trainer.next();
  await assertRejects(
    async () => {
      while (trainer.done < trainer.total) await trainer.next();
    },
    InputError,
    "there are groups for the labels 0 to 1",
  );
});
