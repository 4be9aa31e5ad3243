/** Every mechanism from the command line: described with create, driven with run, seen with inspect. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { MECHANISM_NAMES } from "../../src/engine/mechanisms.ts";
import { loadBrain } from "../../src/snapshot/file.ts";
import { encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { end, inFolder, refused, succeeded, within } from "./command_line.ts";

const QUICK = ["--preset", "quickstart", "--seed", "1"];

/** What each mechanism is given with; `{}` for most. */
const VALUES: Record<string, string> = {
  modulators: '{"acetylcholine":{},"serotonin":{"patience":2}}',
  oscillation: '{"theta":2}',
  morphology: '"interneuron"',
};

Deno.test("create --set gives a region any mechanism, and inspect shows that it is there", () =>
  inFolder(async (folder) => {
    const path = `${folder}/all.brain`;
    const sets = MECHANISM_NAMES.flatMap((name) => ["--set", `cortex.${name}=${VALUES[name] ?? "{}"}`]);
    // Maturation is for rules that learn at a neuron's own spikes.
    const own = ["--set", 'input->cortex.plasticity={"rule":"instar"}', "--set", "cortex.maxNeurons=300"];
    succeeded(await within("create", path, ...QUICK, ...own, ...sets));
    const { regions } = end(await within("inspect", path, "--json"));
    assertEquals(Object.keys(regions[1].mechanisms), MECHANISM_NAMES);
    const { out } = succeeded(await within("inspect", path));
    for (const name of MECHANISM_NAMES) assertStringIncludes(out, name);
  }));

Deno.test("create --set gives a projection plasticity, structure and short-term plasticity", () =>
  inFolder(async (folder) => {
    const path = `${folder}/p.brain`, name = "cortex->output";
    const sets = ['plasticity={"rule":"triplet"}', "structure=true", 'shortTerm="depressing"'];
    succeeded(await within("create", path, ...QUICK, ...sets.flatMap((set) => ["--set", `${name}.${set}`])));
    const { spec } = (await loadBrain(path)).projection(name);
    assertEquals([spec.plasticity?.rule, spec.structure?.forms, spec.shortTerm?.use], ["triplet", 0.2, 0.5]);
  }));

Deno.test("create --set refuses unknown names, options, values and texts that are no JSON", () =>
  inFolder(async (folder) => {
    const set = (text: string) => within("create", `${folder}/x.brain`, ...QUICK, "--set", text);
    refused(await set("corex.threshold=true"), 2, '"corex"', 'did you mean "cortex"?');
    refused(await set("cortex.treshold=true"), 2, '"treshold"', 'did you mean "threshold"?');
    refused(await set('cortex.threshold={"tauMs":-1}'), 2, "tauMs is -1");
    refused(await set("cortex.threshold=yes"), 2, "no JSON");
    refused(await set("cortex"), 2, "NAME.OPTION=JSON");
    for (const [rule, means] of [["rstdp", '{"reward":{}}'], ["stdp", "{}"]]) {
      refused(
        await set(`input->cortex.plasticity={"rule":"${rule}"}`),
        2,
        `"${rule}" is no rule; plasticity "${rule}" is short for ${means}, and any rule takes the option reward`,
        "known rules: pair, triplet",
      );
    }
    refused(await set('input->cortex.plasticity={"rule":"pear"}'), 2, '"pear"', 'did you mean "pair"?');
  }));

Deno.test("run releases modulators, sleeps, freezes and thaws at the times given", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.brain`, later = `${folder}/b.brain`;
    const sets = ['cortex.modulators={"acetylcholine":{"tauMs":1000}}', "cortex.memory=true", "cortex.field=true"];
    succeeded(await within("create", path, ...QUICK, ...sets.flatMap((set) => ["--set", set])));
    const { files } = end(
      await within(
        ...["run", path, "--for", "1s", "--stimulate", "input=0.8", "--release", "acetylcholine=2@500:cortex"],
        ...[
          "--sleep",
          "200ms@600",
          "--freeze",
          "plasticity:projection:cortex->output",
          "--record",
          "lfp:cortex,spikes",
        ],
        ...["--output", later, "--json"],
      ),
    );
    const { regions, projections } = end(await within("inspect", later, "--json"));
    const level = regions[1].mechanisms.modulators.acetylcholine;
    assert(Math.abs(level - 2 * Math.exp(-0.5)) < 1e-9, `acetylcholine ${level}`);
    assertEquals(projections.map((p: { plastic: boolean }) => p.plastic).at(-1), false);
    const [lfp, spikes] = await Promise.all(files.map((file: string) => Deno.readTextFile(file)));
    assertEquals(lfp.trim().split("\n").length, 2 + 1000);
    const times = spikes.trim().split("\n").slice(2).map((line: string) => line.split(",").map(Number)) as number[][];
    const ofInput = (from: number, to: number) => times.filter(([i, t]) => i < 50 && t >= from && t < to).length;
    assert(ofInput(0, 600) > 0 && ofInput(605, 800) === 0 && ofInput(800, 1000) > 0, "stimuli shut out in sleep");
    succeeded(await within("run", later, "--for", "10ms", "--thaw", "plasticity", "--in-place"));
    assert((await loadBrain(later)).projection("cortex->output").plastic);
  }));

Deno.test("run refuses what a mechanism would refuse, before anything runs", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.brain`;
    succeeded(await within("create", path, ...QUICK));
    const run = (...flags: string[]) => within("run", path, "--for", "1s", ...flags);
    refused(await run("--release", "acetylcholine=2@500:cortex"), 2, "responds to no modulator");
    refused(await run("--release", "cortex"), 2, "MODULATOR=AMOUNT@MS:REGION");
    refused(await run("--sleep", "2s"), 2, "--sleep 2s", "end of the run");
    refused(await run("--freeze", "everything"), 2, "plasticity[:TARGET]");
    refused(await run("--freeze", "structure:cortex"), 2, "no structure there");
    refused(await run("--record", "lfp:cortex"), 2, "no field");
  }));

