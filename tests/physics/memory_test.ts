/** Memory traces: which activity is an event, and what is captured of it. */

import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { RandomStream } from "../../src/state/random.ts";
import { assertWithin, range, sorted } from "./observe.ts";
import { inOrder, Stage } from "./stages.ts";

Deno.test("an event is activity far beyond its running mean; steady activity makes none, however strong", () => {
  const steady = new Stage(60);
  const dice = new RandomStream(9, "steady");
  // Every neuron with probability 0.4 in each window: 24 ± 4 spikes.
  for (let k = 0; k < 200; k++) {
    steady.window(range(0, 60).filter(() => dice.uniform() < 0.4).map((i) => [i, Math.floor(50 * dice.uniform())]));
  }
  assertLess(steady.traces.length, 4); // 3 σ, of windows that are few at first: some of 200 by chance
  const { statistics } = steady.brain.program().regions[0].mechanisms.get("memory")!.data;
  assertWithin(statistics[0], 24, 0.1);
  assertWithin(Math.sqrt(statistics[1]), Math.sqrt(60 * 0.4 * 0.6), 0.4);
  // The same 45 spikes: an event here, if it stands out by more than 3 σ ≈ 11.
  const before = steady.traces.length;
  steady.window(inOrder(range(0, 45)));
  assertEquals(steady.traces.length, before + 1);
  // And z-scores below it are none.
  const strict = new Stage(60, { zScore: 30 }).quiet(12);
  strict.window(inOrder(range(0, 25)));
  assertEquals(strict.traces.length, 0);
});

Deno.test("the first ten windows make no event, and too few neurons no assembly", () => {
  const early = new Stage(30).quiet(5);
  early.window(inOrder(range(0, 20)));
  assertEquals(early.traces.length, 0);
  const few = new Stage(30, { smallest: 8 }).quiet(12);
  few.window(inOrder(range(0, 7)));
  assertEquals(few.traces.length, 0);
  few.window(inOrder(range(0, 8)));
  assertEquals(few.traces.map(({ neurons }) => [...neurons]), [range(0, 8)]);
});

Deno.test("a trace holds its neurons with the times of their spikes, in order", () => {
  const stage = new Stage(40).quiet(12), order = [7, 30, 2, 19, 11, 25];
  stage.window(inOrder(order, 4));
  const [{ neurons, latencyMs, strength, seenMs }] = stage.traces;
  assertEquals([...neurons], sorted(order));
  const byLatency = range(0, 6).sort((a, b) => latencyMs[a] - latencyMs[b]).map((k) => neurons[k]);
  assertEquals(byLatency, order);
  assertEquals([...latencyMs].sort((a, b) => a - b), [2, 6, 10, 14, 18, 22]);
  assertEquals([strength, seenMs], [1, stage.brain.timeMs]);
});

Deno.test("occurrences that overlap by the Jaccard index are one trace; members are those of at least half of them", () => {
  const stage = new Stage(60, { overlap: 0.5 }).quiet(12);
  stage.window(inOrder(range(0, 12)));
  stage.window(inOrder(range(3, 15))); // 9 of 15: 0.6
  assertEquals(stage.traces.length, 1);
  assertEquals([...stage.traces[0].neurons], range(0, 15), "each in one of two");
  stage.window(inOrder(range(3, 12)));
  // 0–2 and 12–14 in one of three.
  assertEquals([...stage.traces[0].neurons], range(3, 12));
  assertEquals(stage.traces[0].strength, 3);
  stage.window(inOrder(range(9, 21))); // 3 of 18
  assertEquals(stage.traces.length, 2);
  // Latencies are averaged over the occurrences in which a neuron fired: 3 at 5, 2 and 2 ms.
  assertAlmostEquals(stage.traces[0].latencyMs[0], 3, 1e-5);
  const all = new Stage(60, { overlap: 1 }).quiet(12);
  all.window(inOrder(range(0, 12)));
  all.window(inOrder(range(0, 11)));
  all.window(inOrder(range(0, 12)));
  assertEquals(all.traces.map(({ strength }) => strength), [2, 1]);
});

Deno.test("at its capacity a region forgets the oldest trace, or when asked the weakest", () => {
  const groups = range(0, 4).map((g) => range(10 * g, 10 * g + 10));
  const run = (keepStrongest: number) => {
    const stage = new Stage(40, { capacity: 3, keepStrongest }).quiet(12);
    // Group 0 twice, then 1, 2: the oldest is 0, the weakest 1.
    for (const g of [0, 0, 1, 2]) stage.window(inOrder(groups[g]));
    assertEquals(stage.traces.length, 3);
    stage.window(inOrder(groups[3]));
    return stage.traces.map(({ neurons }) => neurons[0] / 10).sort();
  };
  assertEquals(run(0), [1, 2, 3]);
  assertEquals(run(1), [0, 2, 3]);
});

Deno.test("frozen, a region captures nothing, and goes on with its statistics when thawed", () => {
  const stage = new Stage(30).quiet(12);
  stage.brain.freezePlasticity("region:m");
  stage.window(inOrder(range(0, 20)));
  assertEquals(stage.traces.length, 0);
  stage.brain.unfreezePlasticity();
  stage.window(inOrder(range(0, 20)));
  assertEquals(stage.traces.length, 1);
});
