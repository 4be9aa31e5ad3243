/** brainsim create */

import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { MEMORY } from "../../src/biology/memory.ts";
import { Brain } from "../../src/brain/brain.ts";
import { PRESETS } from "../../src/brain/presets.ts";
import { MECHANISM_NAMES } from "../../src/engine/mechanisms.ts";
import { loadBrain } from "../../src/snapshot/file.ts";
import { decodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { differences } from "../property/differences.ts";
import { brainsim, end, inFolder, list, records, refused, succeeded, within } from "./command_line.ts";

/** A description, as JSON. */
const SPEC = JSON.stringify({
  dt: 0.5,
  regions: [{ name: "eye", type: "input", neurons: 8 }, {
    name: "v1",
    type: "sensory",
    neurons: 20,
    connectivity: 0.2,
  }],
  projections: [{ from: "eye", to: "v1", density: 0.3, plasticity: "stdp" }],
});

Deno.test("create makes the brain of a preset, with the seed that is given", () =>
  inFolder(async (folder) => {
    for (const [name, { spec }] of Object.entries(PRESETS)) {
      const path = `${folder}/${name}.brain`;
      succeeded(await within("create", path, "--preset", name, "--seed", "7"));
      const loaded = await loadBrain(path);
      assertEquals(differences(loaded, Brain.fromSpec({ ...spec, seed: 7 })), []);
      assertEquals(loaded.history[0].action, "create");
    }
  }));

Deno.test("create tells what it made, and what to do next, in words and as JSON", () =>
  inFolder(async (folder) => {
    const { out } = succeeded(await within("create", `${folder}/a.brain`, "--preset", "quickstart"));
    for (const word of ["cortex (association)", "260 neurons", "brainsim run"]) assertStringIncludes(out, word);
    const { neurons, synapses, step, dtMs, seed, bytes, regions, snapshot } = end(
      await within("create", `${folder}/b.brain`, "--preset", "quickstart", "--json"),
    );
    assertEquals([neurons, step, dtMs, seed, snapshot, regions.length], [260, 0, 1, 0, `${folder}/b.brain`, 3]);
    assert(synapses > 5000 && bytes > 8 * synapses);
  }));

Deno.test("create reads a description from a file", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/spec.json`, SPEC);
    succeeded(await within("create", `${folder}/a.brain`, "--spec", `${folder}/spec.json`, "--seed", "3"));
    assertEquals(
      differences(await loadBrain(`${folder}/a.brain`), Brain.fromSpec({ ...JSON.parse(SPEC), seed: 3 })),
      [],
    );
  }));

Deno.test("create reads a description from standard input, for -", () =>
  inFolder(async (folder) => {
    const stdin = new TextEncoder().encode(SPEC);
    succeeded(await brainsim(["create", "a.brain", "--spec", "-"], { cwd: folder, stdin }));
    assertEquals(differences(await loadBrain(`${folder}/a.brain`), Brain.fromSpec(JSON.parse(SPEC))), []);
  }));

Deno.test("create writes the brain to standard output, for -, and nothing else", async () => {
  const { bytes } = succeeded(await brainsim(["create", "-", "--preset", "quickstart"]));
  assertEquals(differences(decodeSnapshot(bytes), Brain.fromSpec(PRESETS.quickstart.spec)), []);
});

Deno.test("create takes regions and connections, also on top of a preset", () =>
  inFolder(async (folder) => {
    const made = async (...args: string[]) => {
      succeeded(await within("create", `${folder}/a.brain`, "--force", ...args));
      return (await loadBrain(`${folder}/a.brain`)).spec;
    };
    const parts = ["--region", "eye:input:8", "--region", "v1:sensory:20:chattering", "--connect", "eye:v1:0.25:2.5"];
    const { dt, regions: [eye, v1], projections: [p] } = await made(...parts, "--dt", "0.5");
    assertEquals([dt, eye.neurons, eye.type, v1.neurons, v1.pattern.c], [0.5, 8, "input", 20, -50]);
    assertEquals([p.from, p.to, p.density, p.delay], ["eye", "v1", 0.25, 2.5]);
    const more = await made("--preset", "quickstart", "--region", "value:reward:10", "--connect", "cortex:value:0.1");
    assertEquals(more.regions.map(({ name }) => name), ["input", "cortex", "output", "value"]);
    assertEquals(more.projections.at(-1)!.name, "cortex->value");
  }));

Deno.test("a connection without a density has the default one, or the rule that is set", () =>
  inFolder(async (folder) => {
    const made = async (...args: string[]) => {
      const parts = ["--region", "eye:input:30", "--region", "cortex:association:40"];
      succeeded(await within("create", `${folder}/a.brain`, "--force", ...parts, ...args));
      const { spec, synapses } = (await loadBrain(`${folder}/a.brain`)).projections[0];
      return { density: spec.density, outDegree: spec.outDegree, delay: spec.delay, synapses };
    };
    const { synapses, ...plain } = await made("--connect", "eye:cortex");
    assertEquals(plain, { density: 0.1, outDegree: undefined, delay: 1 });
    assert(synapses > 60 && synapses < 180, `${synapses}`);
    assertEquals(await made("--connect", "eye:cortex", "--set", "eye->cortex.outDegree=20"), {
      density: undefined,
      outDegree: 20,
      delay: 1,
      synapses: 600,
    });
    const { density, delay } = await made("--connect", "eye:cortex::3");
    assertEquals([density, delay], [0.1, 3]);
  }));

Deno.test("create --set reaches the projections inside a region, one by one, after the options of the region", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.brain`, quick = ["--preset", "quickstart", "--seed", "4"];
    const made = async (...sets: string[]) => {
      succeeded(await within("create", path, "--force", ...quick, ...sets.flatMap((set) => ["--set", set])));
      return await loadBrain(path);
    };
    const plain = await made(), names = plain.projections.map(({ name }) => name);
    assertEquals(names, ["cortex->cortex", "cortex-|cortex", "input->cortex", "cortex->output"]);
    // Written out, they make the same brain.
    assertEquals(differences(await made("input->cortex.density=0.2"), plain), []);

    const inhibition = 'cortex-|cortex.plasticity={"rule":"inhibitory","targetHz":8}';
    const learning = await made(inhibition, 'cortex->cortex.plasticity="stdp"', "cortex.neurons=100");
    const of = (name: string) => learning.projection(name).spec;
    assertEquals(learning.projections.map(({ name }) => name), names);
    assertEquals([of("cortex-|cortex").plasticity?.targetHz, of("cortex->cortex").plasticity?.rule], [8, "pair"]);
    assertEquals(learning.region("cortex").neurons, 100);
    // What was not set is as it would have been.
    const own = new Brain({ seed: 4 });
    own.addRegion("cortex", "association", { neurons: 100, connectivity: 0.1 });
    for (const name of ["cortex->cortex", "cortex-|cortex"]) {
      assertEquals(learning.projection(name).weights, own.projection(name).weights, name);
    }
    const rewired = await made('cortex.connectivity={"outDegree":5}', "cortex->cortex.weight=3");
    assertEquals(new Set(rewired.projection("cortex->cortex").weights), new Set([3]));
    assertEquals(rewired.projection("cortex->cortex").synapses, 5 * 160);

    const set = (text: string) => within("create", path, "--force", ...quick, "--set", text);
    refused(await set('cortex->cortx.plasticity="stdp"'), 2, '"cortex->cortx"', 'did you mean "cortex->cortex"?');
    refused(await set("input->input.weight=1"), 2, "cortex-|cortex, input->cortex");
    refused(await set("cortex->cortex.outDegree=5"), 2, "density and outDegree exclude each other");
  }));

