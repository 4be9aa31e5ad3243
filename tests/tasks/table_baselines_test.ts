/** Well-known methods on tables: where each must be right, where it must fail, and what they are worth on the flowers. */

import { assert, assertEquals } from "@std/assert";
import { flowers } from "../../src/tasks/iris.ts";
import type { Table } from "../../src/tasks/table.ts";
import { logistic, nearestRow, oneRule } from "../../src/tasks/table_baselines.ts";

/** Twenty rows a class, about the centres of the classes. */
function clouds(centres: number[][]): Table {
  const rows = centres.flatMap((centre) =>
    Array.from({ length: 20 }, (_, k) => centre.map((x, c) => x + 0.01 * ((7 * k + 3 * c) % 20)))
  );
  return {
    name: "clouds",
    columns: centres[0].map((_, c) => `c${c}`),
    rows,
    classes: centres.map((_, c) => `class ${c}`),
    labels: rows.map((_, i) => Math.floor(i / 20)),
  };
}

Deno.test("classes that lie apart are told apart by all, whatever their order", () => {
  // The last column ranks the classes 1, 2, 0.
  const table = clouds([[0, 5], [1, 1], [2, 3]]);
  for (const method of [logistic, nearestRow, oneRule]) assertEquals(method(table, 1), 1);
});

Deno.test("a rule on the last column does not see the others, and no line divides what lies crosswise", () => {
  assert(oneRule(clouds([[0, 1], [1, 1], [2, 1]]), 1) < 0.7);
  const crosswise = clouds([[0, 0], [1, 1], [0, 1], [1, 0]]);
  crosswise.labels = crosswise.labels.map((label) => Math.floor(label / 2));
  crosswise.classes = ["a", "b"];
  assertEquals(nearestRow(crosswise, 2), 1);
  assert(logistic(crosswise, 2) < 0.8);
});

Deno.test("on flowers they are worth what they are known to be", () => {
  const mean = (method: typeof logistic, seeds: number) => {
    let sum = 0;
    for (let seed = 1000; seed < 1000 + seeds; seed++) sum += method(flowers, seed) / seeds;
    return sum;
  };
  for (const [method, seeds] of [[nearestRow, 40], [oneRule, 40], [logistic, 10]] as const) {
    const found = mean(method, seeds);
    assert(found > 0.92 && found < 0.99, String(found));
  }
});
