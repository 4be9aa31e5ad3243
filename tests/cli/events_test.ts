/** What a run does to a brain at its times: lesions, currents, spikes, and how it sleeps; each as the library does it. */

import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { eventsOf, runWithEvents } from "../../src/cli/events.ts";
import { parseCommand } from "../../src/cli/command.ts";
import { run } from "../../src/cli/run.ts";
import { loadBrain, saveBrain } from "../../src/snapshot/file.ts";
import { differences } from "../property/differences.ts";
import { end, inFolder, refused, sameBytes, succeeded, within } from "./command_line.ts";

/** Input lines onto a region that remembers; dt is half a millisecond, so that steps are not ms. */
function small(): Brain {
  const brain = new Brain({ seed: 3, dt: 0.5 });
  brain.addRegion("eye", "input", { neurons: 10 });
  brain.addRegion("v1", "memory", {
    neurons: 40,
    noise: 6,
    connectivity: { density: 0.2, plasticity: "stdp" },
    memory: { windowMs: 10, zScore: 1, smallest: 2, replayEveryMs: 10 },
    excitability: { everyMs: 10 },
  });
  brain.addRegion("m", "memory", { neurons: 20, noise: 6, memory: { windowMs: 10, zScore: 1, smallest: 2 } });
  brain.connect("eye", "v1", { density: 1, plasticity: "stdp" });
  brain.connect("v1", "m", { density: 0.3, plasticity: "stdp" });
  brain.connect("eye", "v1", { name: "lateral", layout: "uniform", weight: 0.1 });
  return brain;
}

/** Runs with a folder that holds `a.brain`, and a twin in this process. */
function withBrain(act: (path: string, own: Brain) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    await saveBrain(small(), `${folder}/a.brain`);
    await act(`${folder}/a.brain`, small());
  });
}

const each = (flag: string, ...texts: string[]) => texts.flatMap((text) => [flag, text]);

/** `brainsim run --in-place` for a time. */
const runs = (path: string, time: string, ...args: string[]) =>
  within("run", path, "--for", time, "--in-place", ...args);

Deno.test("run lesions shares and indices, of regions and of projections, at once and at a time", () =>
  withBrain(async (path, own) => {
    const lesions = each("--lesion", "v1=10%", "v1=0,5,7..9@20", "eye->v1=25%@30.5", "v1->v1=0..2", "region:eye=3@40");
    succeeded(await runs(path, "50ms", ...lesions));
    own.lesion("v1", { share: 0.1 });
    own.lesionSynapses("v1->v1", [0, 1, 2]);
    await own.run(40);
    own.lesion("v1", [0, 5, 7, 8, 9]);
    await own.run(21);
    own.lesionSynapses("eye->v1", { share: 0.25 });
    await own.run(19);
    own.lesion("eye", [3]);
    await own.run(20);
    const loaded = await loadBrain(path);
    assertEquals(differences(loaded, own), []);
    assert(loaded.region("v1").neurons < 36 && loaded.region("eye").neurons === 9);

    // The same command line gives the same brain again, and a run that goes on does not bring anything back.
    succeeded(await runs(path, "50ms", "--lesion", "v1=100%"));
    assertEquals((await loadBrain(path)).region("v1").neurons, 0);
  }));

Deno.test("run injects a current from now on, until it is changed, or between two times and then as before", () =>
  withBrain(async (path, own) => {
    const current = async () => new Set((await loadBrain(path)).region("v1").current);
    succeeded(await runs(path, "30ms", "--current", "v1=-3.5"));
    own.injectCurrent("v1", -3.5);
    await own.run(60);
    succeeded(await runs(path, "30ms", ...each("--current", "v1=20@10-20", "v1=7@20-25.5")));
    await own.run(20);
    own.injectCurrent("v1", 20);
    await own.run(20);
    own.injectCurrent("v1", 7);
    await own.run(11);
    own.injectCurrent("v1", -3.5);
    await own.run(9);
    assertEquals(differences(await loadBrain(path), own), []);
    assertEquals(await current(), new Set([-3.5]));

    // It ends at the very end of a run too, and by off.
    succeeded(await runs(path, "10ms", "--current", "v1=9@0-10"));
    assertEquals(await current(), new Set([-3.5]));
    succeeded(await runs(path, "10ms", "--current", "v1=off"));
    assertEquals(await current(), new Set([0]));
  }));

