/** What recordings note, and that asking for what is not there is refused. */

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { RecordOptions } from "../../src/brain/recording.ts";
import { InputError } from "../../src/state/errors.ts";

/** Input lines onto a noisy cortex with plastic synapses. */
function brain(dt = 1): Brain {
  const made = new Brain({ dt, seed: 4 });
  made.addRegion("lines", "input", { neurons: 5 });
  made.addRegion("cortex", "association", { neurons: 20, noise: 6 });
  made.connect("lines", "cortex", { density: 0.5, plasticity: "stdp" });
  made.connect("lines", "cortex", { name: "paid", density: 1, plasticity: "rstdp" });
  made.stimulate("lines", [0.9, 0.4], { maxRateHz: 200 });
  return made;
}

Deno.test("every spike is noted: once, at the start of its step, in order of time, then of neuron", async () => {
  const own = brain(0.5), { recording, spikes } = await own.run(400, { record: { spikes: true } });
  const { neuron, timeMs } = recording!.spikes();
  assertEquals(neuron.length, spikes);
  assert(spikes > 50);
  for (let k = 1; k < spikes; k++) {
    assert(timeMs[k] > timeMs[k - 1] || (timeMs[k] === timeMs[k - 1] && neuron[k] > neuron[k - 1]));
  }
  assert(timeMs.every((t) => t >= 0 && t < 200 && Number.isInteger(t / 0.5)));
  const counts = new Uint32Array(25);
  for (const i of neuron) counts[i]++;
  assertEquals(counts, own.program().activity.count);
});

Deno.test("spikes of one region are counted within it, and are those of the whole in its range", async () => {
  const { recording } = await brain().run(200, { record: { spikes: true } });
  const all = recording!.spikes(), cortex = recording!.spikes("cortex"), lines = recording!.spikes("lines");
  const expected = Array.from(all.neuron).flatMap((i, k) => i >= 5 ? [[i - 5, all.timeMs[k]]] : []);
  assertEquals(Array.from(cortex.neuron, (i, k) => [i, cortex.timeMs[k]]), expected);
  assertEquals(cortex.neuron.length + lines.neuron.length, all.neuron.length);
});

Deno.test("a recording of named regions holds their spikes only", async () => {
  const { recording } = await brain().run(200, { record: { spikes: ["lines"] } });
  assert(recording!.spikes().neuron.every((i) => i < 5));
  assert(recording!.spikes().neuron.length > 0);
  assertThrows(() => recording!.spikes("cortex"), InputError, '"cortex"');
});

Deno.test("potentials are those at the end of every step, in the order asked for", async () => {
  const own = brain(), { recording } = await own.run(50, { record: { v: { cortex: [7, 0], lines: [2] } } });
  const { timeMs, columns, values } = recording!.v("cortex");
  assertEquals(columns, ["7", "0"]);
  assertEquals([timeMs.length, timeMs[0], timeMs[49]], [50, 1, 50]);
  const { v } = own.region("cortex");
  assertEquals([...values.slice(98)], [v[7], v[0]]);
  assertEquals(recording!.v("lines").columns, ["2"]);
  const stepped = brain(), seen: number[] = [];
  for (let step = 0; step < 50; step++) {
    stepped.step();
    seen.push(stepped.region("cortex").v[7], stepped.region("cortex").v[0]);
  }
  assertEquals([...values], seen);
});

Deno.test("rates and weights are noted at multiples of the interval, whenever the run began", async () => {
  const own = brain();
  await own.run(33);
  const { recording } = await own.run(100, { record: { rates: true, weights: ["lines->cortex"], everyMs: 25 } });
  assertEquals([...recording!.rates().timeMs], [50, 75, 100, 125]);
  assertEquals(recording!.rates().columns, ["lines", "cortex"]);
  assertEquals(recording!.rates().values.length, 8);
  const { columns, values } = recording!.weights("lines->cortex");
  assertEquals(columns.length, own.projection("lines->cortex").synapses);
  assertEquals(values.length, 4 * columns.length);
});

Deno.test("noted rates and weights are those that the brain shows at that time", async () => {
  const own = brain();
  own.reward(5);
  const { recording } = await own.run(100, { record: { rates: true, weights: ["paid"] } });
  assertEquals(recording!.weights("paid").values, own.projection("paid").weights);
  const mean = (name: string) => own.region(name).rates.reduce((a, b) => a + b, 0) / own.region(name).neurons;
  assertEquals([...recording!.rates().values], [Math.fround(mean("lines")), Math.fround(mean("cortex"))]);
});

Deno.test("a recording goes on over runs and steps until it is stopped, and keeps what it has", async () => {
  const own = brain(), recording = own.record({ spikes: true });
  await own.run(50);
  for (let k = 0; k < 50; k++) own.step();
  recording.stop();
  const before = recording.spikes();
  await own.run(50);
  assertEquals(recording.spikes(), before);
  const whole = await brain().run(100, { record: { spikes: true } });
  assertEquals(before, whole.recording!.spikes());
});