Deno.test("inspect --structure tells how neurons and synapses came and went", () =>
  inFolder(async (folder) => {
    const path = `${folder}/g.brain`;
    const sets = ["cortex.maxNeurons=400", 'cortex.growth={"births":20}', "input->cortex.structure=true"];
    succeeded(await within("create", path, ...QUICK, ...sets.flatMap((set) => ["--set", set])));
    succeeded(await within("run", path, "--for", "3s", "--stimulate", "input=0.8", "--in-place"));
    const { structure, regions } = end(await within("inspect", path, "--structure", "--json"));
    assertEquals(structure.map((log: { target: string }) => log.target), ["region:cortex", "projection:input->cortex"]);
    const [{ timeMs, count, born, died, lesioned }] = structure;
    assertEquals([timeMs, count.at(-1), lesioned], [[1000, 2000, 3000], regions[1].neurons, [0, 0, 0]]);
    assert(born.at(-1) > 5 && count.at(-1) === 200 + born.at(-1) - died.at(-1));
    assertStringIncludes(succeeded(await within("inspect", path, "--structure")).out, "births");
  }));

Deno.test("run sleeps several times, tells of replays and of a sleep that goes on, and refuses sleeps that overlap", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.brain`;
    succeeded(await within("create", path, ...QUICK, "--set", "cortex.memory=true"));
    const run = (...flags: string[]) => within("run", path, "--for", "2s", ...flags);
    assertStringIncludes(succeeded(await run("--sleep", "200ms@100", "--sleep", "200ms@900")).out, "replays in sleep");
    refused(
      await run("--sleep", "1s@100", "--sleep", "1s@500"),
      2,
      "--sleep 1s@500",
      "before the sleep before it is over",
    );
    const brain = await loadBrain(path);
    brain.startSleep(5000);
    await Deno.writeFile(`${folder}/s.brain`, encodeSnapshot(brain));
    assertStringIncludes(succeeded(await within("inspect", `${folder}/s.brain`)).out, "asleep for another 5");
    const { asleepMs } = end(await within("run", `${folder}/s.brain`, "--for", "2s", "--json"));
    assertEquals(asleepMs, 3000);
  }));

Deno.test("create warns of growth without room, and run of sleep without memory", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.brain`;
    const { err } = succeeded(await within("create", path, ...QUICK, "--set", "cortex.growth=true"));
    assertStringIncludes(err, 'region "cortex" has growth but no room');
    assertStringIncludes(
      succeeded(await within("run", path, "--for", "1s", "--sleep", "100ms")).err,
      "no region has a memory",
    );
  }));

Deno.test("inspect shows memory traces, and what a cue brings back, and leaves the file as it is", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.brain`, brain = new Brain({ seed: 1 });
    brain.addRegion("m", "memory", { neurons: 60, inhibitory: 0, memory: true });
    const pre = Array.from({ length: 20 * 19 }, (_, k) => Math.floor(k / 19));
    const post = pre.map((i, k) => k % 19 < i ? k % 19 : k % 19 + 1);
    brain.connect("m", "m", { pairs: { pre, post }, weight: 4 });
    await brain.run(1000);
    brain.injectSpikes("m", Array.from({ length: 20 }, (_, k) => k));
    await brain.run(1000);
    const bytes = encodeSnapshot(brain);
    await Deno.writeFile(path, bytes);
    const args = ["inspect", path, "--traces", "m", "--recall", "m=0,1,2,3,4,5,6,7,8,9"];
    const { traces, recalls } = end(await within(...args, "--json"));
    assertEquals([traces.length, traces[0].neurons.length], [1, 20]);
    assertEquals([recalls[0].trace, recalls[0].overlap, recalls[0].precision], [0, 1, 1]);
    assertEquals(recalls[0].recalled.length, 10);
    const { out } = succeeded(await within(...args));
    for (const words of ["1 memory trace of m", "trace 0, 100 % of its other neurons"]) {
      assertStringIncludes(out, words);
    }
    // Without synapses, nothing comes back: how much of nothing belongs to the trace is not defined.
    brain.lesionSynapses("m->m", pre.keys().toArray());
    await Deno.writeFile(`${folder}/mute.brain`, encodeSnapshot(brain));
    const mute = ["inspect", `${folder}/mute.brain`, "--recall", "m=0,1,2"];
    const [{ trace, overlap, precision, recalled }] = end(await within(...mute, "--json")).recalls;
    assertEquals([trace, overlap, precision, recalled], [0, 0, null, []]);
    assertStringIncludes(succeeded(await within(...mute)).out, "m=0,1,2: trace 0, but nothing came back");
    assertEquals(await Deno.readFile(path), bytes);
    refused(await within("inspect", path, "--recall", "m=a"), 2, "REGION=NEURONS");
    refused(await within("inspect", path, "--recall", "m=99"), 2, "neuron");
    refused(await within("inspect", path, "--traces", "n"), 2, '"n"');
  }));
