/** Tables of what was recorded, as text. */

import { assertEquals, assertMatch } from "@std/assert";
import { seriesToCsv, spikesToCsv } from "../../src/io/csv.ts";

Deno.test("spikes have the columns neuron and t_ms under a comment that names the units", () => {
  const text = spikesToCsv({ neuron: Uint32Array.of(3, 0), timeMs: Float64Array.of(0.5, 12) });
  const [comment, ...lines] = text.split("\n");
  assertMatch(comment, /^# .*neuron.*t_ms.*\bms\b/);
  assertEquals(lines, ["neuron,t_ms", "3,0.5", "0,12", ""]);
});

Deno.test("no spikes are a header without rows", () => {
  const lines = spikesToCsv({ neuron: new Uint32Array(0), timeMs: new Float64Array(0) }).split("\n");
  assertEquals(lines.slice(1), ["neuron,t_ms", ""]);
});

Deno.test("a series has a row for each time and a column for each thing, under a comment with its unit", () => {
  const series = {
    timeMs: Float64Array.of(1, 2, 3),
    columns: ["a", "b"],
    values: Float32Array.of(-65, 0.5, -64.5, 1, -64, 1.5),
  };
  const [comment, ...lines] = seriesToCsv(series, "mV").split("\n");
  assertMatch(comment, /^# .*mV/);
  assertEquals(lines, ["t_ms,a,b", "1,-65,0.5", "2,-64.5,1", "3,-64,1.5", ""]);
});

Deno.test("a series without times or without columns is a header, or times alone", () => {
  const empty = seriesToCsv({ timeMs: new Float64Array(0), columns: ["a"], values: new Float32Array(0) }, "Hz");
  assertEquals(empty.split("\n").slice(1), ["t_ms,a", ""]);
  const bare = seriesToCsv({ timeMs: Float64Array.of(1), columns: [], values: new Float32Array(0) }, "Hz");
  assertEquals(bare.split("\n").slice(1), ["t_ms", "1", ""]);
});

Deno.test("numbers lose nothing: reading them as single precision gives the same bits", () => {
  const values = Float32Array.of(0.1, 1 / 3, -7.5e-40, 3.4e38);
  const line = seriesToCsv({ timeMs: Float64Array.of(0.1), columns: ["a", "b", "c", "d"], values }, "1").split("\n")[2];
  assertEquals(Float32Array.from(line.split(",").slice(1), Number), values);
});