Deno.test("several recordings at once do not disturb each other", async () => {
  const own = brain();
  const a = own.record({ spikes: ["cortex"], v: { cortex: [1] } }),
    b = own.record({ spikes: true, rates: true, everyMs: 7 });
  await own.run(60);
  a.stop();
  await own.run(40);
  const { recording } = await brain().run(100, { record: { spikes: true, v: { cortex: [1] } } });
  const early = (table: { neuron: Uint32Array; timeMs: Float64Array }) =>
    Array.from(table.neuron, (i, k) => [i, table.timeMs[k]]).filter(([, t]) => t < 60);
  assertEquals(b.spikes(), recording!.spikes());
  assertEquals(early(a.spikes("cortex")), early(recording!.spikes("cortex")));
  assertEquals(a.v("cortex").values, recording!.v("cortex").values.slice(0, 60));
});

Deno.test("two recordings of the same neurons each note every step once", async () => {
  const own = brain();
  const a = own.record({ v: { cortex: [1] } }), b = own.record({ v: { cortex: [1] } });
  await own.run(10);
  assertEquals([a.v("cortex").values.length, b.v("cortex").values.length], [10, 10]);
});

Deno.test("what cannot be recorded is refused with what is allowed, before anything runs", async () => {
  const own = brain();
  const cases: [unknown, ...string[]][] = [
    [{ spike: true }, '"spike"', 'did you mean "spikes"?'],
    [{ spikes: ["cortx"] }, '"cortx"', 'did you mean "cortex"?'],
    [{ v: { cortx: [0] } }, '"cortx"', "known regions: lines, cortex"],
    [{ v: { cortex: [20] } }, "20", "from 0 to 19"],
    [{ v: { cortex: [-1] } }, "-1"],
    [{ v: { cortex: [0.5] } }, "0.5", "whole"],
    [{ weights: ["lines->cortx"] }, '"lines->cortx"', "known projections", "paid"],
    [{ rates: true, everyMs: 0 }, "everyMs is 0", "ms"],
    [{ rates: true, everyMs: NaN }, "everyMs is NaN"],
    [{ rates: ["cortex"] }, "rates is", "true or false"],
    [{ v: ["cortex"] }, "v is", "neurons by region"],
    [null, "null"],
  ];
  for (const [options, ...words] of cases) {
    const error = assertThrows(() => own.record(options as RecordOptions), InputError);
    for (const word of words) assertStringIncludes(error.message, word);
  }
  await own.run(5, { record: { spikes: true } });
  assertEquals(own.stepCount, 5);
});

Deno.test("what was not recorded is not given out", async () => {
  const { recording } = await brain().run(5, { record: { v: { cortex: [0] } } });
  assertThrows(() => recording!.spikes(), InputError, "not recorded");
  assertThrows(() => recording!.v("lines"), InputError, '"lines"');
  assertThrows(() => recording!.v("nowhere"), InputError, '"nowhere"');
  assertThrows(() => recording!.rates(), InputError, "not recorded");
  assertThrows(() => recording!.weights("paid"), InputError, '"paid"');
});

Deno.test("a refused run records nothing and advances nothing", async () => {
  const own = brain();
  for (const steps of [-1, 0.5, NaN, 2 ** 31]) {
    let refused = false;
    await own.run(steps).catch((error) => refused = error instanceof InputError);
    assert(refused, `${steps} steps`);
  }
  assertEquals(own.stepCount, 0);
});

Deno.test("a recording of zero steps is empty", async () => {
  const { recording, spikes, meanRateHz } = await brain().run(0, {
    record: { spikes: true, rates: true, v: { cortex: [0] } },
  });
  assertEquals([spikes, meanRateHz], [0, 0]);
  const { neuron, timeMs } = recording!.spikes();
  assertEquals([neuron.length, timeMs.length, recording!.rates().values.length], [0, 0, 0]);
  assertEquals(recording!.v("cortex").values.length, 0);
});

Deno.test("the field of a region is recorded every step, and refused where there is none", async () => {
  const brain = new Brain({ seed: 1 });
  brain.addRegion("cortex", "association", { neurons: 20, noise: 3, field: true, threshold: true });
  brain.addRegion("other", "association", { neurons: 2 });
  const { recording } = await brain.run(50, { record: { lfp: ["cortex"], v: { cortex: [0] } } });
  const { values, timeMs, columns } = recording!.lfp("cortex");
  assertEquals([values.length, timeMs[0], columns], [50, 1, ["cortex"]]);
  assertEquals(values[49], brain.arrays.get("region.cortex.field.lfp", "f32")[0]);
  assert(new Set(values).size > 40);
  assertThrows(() => brain.record({ lfp: ["other"] }), InputError, "no field");
  assertThrows(() => recording!.lfp("other"), InputError, "not recorded");
});
