/** Sleep: traces are replayed in their order, compressed; what is outside is shut out; only what is chosen learns. */

import {
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { REPLAY } from "../../src/biology/memory.ts";
import { Brain } from "../../src/brain/brain.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { InputError } from "../../src/state/errors.ts";
import { differences } from "../property/differences.ts";
import { measured } from "./measured.ts";
import { range, sorted } from "./observe.ts";
import { inOrder, SEQUENCE, sleeper, Stage } from "./stages.ts";

Deno.test("sleep replays a trace in its order, compressed, and shuts out stimuli and currents", async () => {
  const brain = sleeper();
  brain.stimulate("line", [1], { maxRateHz: 200 });
  brain.injectCurrent("m", 30);
  const recording = brain.record({ spikes: true });
  const { replays, steps } = await brain.sleep(1000);
  recording.stop();
  assertEquals([replays, steps, brain.asleep], [10, 1000, false]);
  assertEquals(recording.spikes("line").neuron.length, 0);
  const { neuron, timeMs } = recording.spikes("m"), begin = brain.timeMs - 1000;
  assertEquals(new Set(neuron), new Set(SEQUENCE), "nobody else");
  for (let r = 0; r < 10; r++) {
    const now = Array.from(neuron.keys()).filter((k) => Math.floor((timeMs[k] - begin) / 100) === r);
    assertEquals(now.map((k) => neuron[k]), SEQUENCE, `replay ${r}`);
    // Spikes 5 ms apart in waking are 1 ms apart: 35 ms become 7.
    assertAlmostEquals(timeMs[now.at(-1)!] - timeMs[now[0]], 7, 1);
  }
  const lasted = timeMs[7] - timeMs[0];
  measured("memory", "duration of a replay at compression 5, relative to waking", lasted / 35, "1", import.meta);
  // Awake again, stimuli and currents are there as before.
  const { spikes } = await brain.run(200);
  assertLess(100, spikes);
});

Deno.test("compression sets how much faster: 1 replays at the speed of waking", async () => {
  for (const [compression, expected] of [[1, 35], [2.5, 14]]) {
    const brain = sleeper({ compression });
    const recording = brain.record({ spikes: ["m"] });
    await brain.sleep(100);
    const { neuron, timeMs } = recording.stop().spikes("m");
    assertEquals([...neuron], SEQUENCE);
    assertAlmostEquals(timeMs[7] - timeMs[0], expected, 1);
  }
});

Deno.test("in sleep only the chosen projections change; with none, no weight at all; awake all is as before", async () => {
  const weights = (brain: Brain) => brain.projections.map((p) => p.weights);
  const switches = (brain: Brain) =>
    [...brain.arrays.entries()].filter(({ name }) => /[eE]nabled$/.test(name)).map(({ name, data }) => [name, data[0]]);
  const brain = sleeper();
  brain.freezePlasticity("projection:other");
  const before = switches(brain);
  brain.unfreezePlasticity("projection:other");
  const open = switches(brain);
  await brain.run(100); // normalization settles
  for (const [plastic, changes] of [[[], []], [["m->m"], ["m->m"]], [["other"], ["other"]]]) {
    const twin = brain.clone(), old = weights(twin);
    const { replays } = await twin.sleep(1000, { plastic });
    assertEquals(replays, 10);
    const changed = twin.projections.filter((p, k) => p.weights.some((w, j) => w !== old[k][j])).map(({ name }) =>
      name
    );
    assertEquals(changed, changes);
    assertEquals(switches(twin), open);
    assertEquals([...twin.arrays.get("brain.sleep", "i32")], [0, 0]);
    assertEquals(twin.traces("m"), brain.traces("m"), "replays are no events");
  }
  // What was frozen before stays frozen after.
  brain.freezePlasticity("projection:other");
  const old = weights(brain);
  await brain.sleep(500, { plastic: ["m->m", "other"] });
  assertEquals(switches(brain), before);
  assertEquals(weights(brain)[2], old[2]);
});

Deno.test("a sleep that is saved in the middle goes on and ends exactly", async () => {
  const whole = sleeper(), half = sleeper();
  for (const brain of [whole, half]) {
    brain.stimulate("line", [1], { maxRateHz: 100 });
    brain.startSleep(800);
  }
  await whole.run(1000);
  await half.run(333);
  assertEquals(half.asleep, true);
  const resumed = decodeSnapshot(encodeSnapshot(half));
  assertEquals(resumed.asleep, true);
  assertThrows(() => resumed.startSleep(10), InputError, "sleeps already");
  await resumed.run(667);
  assertEquals(differences(resumed, whole), []);
  assertEquals([resumed.asleep, resumed.projection("m->m").plastic], [false, true]);
});

Deno.test("stepping through a sleep wakes in time too", () => {
  const brain = sleeper();
  brain.startSleep(30, { plastic: ["m->m"] });
  for (let k = 0; k < 30; k++) {
    assertEquals(brain.asleep, true);
    assertEquals(brain.projection("other").plastic, false);
    brain.step();
  }
  assertEquals([brain.asleep, brain.projection("other").plastic], [false, true]);
});

Deno.test("shuffled replay fires as many neurons at the same times, but others", async () => {
  const brain = sleeper(), twin = brain.clone();
  const spikes = async (b: Brain, shuffled: boolean) => {
    const recording = b.record({ spikes: ["m"] });
    await b.sleep(1000, { shuffled, plastic: [] });
    return recording.stop().spikes("m");
  };
  const own = await spikes(brain, false), shuffled = await spikes(twin, true);
  assertEquals(shuffled.timeMs, own.timeMs);
  const sets = range(0, 10).map((r) => sorted(shuffled.neuron.slice(8 * r, 8 * r + 8)));
  for (const set of sets) {
    assertEquals(new Set(set).size, 8, "distinct");
    assertLess(set.filter((k) => SEQUENCE.includes(k)).length, 6);
  }
  assertLess(8, new Set(sets.map(String)).size, "another shuffle each time");
});

Deno.test("stronger traces are replayed more often, in proportion", async () => {
  const stage = new Stage(30, { replayEveryMs: 50 }).quiet(12), groups = [range(0, 10), range(10, 20)];
  for (const g of [0, 1, 1, 1]) stage.window(inOrder(groups[g], 2));
  stage.quiet(4);
  const recording = stage.brain.record({ spikes: true });
  const { replays } = await stage.brain.sleep(10_000);
  const { neuron } = recording.stop().spikes("m");
  const first = neuron.filter((k) => k === 0).length, second = neuron.filter((k) => k === 10).length;
  assertEquals([replays, first + second], [200, 200]);
  assertAlmostEquals(second / replays, 0.75, 4 * Math.sqrt(0.75 * 0.25 / 200));
});

Deno.test("a brain without memory sleeps too; what it does not have is refused by name", async () => {
  const brain = new Brain();
  brain.addRegion("n", "sensory", { neurons: 5 });
  assertEquals((await brain.sleep(50)).replays, 0);
  const own = sleeper();
  await assertRejects(
    () => own.sleep(100, { regions: ["line"] }),
    '"line": it has no memory; known regions with memory: m',
  );
  await assertRejects(() => own.sleep(100, { plastic: ["m->n"] }), InputError, 'no plastic projection "m->n"');
  await assertRejects(
    () => own.sleep(100, { plastic: ["line->m"] }),
    InputError,
    "known plastic projections and regions: m->m, other, region:m",
  );
  await assertRejects(() => own.sleep(0), InputError, "duration");
  assertEquals(own.asleep, false);
  assertEquals((await own.sleep(100, { regions: [] })).replays, 0);
});

Deno.test("a dead neuron is no longer replayed, and the summary counts traces and replays", async () => {
  const brain = sleeper();
  brain.lesion("m", [SEQUENCE[2]]);
  const recording = brain.record({ spikes: ["m"] });
  await brain.sleep(200);
  const { neuron } = recording.stop().spikes("m");
  assertEquals([...neuron.slice(0, 7)], SEQUENCE.filter((_, k) => k !== 2));
  const { traces, replays } = brain.summary().regions[1].mechanisms.memory;
  assertEquals([traces, replays], [1, 2]);
  assertEquals(brain.arrays.get("region.m.memory.replay", "i32")[REPLAY.on], 0);
  assertNotEquals(neuron.length, 0);
});

Deno.test("thresholds go on to adapt in sleep where the region is named, and nowhere else", async () => {
  const moved = async (plastic: string[]) => {
    const brain = new Brain({ seed: 2 });
    for (const name of ["a", "b"]) {
      brain.addRegion(name, "sensory", {
        neurons: 4,
        inhibitory: 0,
        memory: true,
        excitability: { targetHz: 10, gain: 0.1, everyMs: 100 },
      });
    }
    await brain.sleep(500, { plastic });
    const bias = (name: string) => brain.arrays.get(`region.${name}.excitability.bias`, "f32")[0];
    const asleep = [bias("a"), bias("b")];
    await brain.run(100);
    assertNotEquals([bias("a"), bias("b")], asleep, "awake, all do");
    return asleep.map((b) => b !== 0);
  };
  assertEquals(await moved([]), [false, false]);
  assertEquals(await moved(["region:a"]), [true, false]);
  assertEquals(await moved(["region:a", "region:b"]), [true, true]);
  await assertRejects(() => moved(["region:c"]), InputError, 'no plastic projection "region:c"');
});

Deno.test("births and deaths stand still in sleep, also where a region learns", async () => {
  const brain = new Brain({ seed: 2 });
  brain.addRegion("a", "sensory", {
    neurons: 4,
    maxNeurons: 40,
    noise: 5,
    growth: { births: 1e4, everyMs: 50 },
    scaling: true,
  });
  await brain.sleep(500, { plastic: ["region:a"] });
  assertEquals(brain.region("a").neurons, 4);
  await brain.run(100);
  assertLess(4, brain.region("a").neurons);
});
