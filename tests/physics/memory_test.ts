/** Memory traces: capture of assemblies, replay in sleep, what replay does to weights, and recall from a part. */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertNotEquals, assertThrows } from "@std/assert";
import { type MemoryValues, REPLAY } from "../../src/biology/memory.ts";
import { Brain } from "../../src/brain/brain.ts";
import type { PlasticitySpec } from "../../src/brain/spec.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { InputError } from "../../src/state/errors.ts";
import { RandomStream } from "../../src/state/random.ts";
import { differences } from "../property/random_brain.ts";
import { measured } from "./measured.ts";
import { assertWithin, mean } from "./observe.ts";

/** A region that does nothing by itself, whose windows are filled by hand. */
class Stage {
  readonly brain: Brain;
  constructor(readonly neurons: number, memory: Partial<MemoryValues> = {}) {
    this.brain = new Brain({ seed: 1 });
    this.brain.addRegion("m", "memory", { neurons, pattern: "regularSpiking", memory: { windowMs: 50, ...memory } });
  }

  /** One window: who fires when (ms after its beginning). */
  window(events: readonly (readonly [neuron: number, ms: number])[]): void {
    for (let ms = 0; ms < 50; ms++) {
      const now = events.filter(([, at]) => at === ms).map(([k]) => k);
      if (now.length > 0) this.brain.injectSpikes("m", now);
      this.brain.step();
    }
  }

  /** Windows without events. */
  quiet(windows: number): this {
    for (let k = 0; k < windows; k++) this.window([]);
    return this;
  }

  get traces() {
    return this.brain.traces("m");
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);
/** An assembly that fires in its order, one neuron a ms. */
const inOrder = (neurons: readonly number[], everyMs = 1) => neurons.map((k, j) => [k, 2 + j * everyMs] as const);
const sorted = (list: Iterable<number>) => [...list].sort((a, b) => a - b);

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

/** A stage with a captured sequence, and lines that would disturb its sleep. */
function sleeper(memory: Partial<MemoryValues> = {}): Brain {
  const brain = new Brain({ seed: 3 });
  brain.addRegion("line", "input", { neurons: 5 });
  brain.addRegion("m", "memory", {
    neurons: 40,
    pattern: "regularSpiking",
    inhibitoryPattern: "fastSpiking",
    memory: { windowMs: 50, replayEveryMs: 100, compression: 5, ...memory },
  });
  brain.connect("line", "m", { density: 1, weight: 40 });
  brain.connect("m", "m", { density: 0.3, weight: 0.1, plasticity: "stdp" });
  brain.connect("m", "m", { name: "other", density: 0.2, weight: 0.1, plasticity: { normalization: { everyMs: 20 } } });
  for (let k = 0; k < 600; k++) brain.step();
  for (let ms = 0; ms < 50; ms++) {
    const k = SEQUENCE.indexOf(SEQUENCE[(ms - 4) / 5] ?? -1);
    if (ms >= 4 && (ms - 4) % 5 === 0 && k >= 0) brain.injectSpikes("m", [SEQUENCE[k]]);
    brain.step();
  }
  for (let k = 0; k < 400; k++) brain.step();
  assertEquals(brain.traces("m").length, 1);
  return brain;
}

const SEQUENCE = [12, 3, 31, 20, 7, 1, 25, 16];

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
  await assertRejects(() => own.sleep(100, { plastic: ["m->n"] }), 'no plastic projection "m->n"');
  await assertRejects(() => own.sleep(100, { plastic: ["line->m"] }), "known plastic projections: m->m, other");
  await assertRejects(() => own.sleep(0), "duration");
  assertEquals(own.asleep, false);
  assertEquals((await own.sleep(100, { regions: [] })).replays, 0);
});

async function assertRejects(act: () => Promise<unknown>, words: string): Promise<void> {
  try {
    await act();
  } catch (error) {
    assert(error instanceof InputError && error.message.includes(words), `${error}`);
    return;
  }
  throw new Error(`nothing was refused: ${words}`);
}

/** An associative region: all-to-all, plastic, with fast inhibition. */
function associative(plasticity: PlasticitySpec, seed = 1): Brain {
  const brain = new Brain({ seed });
  brain.addRegion("m", "memory", {
    neurons: 400,
    pattern: "regularSpiking",
    inhibitoryPattern: "fastSpiking",
    memory: { capacity: 30, zScore: 3, smallest: 10 },
  });
  brain.connect("m", "m", {
    density: 1,
    weight: 0.1,
    delay: { uniform: [1, 3] },
    plasticity: { weightMax: 3, tauPlusMs: 10, tauMinusMs: 20, ...plasticity },
  });
  brain.region("m").addLateralInhibition({ weight: 0.01 });
  return brain;
}

/** Patterns of so many of the excitatory neurons. */
function drawPatterns(count: number, size: number, seed: number): number[][] {
  const stream = new RandomStream(seed, "patterns");
  return range(0, count).map(() => sorted(stream.permutation(320).slice(0, size)));
}

async function present(brain: Brain, pattern: readonly number[], rateHz: number, pauseMs = 200): Promise<void> {
  const values = new Float32Array(400);
  for (const k of pattern) values[k] = 1;
  brain.stimulate("m", values, { maxRateHz: rateHz, durationMs: 100 });
  await brain.run(100 + pauseMs);
}