Deno.test("a current between two times of a run that is interrupted there is still on, and its end is told", async () => {
  const brain = small(), given = parseCommand(run, ["a.brain", "--steps", "100", "--current", "v1=5@10-20"]);
  const { done, left } = await runWithEvents(brain, 100, eventsOf(given), (now) => now >= 20);
  assertEquals([done, left.map(({ flag }) => flag)], [20, ["the end of --current v1=5@10-20"]]);
  assertEquals(new Set(brain.region("v1").current), new Set([5]));
});

Deno.test("run makes neurons spike at its beginning and at a time, input lines too", () =>
  withBrain(async (path, own) => {
    succeeded(await runs(path, "50ms", ...each("--spikes", "eye=0,3,7..9@20.5", "v1=39", "eye=0@20")));
    own.injectSpikes("v1", [39]);
    await own.run(40);
    own.injectSpikes("eye", [0]);
    await own.run(1);
    own.injectSpikes("eye", [0, 3, 7, 8, 9]);
    await own.run(59);
    const loaded = await loadBrain(path);
    assertEquals(differences(loaded, own), []);
    assertEquals([...loaded.region("eye").spikeCounts], [2, 0, 0, 1, 0, 0, 0, 1, 1, 1]);
  }));

Deno.test("the options of sleep are those of the library, for every sleep of the run", () =>
  withBrain(async (path, own) => {
    succeeded(await runs(path, "200ms"));
    await own.run(400);
    const two = ["eye->v1", "v1->m"];
    const cases: [string[], Parameters<Brain["sleep"]>[1]][] = [
      [[], {}],
      [["--sleep-shuffled"], { shuffled: true }],
      [["--sleep-plastic", "none"], { plastic: [] }],
      [["--sleep-replay", "none", "--sleep-plastic", "eye->v1"], { regions: [], plastic: ["eye->v1"] }],
      [["--sleep-replay", "m"], { regions: ["m"] }],
      [each("--sleep-plastic", "v1->m", "region:v1"), { plastic: ["v1->m", "region:v1"] }],
      [[...each("--sleep-replay", "v1", "m"), ...each("--sleep-plastic", ...two)], { plastic: two }],
    ];
    const made: Brain[] = [];
    for (const [flags, options] of cases) {
      const output = `${path}.${made.length}`, args = ["--for", "200ms", "--output", output];
      const { replays } = end(
        await within("run", path, ...args, ...each("--sleep", "50ms", "50ms@100"), ...flags, "--json"),
      );
      const twin = own.clone(), nothing = options?.regions?.length === 0;
      let expected = 0;
      for (let k = 0; k < 2; k++) {
        expected += (await twin.sleep(50, options)).replays;
        await twin.run(100);
      }
      assertEquals([replays, replays > 0], [expected, !nothing], flags.join(" "));
      const loaded = await loadBrain(output);
      assertEquals(differences(loaded, twin), [], flags.join(" "));
      for (const other of made) assertNotEquals(differences(loaded, other), [], flags.join(" "));
      made.push(loaded);
    }
  }));

