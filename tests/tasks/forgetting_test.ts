/** Learning one thing after the other: what lasts, and that the protocol shows no image out of turn. */

import { assert, assertEquals, assertGreater, assertLess, assertRejects, assertThrows } from "@std/assert";
import { learnInTurn, VotingNetwork } from "../../src/tasks/class_incremental.ts";
import { drawPerClass } from "../../src/tasks/draws.ts";
import { forgetting } from "../../src/tasks/forgetting.ts";
import { NearestMean } from "../../src/tasks/nearest.ts";
import { classesOf } from "../../src/tasks/labels.ts";
import { Perceptron } from "../../src/tasks/perceptron.ts";
import { phasesOf } from "../../src/tasks/stream.ts";
import { InputError } from "../../src/state/errors.ts";
import { shareRight } from "../../src/tasks/votes.ts";
import { bars, CLASSES } from "./bars.ts";

const SETS = { train: bars(800, "train"), test: bars(200, "test") };

Deno.test("every image of a class is shown once, in the task of its class, and labels are of shown images", () => {
  const { labels } = SETS.train, phases = phasesOf(SETS.train, 3, 2, 50, 20);
  assertEquals(phases.map(({ classes }) => classes.length), [2, 2, 1]);
  assertEquals(phases.flatMap(({ classes }) => classes).sort(), [0, 1, 2, 3, 4]);
  const shown = phases.flatMap(({ shown }) => shown);
  assertEquals([shown.length, new Set(shown).size], [5 * 50, 5 * 50]);
  for (const { classes, shown, labelled } of phases) {
    assert(shown.every((k) => classes.includes(labels[k])));
    assert(labelled.every((k) => shown.includes(k)));
    for (const c of classes) assertEquals(labelled.filter((k) => labels[k] === c).length, 20);
  }
  const other = phasesOf(SETS.train, 4, 2, 50, 20);
  assert(JSON.stringify(other) !== JSON.stringify(phases), "another seed is another order");
});

Deno.test("neurons that mature keep what they have learnt; without, what comes later overwrites it", async () => {
  const phases = phasesOf(SETS.train, 1, 3, 130, 40),
    found: Record<string, { retention: number[][]; accuracy: number }> = {};
  const shared = { homeostasis: 1, weightMax: 1.5, sampleMs: 100 };
  const learners = {
    lasting: { kind: "lasting", parameters: shared },
    // All the same, but that no neuron matures.
    immature: { kind: "lasting", parameters: { ...shared, maturation: null } },
    whole: { kind: "whole", parameters: { ...shared, finalRate: 1, learningRate: 0.1 } },
  } as const;
  for (const [name, learner] of Object.entries(learners)) {
    using network = await VotingNetwork.create(SETS, { seed: 1, task: "forgetting", neurons: 40, ...learner });
    found[name] = await learnInTurn(network, SETS, phases, [...SETS.test.labels.keys()]);
  }
  const lost = ({ retention }: { retention: number[][] }) => retention[0][0] - retention[1][0];
  for (const { retention } of [found.lasting, found.whole]) assertGreater(retention[0][0], 0.9);
  assertGreater(lost(found.immature), lost(found.lasting) + 0.15);
  assertLess(lost(found.lasting), 0.1);
  assertGreater(lost(found.whole), lost(found.lasting) + 0.15);
  assertGreater(found.lasting.accuracy, found.whole.accuracy);
  assertGreater(found.lasting.retention[1][1], 0.8, "and the new is learnt");
});

Deno.test("a perceptron forgets when tasks come in turn, and means do not", async () => {
  const [first, second] = phasesOf(SETS.train, 1, 3, 130, 1), all = [...SETS.test.labels.keys()];
  const ofFirst = all.filter((k) => first.classes.includes(SETS.test.labels[k]));
  const labels = ofFirst.map((k) => SETS.test.labels[k]), means = new NearestMean(SETS.train);
  using perceptron = await Perceptron.create(SETS.train, { seed: 1, classes: CLASSES, hidden: 16, rate: 0.01 });
  const scores = [];
  for (const { shown } of [first, second]) {
    await perceptron.learn(SETS.train, shown, 20);
    means.learn(SETS.train, shown);
    scores.push([perceptron, means].map((learner) => shareRight(learner.answers(SETS.test, ofFirst), labels)));
  }
  assertGreater(Math.min(...scores[0]), 0.95);
  assertLess(scores[1][0], 0.5);
  assertGreater(scores[1][1], 0.9);
});

Deno.test("the same seed gives the same numbers, to the digit", async () => {
  for (const arm of ["five", "five-perceptron-exemplars"]) {
    const runs = [];
    for (let n = 0; n < 2; n++) runs.push(await forgetting.benchmark.run(arm, 7, true, { neurons: 20 }));
    assertEquals(runs[0], runs[1]);
  }
});

Deno.test("images are drawn as many for each class that occurs; a class that has fewer is named", () => {
  const some = { ...SETS.train, labels: SETS.train.labels.map((c) => 2 * c + 1) }; // labels 1, 3 … 9
  assertEquals(classesOf(some), [1, 3, 5, 7, 9]);
  const drawn = drawPerClass(some, 10, 1, "test");
  for (const c of [1, 3, 5, 7, 9]) assertEquals(drawn.filter((k) => some.labels[k] === c).length, 10);
  assertThrows(() => drawPerClass(some, 1000, 1, "test"), InputError, "needs 1000 images of each class");
  const phases = phasesOf(some, 1, 2, 50, 10);
  assertEquals(phases.flatMap(({ classes }) => classes).sort(), [1, 3, 5, 7, 9]);
});

Deno.test("a task of which nothing is learnt is no row", async () => {
  using network = await VotingNetwork.create(SETS, { seed: 1, task: "forgetting", neurons: 20 });
  network.trainer.brain.freezePlasticity();
  await assertRejects(() => network.show([0, 1]), Error, "no weight has changed");
});
