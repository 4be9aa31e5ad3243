/** Sleep between what is learnt: what its replays change, and what they must not. */

import { assert, assertEquals, assertGreater } from "@std/assert";
import type { Outcome } from "../../src/tasks/task.ts";
import { sleep } from "../../src/tasks/sleep.ts";

Deno.test("replays fire the network and change it; a silent sleep replays as much and changes nothing", async () => {
  const run = async (arm: string) =>
    (await sleep.benchmark.run(arm, 1, true, {})) as Outcome & { details: Record<string, number> };
  const [replay, silent, none] = [await run("replay"), await run("silent"), await run("no-replay")];
  // Two sleeps of 4 s, a replay every 80 ms.
  assertEquals([replay.details.replays, silent.details.replays, none.details.replays], [100, 100, 0]);
  assertGreater(replay.details.restSpikes, 20, "replays make the network fire");
  assertEquals(none.details.restSpikes, 0);
  assertEquals(silent.details.changed, 0);
  assertGreater(replay.details.changed, none.details.changed, "what fires learns; else only thresholds move");
  assert(replay.details.learntFirst === silent.details.learntFirst, "before the first sleep all are the same");
  assertEquals(await run("replay"), replay, "a second time to the digit");
});
