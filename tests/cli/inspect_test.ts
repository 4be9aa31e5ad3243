/** brainsim inspect */

import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { loadBrain, saveBrain } from "../../src/snapshot/file.ts";
import { differences } from "../property/differences.ts";
import { end, inFolder, records, refused, succeeded, within } from "./command_line.ts";

/** A brain of every layout, after half a second of life. */
async function lived(): Promise<Brain> {
  const brain = new Brain({ seed: 6 });
  brain.addRegion("eye", "input", { neurons: 8 });
  brain.addRegion("v1", "sensory", { neurons: 20, connectivity: 0.2, noise: 3 });
  brain.addRegion("never", "motor", { neurons: 5 });
  brain.connect("eye", "v1", { density: 0.5, plasticity: "stdp" });
  brain.connect("eye", "v1", { name: "paid", density: 1, plasticity: { reward: {}, weightMax: 4 } });
  brain.region("v1").addLateralInhibition();
  brain.stimulate("eye", [0.9], { maxRateHz: 100 });
  brain.history.push({ step: 0, action: "create" });
  await brain.run(500);
  return brain;
}

/** Runs with the path of the brain. */
function withBrain(act: (path: string, brain: Brain, folder: string) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    const brain = await lived();
    await saveBrain(brain, `${folder}/a.brain`);
    await act(`${folder}/a.brain`, brain, folder);
  });
}

Deno.test("the end record of inspect has the fields of the contract", () =>
  withBrain(async (path, brain) => {
    const record = end(await within("inspect", path, "--json"));
    const { neurons, synapses, step, dtMs, seed, bytes, regions, projections, history } = record;
    assertEquals([neurons, step, dtMs, seed, history], [33, 500, 1, 6, [{ step: 0, action: "create" }]]);
    assertEquals(bytes, brain.arrays.bytes());
    assertEquals(synapses, brain.projections.reduce((n, p) => n + p.synapses, 0));
    assertEquals(regions.map((r: { name: string }) => r.name), ["eye", "v1", "never"]);
    for (const { name, type, neurons, alive, rateHz, silent } of regions) {
      assertEquals([typeof name, typeof type, alive, rateHz >= 0], ["string", "string", neurons, true]);
      assertEquals(silent, brain.region(name).spikeCounts.filter((n) => n === 0).length);
    }
    assertEquals(regions[2].silent, 5);
    assertAlmostEquals(regions[0].rateHz, 90 * (1 - Math.exp(-0.5)), 12);
    for (const p of projections) {
      const own = brain.projection(p.name), { spec } = own;
      assertEquals([p.from, p.to, p.layout, p.synapses], [spec.from, spec.to, spec.layout, own.synapses]);
      assertEquals(p.plastic, spec.plasticity !== undefined);
      assertAlmostEquals(p.meanWeight, own.weights.reduce((a, b) => a + b, 0) / own.weights.length, 1e-6);
    }
  }));

Deno.test("bytes of a projection are those of its own arrays", () =>
  withBrain(async (path, brain) => {
    const { projections } = end(await within("inspect", path, "--json"));
    const lateral = projections.find(({ name }: { name: string }) => name.includes("lateral"));
    const inner = projections.find(({ name }: { name: string }) => name === "v1-|v1");
    assertEquals(lateral.bytes, 4);
    const own = ["rowStart", "target", "weight"].map((part) =>
      brain.arrays.entry(`projection.v1-|v1.${part}`).data.byteLength
    );
    assertEquals(inner.bytes, own.reduce((a, b) => a + b));
  }));

Deno.test("inspect says in words what is in a brain and how it is", () =>
  withBrain(async (path) => {
    const { out, err } = succeeded(await within("inspect", path));
    for (
      const word of ["33 neurons", "500 ms simulated", "eye", "input", "poisson", "paid", "rstdp", "dense", "uniform"]
    ) {
      assertStringIncludes(out, word);
    }
    assertEquals(err, "");
  }));

Deno.test("looking at a brain does not change it", () =>
  withBrain(async (path) => {
    const before = await Deno.readFile(path);
    succeeded(await within("inspect", path, "--check", "--arrays", "--weights", "paid"));
    assertEquals((await Deno.readFile(path)).length, before.length);
    assert((await Deno.readFile(path)).every((byte, k) => byte === before[k]));
  }));

Deno.test("a healthy brain passes all checks", () =>
  withBrain(async (path) => {
    const { checks } = end(await within("inspect", path, "--check", "--json"));
    assert(checks.length > 5 && checks.every(({ ok }: { ok: boolean }) => ok), JSON.stringify(checks));
    const { out } = succeeded(await within("inspect", path, "--check"));
    assert(out.includes("ok  ") && !out.includes("FAILED"));
  }));

