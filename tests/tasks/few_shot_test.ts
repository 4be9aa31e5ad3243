/** A few labels: how they are drawn, how they spread, and what the arms of the benchmark make of them. */

import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { drawPerClass } from "../../src/tasks/draws.ts";
import { fewShot } from "../../src/tasks/few_shot.ts";
import { nearestNeighbour } from "../../src/tasks/nearest.ts";
import { associate, spreadVotes } from "../../src/tasks/spreading.ts";
import { scoreOf, votesOf } from "../../src/tasks/votes.ts";
import { bars } from "./bars.ts";

const IMAGES = bars(400, "train");

Deno.test("labels are drawn as many for each class, and more of them include the fewer", () => {
  const drawn = [1, 5, 20].map((shots) => drawPerClass(IMAGES, shots, 2, "few:0"));
  [1, 5, 20].forEach((shots, n) => {
    for (let c = 0; c < 5; c++) assertEquals(drawn[n].filter((k) => IMAGES.labels[k] === c).length, shots);
    assertEquals(new Set(drawn[n]).size, 5 * shots);
    if (n > 0) assert(drawn[n - 1].every((k) => drawn[n].includes(k)));
  });
  assert(drawn[1].join() !== drawPerClass(IMAGES, 5, 2, "few:1").join(), "another draw is another");
  assert(drawPerClass(IMAGES, 5, 2, "few:0", 100).every((k) => k < 100));
});

Deno.test("a label reaches neurons that never answered to a labelled image, through those that answered with them", () => {
  // Neurons 0–3 answer to one class, two at a time in a chain; neurons 4–7 to another; 8 to nothing.
  const chain = (first: number) => [0, 1, 2].map((k) => [first + k, first + k + 1]);
  const rows = [...chain(0), ...chain(4)], counts = new Uint16Array(rows.length * 9);
  rows.forEach((active, row) => active.forEach((j) => counts[row * 9 + j] = 2));
  const labelled = new Uint16Array([...counts.subarray(0, 9), ...counts.subarray(3 * 9, 4 * 9)]);
  const association = associate(counts, 9), spread = spreadVotes(association, labelled, [0, 1]);
  const shares = Array.from({ length: 9 }, (_, j) => [...spread.share.subarray(2 * j, 2 * j + 2)]);
  assertEquals(shares, [...Array(4).fill([1, 0]), ...Array(4).fill([0, 1]), [0, 0]]);
  const plain = votesOf(labelled, [0, 1], 9), last = new Uint16Array(9);
  last[3] = last[2] = 1;
  assertEquals(scoreOf(plain, last, [0], 9).answers, [null], "votes do not know them");
  assertEquals(scoreOf(spread, last, [0], 9).answers, [0]);
});

Deno.test("where classes answer together, the nearer label is the stronger, and classes are equally strong", () => {
  const n = 6, rows = [0, 1, 2, 3, 4].map((k) => [k, k + 1]), counts = new Uint16Array(rows.length * n);
  rows.forEach((active, row) => active.forEach((j) => counts[row * n + j] = 1));
  // Three images of the first class against one of the second.
  const first = counts.subarray(0, n), last = counts.subarray(4 * n, 5 * n);
  const { share } = spreadVotes(associate(counts, n), new Uint16Array([...first, ...first, ...first, ...last]), [
    0,
    0,
    0,
    1,
  ]);
  const ofFirst = Array.from({ length: n }, (_, j) => share[2 * j]);
  for (let j = 1; j < n; j++) assertLess(ofFirst[j], ofFirst[j - 1]);
  for (let j = 0; j < n; j++) assertLess(Math.abs(ofFirst[j] + ofFirst[n - 1 - j] - 1), 1e-6);
});

Deno.test("the nearest image is the image itself, where it is among those known", () => {
  const samples = [...Array(50).keys()];
  assertEquals(nearestNeighbour(IMAGES, samples, IMAGES, samples), samples.map((k) => IMAGES.labels[k]));
});

Deno.test("every arm of the benchmark runs in short, better than chance, and a second time to the digit", async () => {
  for (const arm of Object.keys(fewShot.benchmark.arms)) {
    const first = await fewShot.benchmark.run(arm, 3, true, {});
    assertGreater(first.value, 0.15, arm);
    // Networks are kept for the next arm: those that are read twice are trained twice by the other arm's turn.
    if (arm === "semi" || arm === "nearest-neighbour") continue;
    assertEquals(await fewShot.benchmark.run(arm, 3, true, {}), first, arm);
  }
});
