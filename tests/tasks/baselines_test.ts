/** Prototypes and perceptrons that lose parts. */

import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { InputError } from "../../src/state/errors.ts";
import { Perceptron } from "../../src/tasks/perceptron.ts";
import { Prototypes } from "../../src/tasks/prototypes.ts";
import { bars, CLASSES } from "./bars.ts";

const IMAGES = bars(200, "train"), ALL = [...IMAGES.labels.keys()];

Deno.test("hidden units that are silent change answers, and are heard again afterwards", async () => {
  using perceptron = await Perceptron.create(IMAGES, { seed: 1, classes: CLASSES, hidden: 12 });
  await perceptron.learn(IMAGES, ALL, 10);
  const before = perceptron.answers(IMAGES, ALL), gone = Uint32Array.from({ length: 9 }, (_, k) => k);
  assertNotEquals(perceptron.answers(IMAGES, ALL, gone), before);
  // With all of them silent only the bias speaks: one answer to everything.
  assertEquals(new Set(perceptron.answers(IMAGES, ALL, Uint32Array.from({ length: 12 }, (_, k) => k))).size, 1);
  assertEquals(perceptron.answers(IMAGES, ALL), before);
  using flat = await Perceptron.create(IMAGES, { seed: 1, classes: CLASSES, hidden: 0 });
  await assertRejects(() => Promise.try(() => flat.answers(IMAGES, ALL, gone)), InputError, "without hidden units");
});

Deno.test("no image is assigned to a prototype that is gone, and those of others stay", () => {
  const prototypes = Prototypes.learnt(IMAGES, 20, 1, ALL), gone = Uint32Array.of(0, 3, 4, 11);
  const [before, after] = [undefined, gone].map((lost) => ALL.map((k) => prototypes.assign(IMAGES, k, lost)));
  assert(before.some((j) => gone.includes(j)) && !after.some((j) => gone.includes(j)));
  for (const k of ALL) if (!gone.includes(before[k])) assertEquals(after[k], before[k]);
});