Deno.test("a dry run prints counts and bytes, needs no file and writes none", () =>
  inFolder(async (folder) => {
    const own = Brain.fromSpec(PRESETS.quickstart.spec);
    for (const file of [[], [`${folder}/a.brain`]]) {
      const { out, err } = succeeded(await within("create", ...file, "--preset", "quickstart", "--dry-run"));
      assertEquals([out.trimEnd().split("\n").length, err, list(folder)], [1, "", []]);
      for (const word of ["260 neurons", "synapses", "kB"]) assertStringIncludes(out, word);
      const { neurons, synapses, bytes } = end(
        await within("create", ...file, "--preset", "quickstart", "--dry-run", "--json"),
      );
      assertEquals(neurons, 260);
      assertAlmostEquals(synapses / own.summary().synapses, 1, 0.05);
      assertAlmostEquals(bytes / own.summary().bytes, 1, 0.05);
    }
  }));

Deno.test("a dry run needs no memory for what it counts", async () => {
  const args = [
    "--region",
    "a:input:1000000",
    "--region",
    "b:sensory:1000000",
    "--connect",
    "a:b:0.01",
    "--dry-run",
    "--json",
  ];
  const { neurons, synapses, bytes } = end(await within("create", ...args));
  assertEquals([neurons, synapses], [2_000_000, 1e10]);
  assert(bytes > 8e10);
});

