/** brainsim run --record */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { end, list, refused, sameBytes, succeeded, within } from "./command_line.ts";
import { small, withBrain } from "./small_brain.ts";

Deno.test("what is recorded goes to files named after brain and thing, and is what the library records", () =>
  withBrain(async (path, folder) => {
    const what = "spikes,spikes:v1,rates,v:v1[2..4],v:eye[1],weights:paid";
    const { files } = end(
      await within("run", path, "--for", "200ms", "--stimulate", "eye=0.9", "--record", what, "--json"),
    );
    const names = ["spikes", "spikes.v1", "rates", "v.v1", "v.eye", "weights.paid"].map((name) => `a.${name}.csv`);
    assertEquals(files, names.map((name) => `${folder}/${name}`));
    assertEquals(list(folder), ["a.brain", ...names].sort());
    const own = small();
    own.stimulate("eye", [0.9]);
    const record = { spikes: true, rates: true, v: { v1: [2, 3, 4], eye: [1] }, weights: ["paid"] };
    const { recording } = await own.run(400, { record });
    const rows = async (name: string) => {
      const [comment, header, ...lines] = (await Deno.readTextFile(`${folder}/a.${name}.csv`)).trimEnd().split("\n");
      assert(comment.startsWith("# "), comment);
      return { header, numbers: lines.map((line) => line.split(",").map(Number)) };
    };
    const spikes = (region?: string) => {
      const { neuron, timeMs } = recording!.spikes(region);
      return Array.from(neuron, (i, k) => [i, timeMs[k]]);
    };
    assertEquals(await rows("spikes"), { header: "neuron,t_ms", numbers: spikes() });
    assertEquals((await rows("spikes.v1")).numbers, spikes("v1"));
    const v = await rows("v.v1");
    assertEquals([v.header, v.numbers.length, v.numbers[0][0]], ["t_ms,2,3,4", 400, 0.5]);
    assertEquals(v.numbers.flatMap((row) => row.slice(1)), Array.from(recording!.v("v1").values));
    const rates = await rows("rates");
    assertEquals([rates.header, rates.numbers.map(([t]) => t)], ["t_ms,eye,v1", [100, 200]]);
    const weights = await rows("weights.paid");
    assertEquals(weights.numbers[1].slice(1), Array.from(own.projection("paid").weights));
  }));

Deno.test("recorded files are named after the brain that is written, where there is one", () =>
  withBrain(async (path, folder) => {
    succeeded(await within("run", path, "--steps", "5", "--record", "rates", "--output", `${folder}/b.brain`));
    assertEquals(list(folder), ["a.brain", "b.brain", "b.rates.csv"]);
    succeeded(await within("run", path, "--steps", "5", "--record", "rates", "--in-place"));
    assertEquals(list(folder), ["a.brain", "a.rates.csv", "b.brain", "b.rates.csv"]);
  }));

Deno.test("records can be .npy files of two columns or more, under a prefix of one's own", () =>
  withBrain(async (path, folder) => {
    const to = ["--record-format", "npy", "--record-to", `${folder}/own`];
    succeeded(
      await within("run", path, "--steps", "300", "--stimulate", "eye=1", "--record", "spikes,v:v1[0..1]", ...to),
    );
    assertEquals(list(folder), ["a.brain", "own.spikes.npy", "own.v.v1.npy"]);
    const shape = async (name: string) => {
      const bytes = await Deno.readFile(`${folder}/${name}`);
      const [, rows, columns] = /'descr': '<f8'.*'shape': \((\d+), (\d+)\)/.exec(
        new TextDecoder("latin1").decode(bytes),
      )!;
      assertEquals(bytes.length % 8, 0);
      return [Number(rows), Number(columns)];
    };
    assertEquals(await shape("own.v.v1.npy"), [300, 3]);
    const [spikes, columns] = await shape("own.spikes.npy");
    assert(spikes > 0 && columns === 2);
  }));

Deno.test("two projections that are recorded never share a file", () =>
  withBrain(async (path, folder) => {
    const { files } = end(
      await within("run", path, "--steps", "200", "--record", "weights:v1->v1,weights:v1-|v1", "--json"),
    );
    assertEquals(new Set(files).size, 2, files.join(", "));
    assertEquals(list(folder).length, 3);
  }));

Deno.test("two ranges of neurons of one region are both recorded, or refused", () =>
  withBrain(async (path) => {
    const outcome = await within("run", path, "--steps", "5", "--record", "v:v1[0..1],v:v1[5..6]", "--json");
    if (outcome.code === 2) return;
    const headers = new Set<string>();
    for (const file of end(outcome).files) {
      for (const column of (await Deno.readTextFile(file)).split("\n")[1].split(",")) headers.add(column);
    }
    assertEquals([...headers], ["t_ms", "0", "1", "5", "6"]);
  }));

Deno.test("a range of neurons that runs backwards is refused before anything is written", () =>
  withBrain(async (path) => {
    const before = await Deno.readFile(path);
    refused(await within("run", path, "--steps", "5", "--in-place", "--record", "v:v1[5..2]"), 2, "v1");
    assert(sameBytes(await Deno.readFile(path), before), "the brain");
  }));

Deno.test("a run whose records cannot be written leaves the brain as it was", () =>
  withBrain(async (path, folder) => {
    const before = await Deno.readFile(path);
    const args = ["--steps", "5", "--in-place", "--record", "rates", "--record-to", `${folder}/missing/a`];
    refused(await within("run", path, ...args), 1, "missing/a");
    assert(sameBytes(await Deno.readFile(path), before), "the brain");
  }));

Deno.test("records that cannot be told leave the brain as it was", () =>
  withBrain(async (path) => {
    const before = await Deno.readFile(path), lesion = ["--lesion", "eye->v1=0..4@150", "--record", "weights:eye->v1"];
    const refusal = await within("run", path, "--for", "300ms", ...lesion, "--in-place");
    assertEquals(refusal.code, 2);
    assertStringIncludes(refusal.err, "synapses came and went");
    assertEquals(await Deno.readFile(path), before);
  }));
