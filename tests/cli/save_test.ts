/** brainsim save */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { arraysFromJson, synapsesToCsv } from "../../src/io/export.ts";
import { loadBrain, saveBrain } from "../../src/snapshot/file.ts";
import { brainsim, end, inFolder, list, refused, sameBytes, succeeded, within } from "./command_line.ts";

/** A small brain that has lived. */
async function lived(): Promise<Brain> {
  const brain = new Brain({ seed: 6 });
  brain.addRegion("eye", "input", { neurons: 8 });
  brain.addRegion("v1", "sensory", { neurons: 20, connectivity: 0.2, noise: 3 });
  brain.connect("eye", "v1", { density: 0.5, plasticity: "rstdp" });
  brain.stimulate("eye", [0.9], { maxRateHz: 100 });
  brain.history.push({ step: 0, action: "create" });
  brain.notes.own = "ü";
  await brain.run(200);
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

Deno.test("saved as a brain, it is the same file", () =>
  withBrain(async (path, _, folder) => {
    const { snapshot, format, bytes, verified } = end(
      await within("save", path, "--to", `${folder}/b.brain`, "--verify", "--json"),
    );
    assertEquals([snapshot, format, verified], [`${folder}/b.brain`, "brain", true]);
    const [a, b] = [await Deno.readFile(path), await Deno.readFile(`${folder}/b.brain`)];
    assert(sameBytes(a, b));
    assertEquals(bytes, a.length);
  }));

Deno.test("saved as JSON, it holds every array", () =>
  withBrain(async (path, brain, folder) => {
    const { out } = succeeded(await within("save", path, "--to", `${folder}/b.json`, "--verify"));
    assertStringIncludes(out, "read back and identical; an export");
    const arrays = arraysFromJson(await Deno.readTextFile(`${folder}/b.json`));
    for (const { name, data, derived } of brain.arrays.entries()) {
      if (!derived) assertEquals(arrays.entry(name).data, data, name);
    }
  }));

Deno.test("saved as CSV, it holds every synapse", () =>
  withBrain(async (path, brain, folder) => {
    succeeded(await within("save", path, "--to", `${folder}/b.csv`, "--verify"));
    assertEquals(await Deno.readTextFile(`${folder}/b.csv`), synapsesToCsv(brain));
  }));

Deno.test("the format may be named, whatever the file is called", () =>
  withBrain(async (path, brain, folder) => {
    succeeded(await within("save", path, "--to", `${folder}/synapses.txt`, "--format", "csv"));
    assertEquals(await Deno.readTextFile(`${folder}/synapses.txt`), synapsesToCsv(brain));
  }));

Deno.test("an unhealthy brain is exported and verified like any other", () =>
  withBrain(async (_path, brain, folder) => {
    brain.arrays.get("neuron.v", "f32")[1] = NaN;
    await saveBrain(brain, `${folder}/ill.brain`);
    succeeded(await within("save", `${folder}/ill.brain`, "--to", `${folder}/b.brain`, "--verify"));
    assert(Number.isNaN((await loadBrain(`${folder}/b.brain`)).arrays.get("neuron.v", "f32")[1]));
  }));

Deno.test("an export goes to standard output, for -, and nothing else does", () =>
  withBrain(async (path, brain) => {
    const { out } = succeeded(await brainsim(["save", path, "--to", "-", "--format", "csv"]));
    assert(out === synapsesToCsv(brain), "the synapses alone");
  }));

Deno.test("save overwrites nothing unless forced, and leaves no temporary files", () =>
  withBrain(async (path, _, folder) => {
    const other = `${folder}/b.json`;
    await Deno.writeTextFile(other, "precious");
    refused(await within("save", path, "--to", other), 2, other, "exists", "--force");
    assertEquals([await Deno.readTextFile(other), list(folder)], ["precious", ["a.brain", "b.json"]]);
    succeeded(await within("save", path, "--to", other, "--force"));
    assertEquals(list(folder), ["a.brain", "b.json"]);
    arraysFromJson(await Deno.readTextFile(other));
  }));

Deno.test("save refuses what it cannot write, naming the formats that it can", () =>
  withBrain(async (path, _, folder) => {
    refused(await within("save", path), 2, "--to PATH");
    refused(await within("save", path, "--to", `${folder}/b.xml`), 2, "b.xml", "known formats: brain", "json", "csv");
    refused(await within("save", path, "--to", `${folder}/b`), 2, "known formats");
    refused(await within("save", path, "--to", `${folder}/b.jsn`), 2, 'did you mean "json"?');
    refused(await within("save", path, "--to", `${folder}/b.json`, "--format", "xml"), 2, '"xml"', "brain, ");
    assertEquals(list(folder), ["a.brain"]);
  }));