Deno.test("create does not overwrite, unless forced", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.brain`;
    await Deno.writeTextFile(path, "precious");
    refused(await within("create", path, "--preset", "quickstart"), 2, path, "exists", "--force");
    assertEquals([await Deno.readTextFile(path), list(folder)], ["precious", ["a.brain"]]);
    succeeded(await within("create", path, "--preset", "quickstart", "--force"));
    assertEquals((await loadBrain(path)).regions.length, 3);
  }));

Deno.test("create refuses what it cannot make, in one line, and writes nothing", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/broken.json`, '{"regions": [');
    await Deno.writeTextFile(`${folder}/nothing.json`, "{}");
    await Deno.writeTextFile(`${folder}/export.json`, '{"format": "brainsim-json", "spec": {"regions": []}}');
    await Deno.writeTextFile(`${folder}/number.json`, '{"regions": [5]}');
    await Deno.writeTextFile(`${folder}/wrong.json`, '{"regions": [{"name": "a", "type": "sensry", "neurons": 3}]}');
    const before = list(folder), path = `${folder}/a.brain`;
    const cases: [string[], ...string[]][] = [
      [[], "--preset, --spec or --region"],
      [["--preset", "quikstart"], '"quikstart"', "quickstart, balanced"],
      [["--preset", "quickstart", "--spec", "x"], "--preset", "--spec", "exclude"],
      [["--spec", `${folder}/broken.json`], "broken.json"],
      [["--spec", `${folder}/wrong.json`], "wrong.json", '"sensry"', 'did you mean "sensory"?'],
      [
        ["--spec", `${folder}/wrong.json`, "--set", "a->a.weight=1"],
        "wrong.json",
        '"sensry"',
        'did you mean "sensory"?',
      ],
      [["--spec", `${folder}/nothing.json`], "without regions"],
      [["--spec", `${folder}/nothing.json`, "--set", "a.noise=1"], '"a"', "there are no names yet"],
      [["--spec", `${folder}/nothing.json`, "--morphology", "a=point"], '"a"', "there are no regions yet"],
      [["--spec", `${folder}/export.json`], "export.json", "inspect --spec"],
      [["--spec", `${folder}/number.json`], "number.json", "lists of objects"],
      [["--region", "a:sensory"], '"a:sensory"', "NAME:TYPE:NEURONS"],
      [["--region", "a:sensory:ten"], '"ten"', "number"],
      [["--region", "a:sensory:0"], "neurons is 0"],
      [["--region", "a:sensory:5:regular"], '"regular"', "regularSpiking"],
      [["--region", "a:sensory:5:regularSpiking:x"], "NAME:TYPE:NEURONS"],
      [["--region", "a:sensory:5", "--connect", "a:b:0.1"], '"b"', "known regions: a"],
      [["--region", "a:sensory:5", "--connect", "a"], '"a"', "FROM:TO[:DENSITY[:DELAYMS]]"],
      [["--region", "a:sensory:5", "--connect", "a:a:0.1:2:3"], '"a:a:0.1:2:3"', "FROM:TO[:DENSITY[:DELAYMS]]"],
      [["--region", "a:sensory:5", "--connect", "a:a:"], "density", '""'],
      [["--region", "a:sensory:5", "--connect", "a:a::x"], "delay", '"x"'],
      [
        ["--region", "a:sensory:5", "--connect", "a:a:0.1", "--set", "a->a.outDegree=2"],
        'projection "a->a": density and outDegree exclude each other; give one',
      ],
      [["--region", "a:sensory:5", "--connect", "a:a:2"], "density is 2", "from 0 to 1"],
      [["--region", "a:sensory:5", "--connect", "a:a:0.1:x"], '"x"', "delay"],
      [["--preset", "quickstart", "--seed", "-1"], "seed"],
      [["--preset", "quickstart", "--seed", "1.5"], "seed", "1.5", "whole"],
      [["--preset", "quickstart", "--dt", "0"], "dt is 0", "0.01"],
    ];
    for (const [args, ...words] of cases) {
      refused(await within("create", path, ...args), 2, ...words);
      assertEquals(list(folder), before, args.join(" "));
    }
    refused(await within("create", "--preset", "quickstart"), 2, "FILE.brain");
    refused(await within("create", path, "b.brain", "--preset", "quickstart"), 2, "FILE.brain", "b.brain");
  }));