/** Mean overlap and precision of recalls from half of each pattern. */
async function recallAll(brain: Brain, patterns: readonly number[][]) {
  const results = [];
  for (const pattern of patterns) {
    const twin = brain.clone();
    results.push(await twin.recall("m", pattern.filter((_, k) => k % 2 === 0), { durationMs: 30 }));
  }
  return results;
}

Deno.test("from half of each of 20 patterns, recall brings back at least 90 % of the rest; without plasticity less than 30 %", async () => {
  const patterns = drawPatterns(20, 24, 5), overlaps: number[] = [], precisions: number[] = [];
  for (const learns of [true, false]) {
    const brain = associative({ aPlus: 0.05, aMinus: 0.005 });
    if (!learns) brain.freezePlasticity("projection:m->m");
    await brain.run(1000);
    for (let round = 0; round < 3; round++) for (const pattern of patterns) await present(brain, pattern, 100);
    const results = await recallAll(brain, patterns);
    if (learns) assertEquals(brain.traces("m").length, 20, "one trace a pattern");
    // The trace that a cue belongs to is its own pattern.
    const traces = brain.traces("m");
    results.forEach(({ trace }, k) =>
      assertEquals([...traces[trace].neurons].filter((n) => !patterns[k].includes(n)), [])
    );
    overlaps.push(mean(results.map(({ overlap }) => overlap)));
    precisions.push(mean(results.flatMap(({ precision }) => precision ?? [])));
  }
  assertLess(0.9, overlaps[0]);
  assertLess(overlaps[1], 0.3);
  assertLess(0.8, precisions[0]);
  measured("memory", "mean overlap of recall from half cues, 20 patterns of 24 in 400", overlaps[0], "1", import.meta);
  measured("memory", "the same without plasticity while they were stored", overlaps[1], "1", import.meta);
  measured("memory", "mean precision of recall", precisions[0], "1", import.meta);
});

Deno.test("replay strengthens the synapses inside replayed assemblies; without replay, or with shuffled traces, it does not", async () => {
  const patterns = drawPatterns(5, 24, 6), brain = associative({ aPlus: 0.02, aMinus: 0.002 });
  await brain.run(1000);
  for (const pattern of patterns) await present(brain, pattern, 50);
  assertEquals(brain.traces("m").length, 5);
  const inside = (b: Brain) => {
    const { pre, post, weight } = b.projection("m->m").synapseTable(), sets = patterns.map((p) => new Set(p));
    return mean([...weight].filter((_, k) => sets.some((set) => set.has(pre[k]) && set.has(post[k]))));
  };
  const before = inside(brain), gain = new Map<string, number>();
  for (
    const [name, options] of Object.entries({
      replay: {},
      none: { regions: [], plastic: ["m->m"] },
      silent: { plastic: [] },
      shuffled: { shuffled: true },
    })
  ) {
    const twin = brain.clone();
    const { replays } = await twin.sleep(10_000, options);
    assertEquals(replays > 0, name !== "none");
    gain.set(name, inside(twin) / before - 1);
  }
  assertLess(0.1, gain.get("replay")!);
  assertLess(Math.abs(gain.get("none")!), 0.01);
  assertEquals(gain.get("silent"), 0);
  assertLess(gain.get("shuffled")!, 0.2 * gain.get("replay")!);
  for (const [name, g] of gain) {
    measured("memory", `gain of weights inside assemblies in 10 s of sleep: ${name}`, g, "1", import.meta);
  }
});

Deno.test("recall names its trace, and changes nothing but the passing of time: not plastic, no new trace, currents as before", async () => {
  const brain = sleeper();
  brain.injectCurrent("m", -1);
  const weights = brain.projections.map((p) => p.weights), current = brain.arrays.get("neuron.current", "f32").slice();
  const { trace, overlap, precision, recalled } = await brain.recall("m", SEQUENCE.slice(0, 4), {
    durationMs: 60,
    everyMs: 20,
  });
  assertEquals(
    [trace, overlap, precision, [...recalled]],
    [0, 0, null, []],
    "too weak synapses to bring anything back",
  );
  assertEquals(brain.projections.map((p) => p.weights), weights);
  assertEquals(brain.arrays.get("neuron.current", "f32"), current);
  assertEquals(brain.projection("m->m").plastic, true);
  assertEquals(brain.traces("m").length, 1);
  assertEquals((await brain.recall("m", [0, 2])).trace, -1);
});

Deno.test("recall refuses a sleeping brain, an unknown neuron, an empty cue and a region without memory", async () => {
  const brain = sleeper(), state = encodeSnapshot(brain);
  await assertRejects(() => brain.recall("m", [40]), "neuron is 40; expected a whole number from 0 to 39");
  await assertRejects(() => brain.recall("m", []), "the cue is empty");
  await assertRejects(() => brain.recall("line", [0]), "has no memory");
  await assertRejects(() => brain.recall("n", [0]), "no such region");
  await assertRejects(() => brain.recall("m", [0], { duration: 5 } as never), 'did you mean "durationMs"?');
  assertEquals(encodeSnapshot(brain), state, "nothing happened");
  brain.startSleep(100);
  await assertRejects(() => brain.recall("m", [0]), "sleeps");
  await brain.run(100);
  assertEquals((await brain.recall("m", [12])).trace, 0);
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
