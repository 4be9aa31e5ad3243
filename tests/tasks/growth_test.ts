/** Networks that grow while they learn. */

import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { growth } from "../../src/tasks/growth.ts";

const run = (arm: string) => growth.benchmark.run(arm, 3, true, {});

Deno.test("a network grows as far as what comes is new, and those that it keeps are used", async () => {
  const { details } = await run("grown") as { details: Record<string, number> };
  assertLess(20 + 10, details.neurons);
  assertEquals(details.neurons, 20 + details.births - details.deaths);
  assertGreater(details.deaths, 0);
  assertGreater(details.used, 0.8 * details.neurons);
  assertEquals((await run("no-death")).details.deaths, 0);
  assertLess((await run("fixed-start")).also!.value, 20.001);
});

Deno.test("where classes come one after the other, a network that grows keeps what one of fixed size loses", async () => {
  const [grown, fixed] = [await run("stream-grown"), await run("stream-fixed-room")];
  assertGreater(grown.value, fixed.value + 0.1);
  assertLess(grown.also!.value, fixed.also!.value, "with fewer neurons");
  assertEquals(await run("stream-grown"), grown, "a second time to the digit");
});