Deno.test("create --options tells which options there are, and the parameters of one: name, default, range, unit, meaning", async () => {
  const { out } = succeeded(await within("create", "--options"));
  for (const name of [...MECHANISM_NAMES, "pattern", "plasticity", "shortTerm", "structure", "receptor", "ring"]) {
    assert(new RegExp(`^  ${name} +\\S`, "m").test(out), name);
    const { out: one } = succeeded(await within("create", "--options", name));
    const [{ parameters }] = end(await within("create", "--options", name, "--json")).options;
    for (const { name: parameter, default: fallback, meaning } of parameters) {
      const line = one.split("\n").find((line) => line.startsWith(`${parameter} `))!;
      for (const words of [String(fallback), meaning]) assertStringIncludes(line, words);
    }
  }
  const { out: threshold } = succeeded(await within("create", "--options=threshold"));
  assert(/^tauMs +200 +1 to 1e9 +ms +decay of θ$/m.test(threshold), threshold);
  const { out: plasticity } = succeeded(await within("create", "--options", "plasticity"));
  assert(/^reward\.tauEligibilityMs +1000 +1 to 1e6 +ms +decay of the eligibility$/m.test(plasticity), plasticity);
  for (const words of ["pair, triplet", "aMinus (default 0.0071)", "by name: stdp, rstdp"]) {
    assertStringIncludes(plasticity, words);
  }
  const { options } = end(await within("create", "--options", "--json"));
  const { of, parameters } = options.find((option: { name: string }) => option.name === "memory");
  assertEquals([of, parameters[0]], ["region", { name: "capacity", ...MEMORY.capacity }]);

  refused(await within("create", "--options", "treshold"), 2, '"treshold"', "memory", 'did you mean "threshold"?');
  refused(await within("create", "--options", "density"), 2, "nothing to tell", '"density"');
  refused(await within("create", "--options", "reward"), 2, '"reward" is a part of "plasticity"');
  refused(await within("create", "a.brain", "--options", "field"), 2, "--options", "FILE.brain");
});

Deno.test("the settings that create --options shows are taken as they are", () =>
  inFolder(async (folder) => {
    const { options } = end(await within("create", "--options", "--json"));
    let settings = 0;
    for (const { name } of options) {
      const { out } = succeeded(await within("create", "--options", name));
      for (const [, setting] of out.matchAll(/--set '([^']+)'/g)) {
        const regions = ["cortex", "a", "b"].flatMap((region) => ["--region", `${region}:association:36`]);
        const places = ["a", "b"].map((region) => `${region}.positions={"grid":[6,6]}`);
        const groups = name === "receptiveField" ? ["a.inhibitory=0", "b.inhibitory=0", "b.groups=4"] : [];
        const sets = [...places, ...groups, setting].flatMap((set) => ["--set", set]);
        const parts = [...regions, "--connect", "a:b"];
        succeeded(await within("create", `${folder}/a.brain`, "--force", ...parts, ...sets));
        settings++;
      }
    }
    assert(settings > 20, `${settings}`);
  }));

