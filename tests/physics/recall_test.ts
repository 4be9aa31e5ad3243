/** Associative memory: recall from a part, and what replay in sleep does to the weights of what is remembered. */

import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { PlasticitySpec } from "../../src/brain/spec.ts";
import { encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { InputError } from "../../src/state/errors.ts";
import { RandomStream } from "../../src/state/random.ts";
import { measured } from "./measured.ts";
import { mean, range, sorted } from "./observe.ts";
import { SEQUENCE, sleeper } from "./stages.ts";

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
  await assertRejects(() => brain.recall("m", [40]), InputError, "neuron is 40; expected a whole number from 0 to 39");
  await assertRejects(() => brain.recall("m", []), InputError, "the cue is empty");
  await assertRejects(() => brain.recall("line", [0]), InputError, "has no memory");
  await assertRejects(() => brain.recall("n", [0]), InputError, "no such region");
  await assertRejects(() => brain.recall("m", [0], { duration: 5 } as never), InputError, 'did you mean "durationMs"?');
  assertEquals(encodeSnapshot(brain), state, "nothing happened");
  brain.startSleep(100);
  await assertRejects(() => brain.recall("m", [0]), InputError, "sleeps");
  await brain.run(100);
  assertEquals((await brain.recall("m", [12])).trace, 0);
});
