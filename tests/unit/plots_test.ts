import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { PRESETS } from "../../src/brain/presets.ts";
import { plot } from "../../src/plot/recording.ts";
import { InputError } from "../../src/state/errors.ts";
import { figure } from "../../src/plot/figure.ts";
import { confusionPlot, histogramPlot, linePlot, rasterPlot, xyPlot } from "../../src/plot/plots.ts";

const count = (text: string, part: string) => text.split(part).length - 1;

/** Numbers of an SVG path's moves: [x, y] each. */
const moves = (svg: string) => [...svg.matchAll(/M([\d.]+) ([\d.]+)v/g)].map(([, x, y]) => [Number(x), Number(y)]);

Deno.test("a raster has one mark a spike, later ones further right, higher neurons further down", () => {
  const spikes = { neuron: Uint32Array.of(0, 5, 9), timeMs: Float64Array.of(10, 500, 900) };
  const svg = rasterPlot(spikes, [{ name: "a", begin: 0, end: 6 }, { name: "b", begin: 6, end: 10 }], 0, 1000);
  const marks = moves(svg).filter(([x]) => x > 84);
  assert(marks.length >= 3);
  const [first, second, third] = marks;
  assert(first[0] < second[0] && second[0] < third[0], "time runs to the right");
  assert(first[1] < second[1] && second[1] < third[1], "neurons run downwards");
  for (const [x, y] of marks) assert(x >= 84 && x <= 744 && y >= 34 && y <= 372, `${x}, ${y} lies outside the frame`);
  for (const name of ["a", "b"]) assertStringIncludes(svg, `>${name}</text>`);
});

Deno.test("a line plot has one line a column, with as many points as rows", () => {
  const series = {
    timeMs: Float64Array.of(0, 100, 200),
    columns: ["x", "y"],
    values: Float32Array.of(1, 2, 3, 4, 5, 6),
  };
  const svg = linePlot("Rates", series, "Hz");
  assertEquals(count(svg, "<polyline"), 2);
  const points = /points="([^"]*)"/.exec(svg)![1].split(" ");
  assertEquals(points.length, 3);
});

Deno.test("a histogram has one bar a bin, the highest reaching the top", () => {
  const svg = histogramPlot("Weights", [1, 4, 2], 0.5, "mV");
  const bars = [...svg.matchAll(/<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)" fill="#/g)];
  assertEquals(bars.map(([, , height]) => Math.round(4 * Number(height) / 338)), [1, 4, 2]);
});

Deno.test("names are escaped in SVG", () => {
  const axis = { min: 0, max: 1, label: "a<b" };
  assertStringIncludes(figure('"x" & y', axis, axis, () => ""), "&quot;x&quot; &amp; y");
  assertStringIncludes(figure("t", axis, axis, () => ""), "a&lt;b");
});

Deno.test("an xy plot joins lines, dots clouds, and leaves out what is not a number", () => {
  const line = { name: "fit", x: [-1, 0, 1], y: [0, NaN, 2] },
    cloud = { name: "", x: [0], y: [1], marks: "dots" as const };
  const svg = xyPlot("Window", { label: "Δt (ms)" }, { label: "Δw" }, [line, cloud]);
  assertEquals(count(svg, "<circle"), 1);
  assertStringIncludes(svg, '<polyline points="84,372 744,34"');
  assertStringIncludes(svg, ">fit</text>");
});

Deno.test("a logarithmic axis spaces decades equally", () => {
  const curve = { name: "", x: [1, 10, 100], y: [1, 1, 1] };
  const svg = xyPlot("f", { label: "Hz", log: true }, { label: "y", min: 0, max: 1 }, [curve]);
  assertStringIncludes(svg, '<polyline points="84,34 414,34 744,34"');
  for (const tick of ["1", "2", "5", "10", "100"]) assertStringIncludes(svg, `text-anchor="middle">${tick}</text>`);
});

Deno.test("a confusion matrix has a cell for each pair, as dark as its share of the row", () => {
  const svg = confusionPlot("Which", ["a", "b"], [[3, 1, 0], [0, 1, 1]]);
  const cells = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" [^>]*fill-opacity="([\d.]+)"/g)].map((m) =>
    m.slice(1).map(Number)
  );
  assertEquals(cells.map(([, , share]) => share), [0.75, 0.25, 0, 0, 0.5, 0.5]);
  assert(cells[1][0] > cells[0][0] && cells[3][1] > cells[0][1], "answers run to the right, classes downwards");
  for (const text of ["75", "25", "50", "none"]) assertStringIncludes(svg, `>${text}</text>`);
});

Deno.test("what cannot be plotted is said", async () => {
  const brain = Brain.fromSpec(PRESETS.quickstart.spec),
    { recording } = await brain.run(10, { record: { spikes: true } });
  const attempt = (...args: unknown[]) => () => (plot as (...args: unknown[]) => unknown)(brain, ...args);
  assertThrows(attempt(undefined, "spikes"), InputError, "expected a recording");
  assertThrows(attempt(recording, "nope"), InputError, "known kinds: spikes, rates, v, lfp, weights");
  assertThrows(attempt(recording, "weights"), InputError, "give the name of the projection");
  assertThrows(attempt(recording, "rates"), InputError, "not recorded");
  assertStringIncludes(String(plot(brain, recording!, "spikes", "cortex")), "</svg>");
});