Deno.test("help of create names every option of regions and projections", async () => {
  const { out } = succeeded(await within("create", "--help"));
  const line = (of: string) => out.split("\n").find((line) => line.startsWith(`Options of a ${of}`))!;
  for (const name of ["pattern", "connectivity", ...MECHANISM_NAMES]) assertStringIncludes(line("region"), name);
  for (const name of ["outDegree", "gaussian", "plasticity"]) assertStringIncludes(line("projection"), name);
  assertStringIncludes(out, "brainsim create --options OPTION");
});

Deno.test("create says so when the file cannot be written: it failed, no file was unreadable", () =>
  inFolder(async (folder) => {
    refused(await within("create", `${folder}/missing/a.brain`, "--preset", "quickstart"), 1, "missing/a.brain");
    await Deno.mkdir(`${folder}/a.brain`);
    refused(await within("create", `${folder}/a.brain`, "--preset", "quickstart", "--force"), 1, "a.brain");
    assertEquals(list(folder), ["a.brain"]);
  }));

Deno.test("a delay between two steps is not rounded in silence", () =>
  inFolder(async (folder) => {
    const parts = ["--region", "a:input:5", "--region", "b:sensory:5", "--connect"];
    const made = (delay: string, ...more: string[]) =>
      within("create", `${folder}/a.brain`, "--force", ...parts, `a:b:0.5:${delay}`, ...more);
    assertEquals(
      succeeded(await made("2.5")).err,
      'warning: delay of "a->b": 2.5 ms lies between steps of 1 ms; 3 ms is used\n',
    );
    assertEquals(succeeded(await made("2.5", "--dt", "0.5")).err, "");
    assertEquals(succeeded(await made("2.3", "--dt", "0.1")).err, "");
    const [warning, ...more] = records(succeeded(await made("2.5", "--json")));
    assertEquals([warning.type, more.length], ["warning", 1]);
    assertStringIncludes(warning.message, "3 ms is used");
    const { stepCount, projections } = await loadBrain(`${folder}/a.brain`);
    assertEquals([stepCount, projections[0].spec.delay], [0, 2.5]);
  }));

Deno.test("create gives regions dendrites: a template by name, or a reconstructed neuron from a file", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.brain`,
      swc = `${folder}/cell.swc`,
      parts = ["--region", "v1:sensory:6", "--region", "v2:sensory:4"];
    await Deno.writeTextFile(swc, "# one dendrite\n1 1 0 0 0 8 -1\n2 3 0 8 0 1 1\n3 3 0 158 0 1 2\n");
    const made = (...args: string[]) => within("create", path, "--force", ...parts, ...args);
    succeeded(await made("--morphology", "v1=stellate", "--morphology", `v2=${swc}`));
    const names = (await loadBrain(path)).spec.regions.map(({ morphology }) =>
      morphology?.compartments.map((c) => c.name)
    );
    assertEquals(names, [
      ["soma", "dendrite1", "dendrite2", "dendrite3", "dendrite4"],
      ["soma", "basal0_0", "basal0_1"],
    ]);
    succeeded(await within("run", path, "--for", "20ms", "--in-place"));
    refused(await made("--morphology", "v1"), 2, '"v1"', "REGION=TEMPLATE");
    refused(await made("--morphology", "v3=stellate"), 2, '"v3"', "known regions: v1, v2");
    refused(await made("--morphology", "v1=stelate"), 2, '"stelate"', 'did you mean "stellate"?', ".swc");
    refused(await made("--morphology", `v1=${folder}/none.swc`), 3, "none.swc");
    await Deno.writeTextFile(swc, "1 1 0 0 0 8 -1\n2 3 0 8 0 1 5\n");
    refused(await made("--morphology", `v1=${swc}`), 3, "cell.swc", "line 2", "no point 5");
  }));

Deno.test("a brain that cannot fit into memory is refused before it is drawn, with its size", () =>
  inFolder(async (folder) => {
    const regions = ["--region", "a:input:4000000", "--region", "b:memory:4000000", "--connect", "a:b:0.5"];
    const refusal = await within("create", `${folder}/z.brain`, ...regions);
    assertEquals(refusal.code, 2);
    assertStringIncludes(refusal.err, "are free");
  }));
