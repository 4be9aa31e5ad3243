/** Networks that grow while they learn. */

import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { growth } from "../../src/tasks/growth.ts";

const run = (arm: string) => growth.benchmark.run(arm, 3, true, {});

Deno.test("a network grows as far as what comes is new, and those that it keeps are used", async () => {
  const { details } = await run("grown") as { details: Record<string, number> };
  assertLess(20 + 10, details.neurons);
  assertEquals(details.neurons, 20 + details.births - details.deaths);
  assertGreater(details.deaths, 0);
  assertGreater(details.answering, 0.6 * details.neurons);
  assertEquals((await run("no-death")).details.deaths, 0);
});

Deno.test("where classes come one after the other, neurons that mature keep what others lose, also where they are born for it", async () => {
  const [grown, fixed, mature] = [
    await run("stream-grown"),
    await run("stream-fixed-room"),
    await run("stream-fixed-final-mature"),
  ];
  assertGreater(Math.min(grown.value, mature.value), fixed.value + 0.1);
  assertLess(grown.also!.value, mature.also!.value, "with fewer neurons");
  assertEquals(await run("stream-grown"), grown, "a second time to the digit");
});
