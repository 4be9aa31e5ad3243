/** Sleep between what is learnt: what its replays change, and what they must not. */

import { assertEquals, assertGreater } from "@std/assert";
import { sleep } from "../../src/tasks/sleep.ts";

Deno.test("replays fire the network and change it; other rests do what they say", async () => {
  const run = (arm: string) => sleep.benchmark.run(arm, 1, true, {});
  const rests = async (arm: string) => (await run(arm)).details.rests as Record<string, number>;
  // Two sleeps of 4 s, a replay every 80 ms.
  const [replay, silent] = [await run("replay"), await run("silent")], own = replay.details.rests as typeof none;
  assertEquals([own.replays, own.lineSpikes], [100, 0]);
  assertGreater(own.spikes, 20, "replays make the network fire");
  const { spikes: _, ...still } = silent.details.rests as typeof none;
  assertEquals(still, { replays: 100, lineSpikes: 0, weights: 0, thresholds: 0 });
  assertEquals(replay.details.learntFirst, silent.details.learntFirst, "before the first rest all are the same");
  const none = await rests("no-replay"), awake = await rests("awake"), noise = await rests("noise");
  assertEquals([none.replays, none.weights, awake.replays, awake.lineSpikes], [0, 0, 0, 0]);
  assertGreater(none.thresholds, 0, "thresholds go on");
  assertGreater(noise.lineSpikes, 1000);
  assertEquals((await rests("shuffled")).replays, 100);
  const weights = await rests("replay-weights"), thresholds = await rests("replay-thresholds");
  assertEquals([weights.thresholds, thresholds.weights], [0, 0]);
  assertGreater(weights.weights, 0);
  assertGreater(thresholds.thresholds, 0);
  assertEquals(await rests("no-rest"), { ...still, replays: 0, spikes: 0 });
  assertEquals(await run("replay"), replay, "a second time to the digit");
});