Deno.test("a brain that breaks an invariant is told so, with exit code 3", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.brain`;
    const broken: [string, number, string][] = [
      ["neuron.v", NaN, "neuron.v"],
      ["neuron.u", Infinity, "neuron.u"],
      ["neuron.v", 31, "potentials"],
      ["projection.eye->v1.weight", -0.1, '"eye->v1"'],
      ["projection.paid.weight", 4.1, '"paid"'],
    ];
    for (const [array, value, word] of broken) {
      const brain = await lived();
      brain.arrays.get(array, "f32")[3] = value;
      await saveBrain(brain, path, { overwrite: true });
      const { code, out } = await within("inspect", path, "--check");
      assertEquals(code, 3, `${array} = ${value}`);
      const failed = out.split("\n").filter((line) => line.includes("FAILED"));
      assert(failed.some((line) => line.includes(word)), `${word} in ${failed}`);
      const outcome = await within("inspect", path, "--check", "--json");
      assertEquals(outcome.code, 3);
      assert(records(outcome).at(-1)!.checks.some(({ ok }: { ok: boolean }) => !ok));
      succeeded(await within("inspect", path));
    }
  }));

Deno.test("the distribution of weights counts every weight once", () =>
  withBrain(async (path, brain) => {
    const outcome = await within("inspect", path, "--weights", "paid", "--weights", "eye->v1", "--json");
    const metrics = records(succeeded(outcome)).filter(({ type }) => type === "metric");
    assertEquals(metrics.map(({ projection }) => projection), ["paid", "eye->v1"]);
    for (const { projection, synapses, min, max, mean, counts } of metrics) {
      const weights = brain.projection(projection).weights;
      assertEquals([synapses, counts.reduce((a: number, b: number) => a + b)], [weights.length, weights.length]);
      assertEquals([min, max], [Math.min(...weights), Math.max(...weights)]);
      assertAlmostEquals(mean, weights.reduce((a, b) => a + b, 0) / weights.length, 1e-6);
    }
    assertStringIncludes(succeeded(await within("inspect", path, "--weights", "paid")).out, "weights of paid");
    const { code, err } = await within("inspect", path, "--weights", "payed");
    assertEquals(code, 2);
    assertStringIncludes(err, 'did you mean "paid"?');
  }));

Deno.test("an unknown projection is refused before anything is printed", () =>
  withBrain(async (path) => refused(await within("inspect", path, "--weights", "payed"), 2, '"payed"')));

Deno.test("every array is listed with type, shape, unit, meaning and bytes", () =>
  withBrain(async (path, brain) => {
    const { arrays } = end(await within("inspect", path, "--arrays", "--json"));
    const expected = [...brain.arrays.entries()].map((
      { name, dtype, shape, unit, meaning, data, derived = false },
    ) => ({
      name,
      dtype,
      shape,
      unit,
      meaning,
      bytes: data.byteLength,
      derived,
    }));
    assertEquals(arrays, expected);
    const { out } = succeeded(await within("inspect", path, "--arrays"));
    for (const { name } of expected) assertStringIncludes(out, name);
  }));

Deno.test("the description that inspect prints creates the same brain", () =>
  withBrain(async (path, brain, folder) => {
    await Deno.writeTextFile(`${folder}/spec.json`, succeeded(await within("inspect", path, "--spec")).out);
    succeeded(await within("create", `${folder}/b.brain`, "--spec", `${folder}/spec.json`));
    assertEquals(differences(await loadBrain(`${folder}/b.brain`), Brain.fromSpec(brain.spec)), []);
    assertEquals(end(await within("inspect", path, "--spec", "--json")).spec, JSON.parse(JSON.stringify(brain.spec)));
  }));

Deno.test("brains are compared by description, step and every byte of every array", () =>
  withBrain(async (path, brain, folder) => {
    const other = `${folder}/b.brain`;
    const compared = async (b: Brain) => {
      await saveBrain(b, other, { overwrite: true });
      const outcome = await within("inspect", path, "--compare", other, "--json");
      const { identical, differences, description } = records(outcome).at(-1)!;
      assertEquals(outcome.code, identical ? 0 : 1);
      assertEquals(differences.includes("description"), description.length > 0);
      return differences;
    };
    assertEquals(await compared(brain), []);
    const one = brain.clone();
    one.arrays.get("neuron.v", "f32")[0] = 0;
    assertEquals(await compared(one), ["neuron.v"]);
    const zero = brain.clone();
    zero.arrays.get("neuron.current", "f32")[0] = -0;
    assertEquals(await compared(zero), ["neuron.current"]);
    await one.run(1);
    assertStringIncludes((await compared(one))[0], "step (500 and 501)");
    const more = new Brain();
    more.addRegion("eye", "input", { neurons: 8 });
    const found = await compared(more);
    assertEquals(found[0], "description");
    assert(found.some((line: string) => line.includes("missing in the second")));
    assertStringIncludes((await within("inspect", path, "--compare", other)).out, "different: description");
  }));

Deno.test("of brains that are not related it is said how their descriptions differ, and no more than five arrays", () =>
  withBrain(async (path, brain, folder) => {
    const other = `${folder}/b.brain`, spec = { ...brain.spec, seed: 7, dt: 0.5 };
    spec.regions[2].neurons = 4;
    await saveBrain(Brain.fromSpec(spec), other);
    const { out } = await within("inspect", path, "--compare", other);
    const [, description, step, count, names, more] =
      /^different: description \((.*?)\); (step .*?); (\d+) arrays: (.*) and (\d+) more\n$/.exec(out) ?? [];
    assertEquals(description.split("; ").sort(), ["dt: 1 and 0.5", "regions", "seed: 6 and 7"], out);
    assertEquals([step, names.split(", ").length, Number(more)], ["step (500 and 0)", 5, Number(count) - 5]);
    const outcome = await within("inspect", path, "--compare", other, "--json");
    assertEquals(records(outcome).at(-1)!.differences.length, Number(count) + 2, "JSON names them all");
    const one = brain.clone();
    one.arrays.get("neuron.v", "f32")[0] = 0;
    await saveBrain(one, other, { overwrite: true });
    assertEquals((await within("inspect", path, "--compare", other)).out, "different: 1 array: neuron.v\n");
  }));
