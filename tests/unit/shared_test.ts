/** What arms of a benchmark share. */

import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { alike, choose, type Job } from "../../src/cli/jobs.ts";
import { Shared } from "../../src/tasks/shared.ts";

Deno.test("the same is made once; another is made, and what was before is disposed of", async () => {
  const shared = new Shared<{ name: string; [Symbol.dispose](): void }>(), gone: string[] = [];
  const make = (name: string) => () => Promise.resolve({ name, [Symbol.dispose]: () => void gone.push(name) });
  const first = await shared.of(["a", 1], make("first"));
  assertStrictEquals((await shared.of(["a", 1], make("again"))).value, first.value);
  assert(first.madeS >= 0);
  assertEquals(gone, []);
  assertEquals((await shared.of(["a", 2], make("second"))).value.name, "second");
  assertEquals(gone, ["first"]);
});

Deno.test("who asks after a failure tries again, and a late failure leaves what came after it", async () => {
  const shared = new Shared<number>();
  await assertRejects(() => shared.of("a", () => Promise.reject(new Error("no"))), Error, "no");
  assertEquals((await shared.of("a", () => Promise.resolve(1))).value, 1);
  let fail = (_: Error) => {};
  const late = shared.of("b", () => new Promise((_, reject) => fail = reject));
  const made = await shared.of("c", () => Promise.resolve(3));
  fail(new Error("late"));
  await assertRejects(() => late, Error, "late");
  assertStrictEquals(await shared.of("c", () => Promise.resolve(4)), made);
});

Deno.test("a worker goes on with what is like its last run, then with what is like no other's", () => {
  const job = (arm: string, seed: number): Job => ({ task: "t", arm, seed, quick: true, options: {} });
  const queue = [job("b", 0), job("a", 1), job("b", 1)];
  assert(alike(job("a", 0), job("b", 0)) && !alike(job("a", 0), job("a", 1)));
  assertEquals(choose(queue, job("a", 1), [job("a", 0)]), 1);
  assertEquals(choose(queue, undefined, [job("a", 0)]), 1);
  assertEquals(choose(queue, job("a", 2), [job("a", 0), job("c", 1)]), 0);
  assertEquals(choose([], undefined, []), -1);
});
