/** Brains as text. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { arraysFromJson, brainToJson, synapsesToCsv } from "../../src/io/export.ts";
import { FileError } from "../../src/state/errors.ts";

async function brain(): Promise<Brain> {
  const made = new Brain({ seed: 3, dt: 0.5 });
  made.addRegion("a", "input", { neurons: 4 });
  made.addRegion("b", "sensory", { neurons: 6, inhibitory: 0.5, noise: 5 });
  made.connect("a", "b", { density: 0.5, delay: { uniform: [0.5, 2] }, receptor: "ampa", plasticity: "rstdp" });
  made.connect("b", "b", { density: 0.5, transmitter: "gaba", shortTerm: "depressing" });
  made.connect("a", "b", { name: "all", density: 1, weight: 0.25 });
  made.connect("b", "b", { name: "lateral", layout: "uniform", weight: 1 });
  made.stimulate("a", [0.5], { maxRateHz: 500 });
  await made.run(100);
  return made;
}

Deno.test("an export as JSON holds every saved array, element by element, and nothing derived", async () => {
  const own = await brain(), again = arraysFromJson(brainToJson(own));
  const saved = [...own.arrays.entries()].filter(({ derived }) => !derived);
  assertEquals([...again.entries()].map(({ name }) => name), saved.map(({ name }) => name));
  for (const { name, dtype, shape, unit, data } of saved) {
    const other = again.entry(name);
    assertEquals([other.dtype, other.shape, other.unit, other.data], [dtype, shape, unit, data], name);
  }
});

Deno.test("an export as JSON says what it is, and describes the brain", async () => {
  const own = await brain(), { format, version, spec, step } = JSON.parse(brainToJson(own));
  assertEquals([format, version, step], ["brainsim-json", 1, 100]);
  assertEquals(JSON.stringify(Brain.fromSpec(spec).spec), JSON.stringify(own.spec));
});

Deno.test("numbers that JSON does not have survive the export", () => {
  const own = new Brain();
  own.addRegion("a", "sensory", { neurons: 3 });
  own.arrays.get("neuron.v", "f32").set([NaN, Infinity, -Infinity]);
  const again = arraysFromJson(brainToJson(own));
  assertEquals(again.get("neuron.v", "f32"), Float32Array.of(NaN, Infinity, -Infinity));
});

Deno.test("text that is no export is a FileError", () => {
  const array = (info: object) => JSON.stringify({ arrays: { a: info } });
  const texts = [
    "",
    "{",
    "{}",
    "null",
    '{"arrays":5}',
    array({ dtype: "f16", shape: [1], data: [0] }),
    array({ dtype: "f32", shape: [1], data: [0, 1] }),
    array({ dtype: "f32", shape: [-1], data: [] }),
    array({ dtype: "f32", data: [] }),
  ];
  for (const text of texts) {
    const error = assertThrows(() => {
      const arrays = arraysFromJson(text);
      if ([...arrays.entries()].length === 0) throw new FileError("nothing in it");
    });
    assert(error instanceof FileError, `${text}: ${error}`);
  }
});

Deno.test("synapses as CSV are those of the tables of all projections, with the sign of the transmitter", async () => {
  const own = await brain(), lines = synapsesToCsv(own).trimEnd().split("\n");
  assert(lines[0].startsWith("# "));
  assertEquals(lines[1], "projection,from,pre,to,post,sign,weight,delay_ms");
  const expected = own.projections.flatMap((p) => {
    const { pre, post, weight, delay } = p.synapseTable(), sign = p.spec.transmitter === "gaba" ? -1 : 1;
    return Array.from(
      pre,
      (_, k) => [p.name, p.spec.from, pre[k], p.spec.to, post[k], sign, weight[k], delay[k]].join(),
    );
  });
  assertEquals(lines.slice(2), expected);
  assert(expected.length > 24);
});