Deno.test("what a brain would refuse is refused before anything runs, in one line that names the flag", () =>
  withBrain(async (path) => {
    const before = await Deno.readFile(path);
    const cases: [string[], ...string[]][] = [
      [["--lesion", "v1"], '"v1"', "TARGET=SHARE%", "TARGET=INDICES"],
      [["--lesion", "v1=0.3"], '"v1=0.3"', "cortex=30%@500"],
      [["--lesion", "v1=130%"], "--lesion v1=130%", "share in %", "from 0 to 100"],
      [["--lesion", "v1=x%"], '"x"'],
      [["--lesion", "v1=5@"], '"v1=5@"'],
      [["--lesion", "v1=40"], "--lesion v1=40", "index is 40", "0 to 39"],
      [["--lesion", "v1=0..99999999999"], "expected 0 to 39"],
      [["--lesion", "v1=7..5"], '"7..5"', "ascending"],
      [["--lesion", "v2=10%"], 'no such region or projection "v2"', 'did you mean "v1"?'],
      [["--lesion", "projection:v1=10%"], 'no such projection "v1"', "eye->v1"],
      [["--lesion", "region:eye->v1=10%"], 'no such region "eye->v1"'],
      [["--lesion", "lateral=10%"], "--lesion lateral=10%", "stores no synapses"],
      [["--lesion", "lateral=3"], "stores no synapses"],
      [["--lesion", "eye->v1=400"], "0 to 399"],
      [["--lesion", "v1=10%@99"], "--lesion v1=10%@99: 99 ms lies behind the end of the run"],
      [["--current", "v1"], '"v1"', "REGION=VALUE[@FROM-TO] (mV/ms)"],
      [["--current", "v1=x"], "value", '"x"'],
      [["--current", "v1=1,2"], '"1,2"'],
      [["--current", "eye=1"], "--current eye=1", "no membrane", "stimulate"],
      [["--current", "v2=1"], "--current v2=1", 'did you mean "v1"?'],
      [["--current", "v1=1e9"], "--current v1=1e9", "1000000000"],
      [["--current", "v1=1@5-5"], "later end"],
      [["--current", "v1=1@5"], '"v1=1@5"', "FROM-TO"],
      [each("--current", "v1=1", "v1=2@5-9"), "v1=1 and", "v1=2@5-9", 'set the current of "v1" at the same time'],
      [each("--current", "v1=1@1-6", "v1=2@5-9"), "v1=1@1-6", "v1=2@5-9"],
      [each("--stimulate", "v1=1", "v1=off"), 'set the stimulus of "v1" at the same time'],
      [["--spikes", "v1"], '"v1"', "REGION=NEURONS[@MS]"],
      [["--spikes", "v1=a"], '"v1=a"'],
      [["--spikes", "v1=10%"], '"v1=10%"'],
      [["--spikes", "v1=3,40"], "--spikes v1=3,40", "neuron is 40", "0 to 39"],
      [["--spikes", "eye->v1=3"], '"eye->v1"', "known regions"],
      [["--spikes", "v1=3@99"], "--spikes v1=3@99", "end of the run"],
      // Events are rehearsed in the order of their times, not of the flags.
      [["--spikes", "v1=3@9", "--lesion", "v1=3@8"], "--spikes v1=3@9", "3 does not live"],
      [["--sleep-shuffled"], "--sleep-shuffled has no effect without --sleep"],
      [["--sleep-replay", "v1"], "--sleep-replay has no effect without --sleep"],
      [["--sleep-plastic", "none"], "--sleep-plastic has no effect without --sleep"],
      [["--sleep", "5ms", "--sleep-replay", "eye"], "--sleep 5ms", '"eye"', "no memory", "v1"],
      [
        ["--sleep", "5ms", "--sleep-plastic", "v1-|v1"],
        "--sleep 5ms",
        "known plastic projections and regions: v1->v1, eye->v1, v1->m, region:v1, region:m",
      ],
      [["--sleep", "5ms", ...each("--sleep-plastic", "none", "v1->v1")], "--sleep-plastic", '"none"', "exclude"],
      [["--encoding", "rate"], "--encoding has no effect without --stimulate"],
      [["--record-to", "x"], "--record-to has no effect without --record or --plot"],
    ];
    for (const [args, ...words] of cases) {
      refused(await runs(path, "10ms", ...args), 2, ...words);
      assert(sameBytes(await Deno.readFile(path), before), args.join(" "));
    }
    succeeded(await runs(path, "10ms", "--spikes", "v1=3@8", "--lesion", "v1=3@9"));
    // A stimulus and a current of one region are two things.
    succeeded(await runs(path, "10ms", "--stimulate", "v1=1", "--current", "v1=1"));
  }));

Deno.test("a time between two steps is not rounded in silence, for every event", () =>
  withBrain(async (path) => {
    const { err } = succeeded(
      await runs(path, "10ms", "--lesion", "v1=1@1.2", "--spikes", "v1=3@2.2", "--current", "v1=1@3-4.2"),
    );
    for (const used of ["v1=1@1.2: 1.2 ms", "v1=3@2.2: 2.2 ms", "v1=1@3-4.2: 4.2 ms"]) assertStringIncludes(err, used);
    assertEquals(err.trim().split("\n").length, 3);
  }));
