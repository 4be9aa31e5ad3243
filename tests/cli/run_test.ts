/** brainsim run */

import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { loadBrain, saveBrain } from "../../src/snapshot/file.ts";
import { decodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { differences } from "../property/differences.ts";
import {
  brainsim,
  end,
  inFolder,
  list,
  MAIN,
  type Outcome,
  records,
  refused,
  sameBytes,
  succeeded,
  within,
} from "./command_line.ts";
import { small, withBrain } from "./small_brain.ts";

Deno.test("run advances by steps or by a time, and writes back in place or to another file", () =>
  withBrain(async (path, folder) => {
    const cases: [string[], number][] = [
      [["--steps", "20"], 20],
      [["--for", "20ms"], 40],
      [["--for", "30ms"], 60],
      [["--for", "0.1s"], 200],
      [["--for", "0.001min"], 120],
      [["--steps", "0"], 0],
    ];
    for (const [args, steps] of cases) {
      succeeded(await within("run", path, ...args, "--output", `${folder}/b.brain`, "--force"));
      const own = small();
      await own.run(steps);
      assertEquals(differences(await loadBrain(`${folder}/b.brain`), own), [], args.join(" "));
    }
    assertEquals((await loadBrain(path)).stepCount, 0, "the brain itself is as it was");
    succeeded(await within("run", path, "--steps", "7", "--in-place"));
    succeeded(await within("run", path, "--steps", "5", "--in-place"));
    const loaded = await loadBrain(path);
    assertEquals(loaded.stepCount, 12);
    assertEquals(loaded.history.map(({ step, action, steps }) => [step, action, steps]), [[7, "run", 7], [
      12,
      "run",
      5,
    ]]);
  }));

Deno.test("run without --output or --in-place keeps nothing, and says so", () =>
  withBrain(async (path, folder) => {
    const before = await Deno.readFile(path);
    const { out } = succeeded(await within("run", path, "--steps", "50"));
    assertStringIncludes(out, "not saved");
    assert(sameBytes(await Deno.readFile(path), before));
    assertEquals(list(folder), ["a.brain"]);
  }));

Deno.test("the end record of run has the fields of the contract", () =>
  withBrain(async (path) => {
    const outcome = await within("run", path, "--for", "1s", "--stimulate", "eye=0.9", "--json", "--in-place");
    const { steps, wallS, spikes, meanRateHz, backend, snapshot } = end(outcome);
    assertEquals([steps, backend, snapshot], [2000, "cpu", path]);
    assert(wallS > 0 && spikes > 0);
    assertAlmostEquals(meanRateHz, spikes / 28, 1e-9);
    assertEquals((await loadBrain(path)).summary().spikes, spikes);
    assertEquals(records(outcome)[0].type, "begin");
  }));

Deno.test("stimuli act from now on, between two times, and until they are switched off, as the library's do", () =>
  withBrain(async (path) => {
    succeeded(
      await within(...["run", path, "--for", "100ms", "--in-place", "--max-rate", "300"], "--stimulate", "eye=0.8,0.3"),
    );
    const own = small();
    own.stimulate("eye", [0.8, 0.3], { maxRateHz: 300 });
    await own.run(200);
    assertEquals(differences(await loadBrain(path), own), []);

    // A second run goes on under the first run's stimulus, and gets one of its own for a while.
    const more = ["--stimulate", "v1=2@10-30", "--encoding", "current"];
    succeeded(await within("run", path, "--for", "50ms", "--in-place", ...more));
    await own.run(20);
    own.stimulate("v1", [2], { encoding: "current", durationMs: 20 });
    await own.run(80);
    assertEquals(differences(await loadBrain(path), own), []);

    succeeded(await within("run", path, "--for", "50ms", "--in-place", "--stimulate", "eye=off"));
    own.clearStimulus("eye");
    await own.run(100);
    assertEquals(differences(await loadBrain(path), own), []);
  }));

Deno.test("a stimulus between two times causes spikes between these times only", () =>
  withBrain(async (path, folder) => {
    const args = ["--stimulate", "eye=1@40-60", "--max-rate", "1000", "--record", "spikes:eye", "--for", "100ms"];
    succeeded(await within("run", path, ...args));
    const times = (await Deno.readTextFile(`${folder}/a.spikes.eye.csv`)).trim().split("\n").slice(2).map((l) =>
      Number(l.split(",")[1])
    );
    assert(times.length > 50);
    assert(times.every((t) => t >= 40 && t < 60), times.join());
  }));

Deno.test("stimuli of one region may follow each other, and those of two regions may overlap", () =>
  withBrain(async (path) => {
    const args = ["eye=1@0-50", "eye=0.2@50-100", "v1=off", "v1=1@20-80"].flatMap((text) => ["--stimulate", text]);
    succeeded(await within("run", path, "--for", "100ms", "--in-place", ...args, "--encoding", "rate"));
    const own = small();
    own.stimulate("eye", [1], { durationMs: 50 });
    await own.run(40);
    own.stimulate("v1", [1], { durationMs: 60 });
    await own.run(60);
    own.stimulate("eye", [0.2], { durationMs: 50 });
    await own.run(100);
    assertEquals(differences(await loadBrain(path), own), []);
  }));

Deno.test("a time between two steps is not rounded in silence", () =>
  withBrain(async (path) => {
    const run = (...args: string[]) => within("run", path, "--stimulate", "eye=1@1-2.25", "--reward", "1@1.5", ...args);
    assertEquals(
      succeeded(await run("--for", "4.9ms")).err,
      "warning: --for: 4.9 ms lies between steps of 0.5 ms; 5 ms is used\n" +
        "warning: --stimulate eye=1@1-2.25: 2.25 ms lies between steps of 0.5 ms; 2.5 ms is used\n",
    );
    const all = records(await run("--for", "4.9ms", "--json"));
    assertEquals(all.map(({ type }) => type), ["warning", "warning", "begin", "end"]);
    assertEquals(all.at(-1)!.steps, 10);
  }));

Deno.test("a short run is told in ms", () =>
  withBrain(async (path) => {
    assertStringIncludes(succeeded(await within("run", path, "--for", "12.5ms")).out, "\n12.5 ms simulated in");
    assertStringIncludes(succeeded(await within("run", path, "--for", "1.5s")).out, "\n1.5 s simulated in");
  }));

Deno.test("a reward at the very end of a run acts in the next", () =>
  withBrain(async (path) => {
    succeeded(await within("run", path, "--for", "10ms", "--in-place", "--reward", "1@10:paid"));
    assertAlmostEquals((await loadBrain(path)).dopamine().paid, 1, 1e-9);
  }));

Deno.test("switching a stimulus off at a time does so at that time, or is refused", () =>
  withBrain(async (path, folder) => {
    const args = ["--stimulate", "eye=1", "--stimulate", "eye=off@50-100", "--max-rate", "1000"];
    const outcome = await within("run", path, "--for", "100ms", "--record", "spikes:eye", ...args);
    if (outcome.code === 2) return refused(outcome, 2, "off");
    succeeded(outcome);
    const text = await Deno.readTextFile(`${folder}/a.spikes.eye.csv`);
    assert(text.trim().split("\n").length > 2, "it was on until 50 ms");
  }));

Deno.test("reward and punishment act at their time and on their target, as the library's do", () =>
  withBrain(async (path) => {
    const start = ["run", path, "--for", "200ms", "--in-place", "--stimulate", "eye=1", "--max-rate", "200"];
    succeeded(
      await within(...start, "--punish", "0.5@120.5:region:v1", "--reward", "1@120.5:paid", "--reward", "2@50"),
    );
    const own = small();
    own.stimulate("eye", [1], { maxRateHz: 200 });
    await own.run(100);
    own.reward(2);
    await own.run(141);
    own.reward(1, { target: "paid" });
    own.punish(0.5, { target: "region:v1" });
    await own.run(159);
    const loaded = await loadBrain(path);
    assertEquals(differences(loaded, own), []);
    assertNotEquals(loaded.projection("paid").weights, small().projection("paid").weights);
  }));

Deno.test("a reward may have an arrow in its target", () =>
  inFolder(async (folder) => {
    const brain = new Brain();
    brain.addRegion("a", "input", { neurons: 2 });
    brain.addRegion("b", "motor", { neurons: 2 });
    brain.connect("a", "b", { density: 1, plasticity: "rstdp" });
    await saveBrain(brain, `${folder}/a.brain`);
    succeeded(await within("run", `${folder}/a.brain`, "--steps", "10", "--in-place", "--reward", "2.0@10:a->b"));
    const loaded = await loadBrain(`${folder}/a.brain`);
    assertAlmostEquals(Object.values(loaded.dopamine())[0], 2, 1e-9);
  }));

Deno.test("a run that is refused leaves the brain and every other file as they were", () =>
  withBrain(async (path, folder) => {
    await Deno.writeTextFile(`${folder}/b.brain`, "precious");
    await Deno.writeTextFile(`${folder}/a.rates.csv`, "precious");
    const before = await Deno.readFile(path);
    const cases: [string[], ...string[]][] = [
      [[], "--steps", "--for"],
      [["--steps", "5", "--for", "5s"], "either"],
      [["--steps", "-5"], "steps"],
      [["--steps", "1.5"], '"1.5"', "whole"],
      [["--steps", "many"], '"many"'],
      [["--for", "5 parsecs"], '"5 parsecs"', "10s"],
      [["--for", "5"], '"5"', "5ms, 5s, 5min or 5h"],
      [["--steps", "5", "--output", `${folder}/b.brain`], "--output", "--in-place"],
      [["--steps", "5", "--stimulate", "eye"], '"eye"', "REGION=VALUES"],
      [["--steps", "5", "--stimulate", "eye=1,x"], '"x"', "number"],
      [["--steps", "5", "--stimulate", "eye="], '""'],
      [["--steps", "5", "--stimulate", "eye=1.5"], "1.5", "from 0 to 1"],
      [["--steps", "5", "--stimulate", "ey=1"], '--stimulate ey=1: no such region "ey"', 'did you mean "eye"?'],
      [["--steps", "5", "--stimulate", "eye=1@2"], '"eye=1@2"', "FROM-TO"],
      [["--steps", "5", "--stimulate", "ey=off"], 'no such region "ey"', 'did you mean "eye"?'],
      [["--steps", "5", "--stimulate", "eye=1@2-1"], "to", "≥ 2"],
      [["--steps", "5", "--stimulate", "eye=1@2-2"], "--stimulate eye=1@2-2", "later end"],
      [
        ["--steps", "5", "--stimulate", "eye=1@100-200"],
        "--stimulate eye=1@100-200: 200 ms",
        "end of the run",
        "2.5 ms",
      ],
      [["--steps", "5", "--stimulate", "eye=1@0-200"], "--stimulate eye=1@0-200: 200 ms", "end of the run", "2.5 ms"],
      [["--steps", "5", "--stimulate", "eye=1", "--stimulate", "eye=0.5"], "eye=1 and", "eye=0.5", "same time"],
      [["--steps", "5", "--stimulate", "eye=1", "--stimulate", "eye=off"], "eye=1 and", "eye=off"],
      [["--steps", "5", "--stimulate", "eye=.5@1-2", "--stimulate", "eye=1"], "eye=1 and", "eye=.5@1-2"],
      [["--steps", "5", "--stimulate", "eye=1@1-2", "--stimulate", "eye=.5@0-1.5"], "eye=1@1-2", "eye=.5@0-1.5"],
      [["--steps", "5", "--stimulate", "eye=1", "--encoding", "phase"], '"phase"', "temporal"],
      [["--steps", "5", "--stimulate", "eye=1", "--max-rate", "1e9"], "maxRateHz"],
      [["--steps", "5", "--reward", "1"], '"1"', "AMOUNT@MS"],
      [["--steps", "5", "--reward", "x@1"], '"x"'],
      [["--steps", "5", "--reward", "1@1:payd"], '"payd"', "projection:paid"],
      [["--steps", "5", "--punish", "1@99"], "--punish 1@99", "99 ms", "end of the run"],
      [["--steps", "5", "--punish", "-1@1"], "--punish -1@1", "amount is -1", "≥ 0", "--reward"],
      [["--steps", "5", "--record", "spike"], '"spike"', "spikes[:REGION]"],
      [["--steps", "5", "--record", "spikes:v2"], '"spikes:v2"', "eye, v1"],
      [["--steps", "5", "--record", "spikes,v:v1[0..500]"], '"v:v1[0..500]"', "from 0 to 19"],
      [["--steps", "5", "--record", "v:v1[0..99999999999]"], '"v:v1[0..99999999999]"', "from 0 to 19"],
      [["--steps", "5", "--record", "v"], '"v"', "v:REGION"],
      [["--steps", "5", "--record", "v:v1[20]"], '"v:v1[20]"', "from 0 to 19"],
      [["--steps", "5", "--record", "weights:eye->v2"], '"weights:eye->v2"', "known projections"],
      [["--steps", "5", "--record", "rates"], "a.rates.csv", "exists", "--record-to", "--force"],
      [["--steps", "5", "--record", "rates", "--record-format", "xls"], '"xls"', "csv, npy"],
    ];
    for (const [args, ...words] of cases) {
      refused(await within("run", path, "--in-place", ...args), 2, ...words);
      assert(sameBytes(await Deno.readFile(path), before), args.join(" "));
      assertEquals(list(folder), ["a.brain", "a.rates.csv", "b.brain"], args.join(" "));
    }
    refused(
      await within("run", path, "--steps", "5", "--output", `${folder}/b.brain`),
      2,
      "b.brain",
      "exists",
      "--force",
    );
    assertEquals(await Deno.readTextFile(`${folder}/b.brain`), "precious");
    assertEquals(await Deno.readTextFile(`${folder}/a.rates.csv`), "precious");
  }));

Deno.test("five seconds are two seconds, saved, and three seconds in a new process", () =>
  inFolder(async (folder) => {
    const run = (...args: string[]) => brainsim(["run", ...args], { cwd: folder });
    const drive = ["--stimulate", "input=0.8,0.3,0.5", "--max-rate", "60"];
    succeeded(await within("create", `${folder}/q.brain`, "--preset", "quickstart", "--seed", "2"));
    succeeded(await run("q.brain", "--for", "5s", "--reward", "1@2500", "--output", "whole.brain", ...drive));
    succeeded(await run("q.brain", "--for", "2s", "--output", "half.brain", ...drive));
    succeeded(await run("half.brain", "--for", "3s", "--reward", "1@500", "--in-place"));
    const { out } = succeeded(await within("inspect", `${folder}/whole.brain`, "--compare", `${folder}/half.brain`));
    assertStringIncludes(out, "identical");
    assert((await loadBrain(`${folder}/whole.brain`)).summary().spikes > 5000);
  }));

Deno.test("a brain goes in from standard input and out to standard output, for -", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await saveBrain(small(), `${folder}/a.brain`);
    const stdin = await Deno.readFile(`${folder}/a.brain`);
    const { bytes } = succeeded(await brainsim(["run", "-", "--steps", "30", "--output", "-"], { stdin }));
    const own = small();
    await own.run(30);
    assertEquals(differences(decodeSnapshot(bytes), own), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("standard output holds records or a brain, never both", () =>
  withBrain(async (path) => {
    const outcome = await within("run", path, "--steps", "5", "--output=-", "--json");
    if (outcome.code === 2) return refused(outcome, 2, "--json");
    succeeded(outcome);
    decodeSnapshot(outcome.bytes);
  }));

/** Interrupts a command line that says nothing when it begins: one that did not listen yet is given more time. */
async function interrupted(cwd: string, ...args: string[]): Promise<Outcome> {
  const program = ["run", "-A", MAIN, ...args];
  for (let waitMs = 500;; waitMs *= 3) {
    const child = new Deno.Command(Deno.execPath(), { args: program, cwd, stdout: "piped", stderr: "piped" }).spawn();
    const timer = setTimeout(() => child.kill("SIGINT"), waitMs);
    const { code, stdout, stderr } = await child.output();
    clearTimeout(timer);
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    if (err !== "" || waitMs > 10_000) return { code, out, err, bytes: stdout };
  }
}

Deno.test("an interrupted run says how far it came, how to go on, and which events were not done", () =>
  withBrain(async (path, folder) => {
    const args = ["run", "a.brain", "--for", "10h", "--stimulate", "eye=0.1", "--reward", "1@36000000"];
    const saved = await interrupted(folder, ...args, "--output", "b c.brain");
    assertEquals(saved.code, 130);
    const [, left] =
      /^interrupted after [\d.]+ m?s of 36000 s; go on with: brainsim run 'b c.brain' --steps (\d+) --in-place; /
        .exec(saved.err) ?? [];
    assertEquals((await loadBrain(`${folder}/b c.brain`)).stepCount + Number(left), 72_000_000, saved.err);
    assertStringIncludes(saved.err, "--reward 1@36000000");
    const kept = await interrupted(folder, ...args);
    assertEquals(kept.code, 130);
    assertStringIncludes(kept.err, "of 36000 s; nothing was saved (--output FILE or --in-place keeps");
    assertEquals((await loadBrain(path)).stepCount, 0);
  }));

Deno.test("an interrupted run saves what it has done and exits with 130", () =>
  withBrain(async (path, folder) => {
    const args = ["run", "-A", MAIN, "run", path, "--for", "10h", "--in-place", "--json"];
    const child = new Deno.Command(Deno.execPath(), { args, cwd: folder, stdout: "piped", stderr: "piped" }).spawn();
    // The first record says that it has begun.
    const reader = child.stdout.getReader(), { value } = await reader.read();
    assertStringIncludes(new TextDecoder().decode(value), '"begin"');
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill("SIGINT");
    const rest: Uint8Array[] = [];
    for (let next = await reader.read(); !next.done; next = await reader.read()) rest.push(next.value);
    const { code } = await child.status;
    await child.stderr.cancel();
    assertEquals(code, 130);
    const last = JSON.parse(rest.map((piece) => new TextDecoder().decode(piece)).join("").trim().split("\n").at(-1)!);
    assertEquals([last.type, last.interrupted, last.snapshot], ["end", true, path]);
    const loaded = await loadBrain(path), own = small();
    assert(loaded.stepCount > 0 && loaded.stepCount === last.steps);
    await own.run(loaded.stepCount);
    assertEquals(differences(loaded, own), []);
  }));

Deno.test("run on two workers writes the same file, byte for byte; what cannot be spread is refused", () =>
  withBrain(async (path, folder) => {
    for (const workers of ["1", "2"]) {
      const args = ["--for", "200ms", "--stimulate", "eye=1", "--reward", "1@100", "--record", "spikes", "--force"];
      const files = ["--output", `${folder}/${workers}.brain`, "--record-to", `${folder}/${workers}`];
      succeeded(await within("run", path, ...args, ...files, "--workers", workers));
    }
    for (const file of [".brain", ".spikes.csv"]) {
      assertEquals(await Deno.readFile(`${folder}/2${file}`), await Deno.readFile(`${folder}/1${file}`), file);
    }
    assertStringIncludes((await within("run", path, "--steps", "1", "--workers", "99")).err, "from 1 to 64");
    const brain = new Brain();
    brain.addRegion("n", "association", { neurons: 20, competition: true });
    await saveBrain(brain, `${folder}/c.brain`);
    const refusal = await within("run", `${folder}/c.brain`, "--steps", "1", "--workers", "2");
    assertEquals(refusal.code, 2);
    assertStringIncludes(refusal.err, 'region "n" has competition');
  }));
