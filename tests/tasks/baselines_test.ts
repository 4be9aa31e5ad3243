/** Prototypes and perceptrons that lose parts. */

import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { InputError } from "../../src/state/errors.ts";
import { Perceptron } from "../../src/tasks/perceptron.ts";
import { PROTOTYPES, Prototypes } from "../../src/tasks/prototypes.ts";
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

Deno.test("the nearest prototypes answer, the nearest most; of those that are gone none does, and others move up", () => {
  const prototypes = Prototypes.learnt(IMAGES, 20, 1, ALL, 1),
    gone = Uint32Array.of(0, 3, 4, 11),
    { spikes } = PROTOTYPES;
  const ranks = (lost?: Uint32Array) =>
    ALL.map((k) => {
      const counts = prototypes.counts(IMAGES, [k], lost);
      return spikes.map((n) => counts.indexOf(n));
    });
  const before = ranks(), after = ranks(gone);
  assert(before.flat().some((j) => gone.includes(j)) && !after.flat().some((j) => gone.includes(j) || j < 0));
  for (const [k, list] of before.entries()) {
    const left = list.filter((j) => !gone.includes(j));
    assertEquals(after[k].slice(0, left.length), left);
  }
});

Deno.test("further passes move centres on", () => {
  const [once, often] = [1, 5].map((passes) => Prototypes.learnt(IMAGES, 20, 1, ALL, passes).counts(IMAGES, ALL));
  assertNotEquals(once, often);
});
