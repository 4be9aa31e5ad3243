/** brainsim train */

import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { loadBrain, saveBrain } from "../../src/snapshot/file.ts";
import { TASKS } from "../../src/tasks/registry.ts";
import { differences } from "../property/differences.ts";
import { idx } from "../unit/idx.ts";
import {
  bash,
  brainsim,
  end,
  inFolder,
  list,
  MAIN,
  records,
  refused,
  sameBytes,
  succeeded,
  within,
} from "./command_line.ts";

/** A table of two columns and two classes that lie apart: 20 rows. */
const TABLE = "width,height,kind\n" +
  Array.from({ length: 20 }, (_, k) => k % 2 ? `${1 + k / 40},${5 - k / 30},small` : `${3 + k / 50},${2 + k / 40},big`)
    .join("\n") +
  "\n";

/** Runs with a folder that holds the table as `things.csv`. */
function withTable(act: (table: string, folder: string) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/things.csv`, TABLE);
    await act(`${folder}/things.csv`, folder);
  });
}

Deno.test("train ends with the held-out score and where the brain was saved", () =>
  inFolder(async (folder) => {
    const path = `${folder}/iris.brain`;
    const outcome = await within("train", "--task", "iris", "--samples", "30", "--output", path, "--json");
    const { task, score, metric, samples, wallS, snapshot, tested } = end(outcome);
    assertEquals([task, metric, samples, snapshot, tested], ["iris", "accuracy", 30, path, 30]);
    assert(score >= 0 && score <= 1 && wallS > 0);
    assertEquals(records(outcome)[0].type, "begin");
    const loaded = await loadBrain(path);
    assertEquals(loaded.history.map(({ action, samples }) => [action, samples]), [["train iris", 30]]);
    assertEquals(list(folder), ["iris.brain"]);
    const words = succeeded(await within("train", "--task", "iris", "--samples", "30", "--output", path, "--force"));
    assertStringIncludes(words.out, `held-out accuracy ${(100 * score).toFixed(1)} %`);
    assertStringIncludes(words.out, path);
    assertStringIncludes(words.err, "training on iris");
    assertEquals(differences(await loadBrain(path), loaded), [], "the same seed gives the same brain");
  }));

Deno.test("train learns: after two epochs iris is told apart far better than by chance", () =>
  inFolder(async (folder) => {
    const { score } = end(
      await within(
        "train",
        "--task",
        "iris",
        "--epochs",
        "2",
        "--seed",
        "1",
        "--output",
        `${folder}/a.brain`,
        "--json",
      ),
    );
    assert(score > 0.6, `${score}`);
  }));

Deno.test("seeds give different splits and brains", () =>
  inFolder(async (folder) => {
    for (const seed of ["1", "2"]) {
      const path = `${folder}/${seed}.brain`;
      succeeded(await within("train", "--task", "iris", "--samples", "5", "--seed", seed, "--output", path));
    }
    const [a, b] = [await loadBrain(`${folder}/1.brain`), await loadBrain(`${folder}/2.brain`)];
    assertEquals([a.seed, b.seed], [1, 2]);
    assertNotEquals(differences(a, b), []);
  }));

Deno.test("a training interrupted by Ctrl-C leaves a checkpoint, and resumed is the training in one", () =>
  inFolder(async (folder) => {
    const train = ["--task", "iris", "--samples", "1500", "--seed", "4"];
    const args = [
      "run",
      "-A",
      MAIN,
      "train",
      ...train,
      "--output",
      "cut.brain",
      "--checkpoint-every",
      "50ms",
      "--json",
    ];
    const child = new Deno.Command(Deno.execPath(), { args, cwd: folder, stdout: "piped", stderr: "null" }).spawn();
    // The first checkpoint says that training is under way.
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let out = "";
    while (!out.includes('"checkpoint"')) {
      const { done, value } = await reader.read();
      assert(!done, `no checkpoint: ${out}`);
      out += value;
    }
    child.kill("SIGINT");
    for (let next = await reader.read(); !next.done; next = await reader.read()) out += next.value;
    const { code } = await child.status;
    assertEquals(code, 130, out);
    const all = records({ code, out, err: "", bytes: new Uint8Array(0) });
    const { interrupted, samples, snapshot } = all.at(-1)!;
    assertEquals([interrupted, snapshot, all.at(-2)!.type], [true, "cut.brain", "checkpoint"]);
    assert(samples > 0 && samples < 1500, `${samples} samples`);
    assertEquals(list(folder), ["cut.brain"], "no temporary file is left");
    const half = await loadBrain(`${folder}/cut.brain`);
    assertEquals((half.notes.training as { done: number }).done, samples);

    const resumed = await brainsim(["train", "cut.brain", "--resume", "--json"], { cwd: folder });
    assertEquals(end(resumed).samples, 1500 - samples);
    const { score } = end(await within("train", ...train, "--output", `${folder}/whole.brain`, "--json"));
    assertEquals(end(resumed).score, score);
    const [cut, whole] = [await loadBrain(`${folder}/cut.brain`), await loadBrain(`${folder}/whole.brain`)];
    assertEquals(differences(cut, whole), []);
    const [bytes, others] = [await Deno.readFile(`${folder}/cut.brain`), await Deno.readFile(`${folder}/whole.brain`)];
    assert(sameBytes(bytes, others), "to the same bytes, history included");
    // Once more, and there is nothing left but to test it; it stays as it is.
    const tested = await brainsim(["train", "cut.brain", "--resume", "--json"], { cwd: folder });
    assertEquals([end(tested).score, end(tested).samples], [score, 0]);
    assert(sameBytes(await Deno.readFile(`${folder}/cut.brain`), bytes));
  }));

Deno.test("the line that an interrupted training on a table ends with goes on with it", () =>
  inFolder(async (folder) => {
    // Slow enough to be interrupted: a label and a name that a shell would take apart.
    const rows = Array.from({ length: 400 }, (_, k) => `${k},${k % 2 ? "odd" : "even"}\n`).join("");
    await Deno.writeTextFile(`${folder}/my table.csv`, `x,which one\n${rows}`);
    const args = [
      "--data",
      "my table.csv",
      "--label",
      "which one",
      "--output",
      "cut.brain",
      "--checkpoint-every",
      "50ms",
    ];
    const program = ["run", "-A", MAIN, "train", ...args];
    const child = new Deno.Command(Deno.execPath(), { args: program, cwd: folder, stdout: "null", stderr: "piped" })
      .spawn();
    while (!list(folder).includes("cut.brain")) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    const { code, stderr } = await child.output(), err = new TextDecoder().decode(stderr);
    assertEquals(code, 130, err);
    const [, line] = /^interrupted after \d+ of \d+; go on with: (.*)$/m.exec(err) ?? [];
    assertEquals(line, "brainsim train cut.brain --data 'my table.csv' --label 'which one' --resume");
    const half = `${folder}/cut.brain`, before = await Deno.readFile(half);
    refused(await within("train", half, "--resume"), 2, "--data 'my table.csv' --label 'which one'");
    assert(sameBytes(await Deno.readFile(half), before));
    // To its end in a few presentations, and by the line that was printed.
    const brain = await loadBrain(half), notes = brain.notes.training as { done: number; total: number };
    notes.total = notes.done + 3;
    await saveBrain(brain, half, { overwrite: true });
    assertEquals(end(await bash(`${line} --json`, folder)).samples, 3);
  }));

Deno.test("checkpoints on the way do not change what is learnt", () =>
  inFolder(async (folder) => {
    const train = (...more: string[]) => within("train", "--task", "iris", "--samples", "120", "--json", ...more);
    const outcome = await train("--output", `${folder}/a.brain`, "--checkpoint-every", "1ms");
    const checkpoints = records(succeeded(outcome)).filter(({ type }) => type === "checkpoint");
    assert(checkpoints.length > 2 && checkpoints.every(({ snapshot }) => snapshot === `${folder}/a.brain`));
    end(await train("--output", `${folder}/b.brain`));
    assertEquals(differences(await loadBrain(`${folder}/a.brain`), await loadBrain(`${folder}/b.brain`)), []);
  }));

Deno.test("a finished training is trained on by more epochs when it is given again", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.brain`;
    succeeded(await within("train", "--task", "iris", "--samples", "20", "--output", path));
    const first = (await loadBrain(path)).stepCount;
    const { samples, snapshot } = end(await within("train", path, "--samples", "10", "--in-place", "--json"));
    assertEquals([samples, snapshot], [10, path]);
    const loaded = await loadBrain(path);
    assert(loaded.stepCount > first);
    assertEquals(loaded.history.map(({ samples }) => samples), [20, 10]);
  }));

Deno.test("a table of one's own is trained on by its label, and named after its file", () =>
  withTable(async (table, folder) => {
    const args = ["--data", table, "--label", "kind", "--epochs", "2", "--output", `${folder}/t.brain`, "--json"];
    const { task, tested, samples, score } = end(await within("train", ...args));
    assertEquals([task, tested, samples], ["things", 4, 32]);
    assert(score >= 0 && score <= 1);
    const loaded = await loadBrain(`${folder}/t.brain`);
    const { classes, columns } = loaded.notes.training as { classes: string[]; columns: string[] };
    assertEquals([classes, columns], [["big", "small"], ["width", "height"]]);
    const again = end(await within("train", `${folder}/t.brain`, ...args.slice(0, 6), "--in-place", "--json"));
    assertEquals(again.task, "things");
  }));

Deno.test("two classes that lie apart are told apart", () =>
  withTable(async (table, folder) => {
    const args = ["--data", table, "--label", "kind", "--epochs", "20", "--output", `${folder}/t.brain`, "--json"];
    assertEquals(end(await within("train", ...args)).score, 1);
  }));

Deno.test("labels that cannot be names of regions are told with the regions that stand for them", () =>
  inFolder(async (folder) => {
    const train = async (labels: string[], ...more: string[]) => {
      const rows = Array.from({ length: 8 }, (_, k) => `${k},${labels[k % 2]}\n`).join("");
      await Deno.writeTextFile(`${folder}/t.csv`, `x,kind\n${rows}`);
      const args = ["--data", `${folder}/t.csv`, "--label", "kind", "--samples", "2", "--force", ...more];
      return succeeded(await within("train", ...args, "--output", `${folder}/t.brain`));
    };
    assertStringIncludes((await train(["a->b", "c"])).err, '\nregions of labels: "a->b" is a_b\n');
    assertStringIncludes((await train(["a b", "a/b"])).err, '\nregions of labels: "a b" is class0, "a/b" is class1\n');
    assert(!(await train(["a", "b"])).err.includes("regions"));
    assertEquals(records(await train(["a->b", "c"], "--json"))[0].regions, { "a->b": "a_b", c: "c" });
  }));

Deno.test("labels and columns of any kind can be trained on", () =>
  inFolder(async (folder) => {
    const rows = Array.from({ length: 8 }, (_, k) => `${k},"class ${k % 2}, ü/|>",${k * k}`);
    await Deno.writeTextFile(`${folder}/odd table.csv`, `\uFEFF"a, b",features,é\r\n${rows.join("\r\n")}\r\n`);
    const args = [
      "--data",
      `${folder}/odd table.csv`,
      "--label",
      "features",
      "--samples",
      "3",
      "--output",
      `${folder}/t.brain`,
    ];
    const { task } = end(await within("train", ...args, "--json"));
    assertEquals(task, "odd table");
    assertEquals((await loadBrain(`${folder}/t.brain`)).regions.length, 3);
  }));

Deno.test("a table that cannot be trained on is refused in one line, and nothing is written", () =>
  withTable(async (table, folder) => {
    const bad: [string, ...string[]][] = [
      ["width,kind\n1,a\n2,b\n", '"a"', "at least 2"],
      ["width,kind\n1,a\n2,a\n", "1 distinct", "2 to 64"],
      ["width,kind\n1,a\ntall,b\n", "line 3", '"width"', '"tall"'],
      ["width,kind\n1,a\nNaN,b\n", "line 3", '"NaN"'],
      ["width,kind\n1,a\n2\n", "line 3", "1 cell", "2"],
      ["width,kind\n1,a\n2,\n", "line 3", "empty"],
      ["width;kind\n1;a\n", "semicolon-separated"],
      ["width,sort\n1,a\n2,b\n", '"kind"', "known columns: width, sort"],
      ["", "is empty"],
    ];
    const output = ["--output", `${folder}/t.brain`];
    for (const [text, ...words] of bad) {
      await Deno.writeTextFile(`${folder}/bad.csv`, text);
      refused(
        await within("train", "--data", `${folder}/bad.csv`, "--label", "kind", ...output),
        2,
        "bad.csv",
        ...words,
      );
    }
    refused(await within("train", "--data", table, ...output), 2, "--label");
    refused(
      await within("train", "--data", table, "--label", "kind", "--task", "iris", ...output),
      2,
      "--task",
      "--data",
    );
    refused(await within("train", "--data", `${folder}/none.csv`, "--label", "kind", ...output), 3, "none.csv");
    assertEquals(list(folder), ["bad.csv", "things.csv"]);
  }));

Deno.test("train refuses what it cannot do before it begins, and overwrites nothing", () =>
  withTable(async (table, folder) => {
    const path = `${folder}/a.brain`;
    succeeded(await within("train", "--task", "iris", "--samples", "2", "--output", path));
    succeeded(await within("create", `${folder}/q.brain`, "--preset", "quickstart"));
    const before = await Deno.readFile(path), names = list(folder);
    const cases: [string[], ...string[]][] = [
      [[], "--task", "iris", "--data"],
      [["--task", "irsi"], '"irsi"', 'did you mean "iris"?'],
      [["--task", "iris", "--samples", "0"], '"0"', "from 1"],
      [["--task", "iris", "--epochs", "1.5"], '"1.5"', "whole"],
      [["--task", "iris", "--seed", "x"], '"x"'],
      [["--task", "iris", "--checkpoint-every", "soon"], '"soon"', "10s"],
      [["--task", "iris", "--checkpoint-every", "30"], "--checkpoint-every", '"30"', "30ms, 30s, 30min or 30h"],
      [["--task", "iris", "--output", path], path, "exists", "--force"],
      [["--resume"], "--resume", "brainsim train FILE.brain --resume"],
      [[path, "--resume", "--samples", "5"], "--resume", "--samples"],
      [[path, "--seed", "3"], "--seed"],
      [[path, "--data", table, "--label", "kind"], "things.csv", "made for columns"],
      [[`${folder}/q.brain`, "--task", "iris"], "not made by train"],
      [[`${folder}/q.brain`, "--resume"], "--task"],
    ];
    for (const [args, ...words] of cases) {
      refused(await within("train", ...args), 2, ...words);
      assert(sameBytes(await Deno.readFile(path), before), args.join(" "));
      assertEquals(list(folder), names, args.join(" "));
    }
  }));

Deno.test("train does not work for nothing: a place it cannot write to is refused before it begins", () =>
  inFolder(async (folder) => {
    const args = ["--task", "iris", "--samples", "2", "--output", `${folder}/missing/a.brain`];
    // One line: it had not begun.
    refused(await within("train", ...args), 1, "missing/a.brain");
  }));

Deno.test("train --validate says how good it is on the way, on what it has not seen, and changes nothing", () =>
  inFolder(async (folder) => {
    const pixels = Uint8Array.from({ length: 200 * 144 }, (_, k) => k % 144 % 12 === Math.floor(k / 144) % 3 ? 200 : 0);
    for (const set of ["train", "t10k"]) {
      await Deno.writeFile(`${folder}/${set}-images-idx3-ubyte`, idx([200, 12, 12], pixels));
      await Deno.writeFile(
        `${folder}/${set}-labels-idx1-ubyte`,
        idx([200], Array.from({ length: 200 }, (_, k) => k % 3)),
      );
    }
    const flags = ["train", "--task", "mnist", "--data", folder, "--neurons", "10", "--json", "--output"];
    const judged = records(await within(...flags, `${folder}/a.brain`, "--validate", "15"));
    succeeded(await within(...flags, `${folder}/b.brain`));
    const found = judged.filter(({ type }) => type === "metric");
    // After the last but one, fewer than twice 15 are left.
    assertEquals(found.map(({ samples }) => samples), [20, 40, 60, 80, 100, 120, 140, 160]);
    for (const { name, value } of found) assert(name === "validation" && value >= 0 && value <= 1);
    const [a, b] = [await loadBrain(`${folder}/a.brain`), await loadBrain(`${folder}/b.brain`)];
    assertEquals(differences(a, b), []);
    refused(await within("train", "--task", "iris", "--validate", "5"), 2, "--validate has no effect on the task iris");
  }));

Deno.test("every built-in task trains, and its brain says what it is and whether it can go on", () =>
  inFolder(async (folder) => {
    const pixels = Uint8Array.from({ length: 30 * 144 }, (_, k) => (k * 7919) % 256), elsewhere = `${folder}/other`;
    await Deno.mkdir(elsewhere);
    for (const [place, images] of [[folder, pixels], [elsewhere, pixels.map((x) => 255 - x)]] as const) {
      for (const set of ["train", "t10k"]) {
        const labels = Array.from({ length: 30 }, (_, k) => k % 3);
        await Deno.writeFile(`${place}/${set}-images-idx3-ubyte`, idx([30, 12, 12], images));
        await Deno.writeFile(`${place}/${set}-labels-idx1-ubyte`, idx([30], labels));
      }
    }
    const own: Record<string, string[]> = {
      "mnist": ["--neurons", "20", "--data", folder],
      "mnist-local": ["--neurons", "10", "--data", folder],
      "mnist-reward": ["--neurons", "10", "--data", folder],
    };
    const only = ["diagnosis", "degradation", "few-shot", "forgetting", "growth", "sleep"];
    for (const name of only) refused(await within("train", "--task", name), 2, `${name} is a benchmark only`);
    for (const task of Object.keys(TASKS).filter((name) => !only.includes(name))) {
      const brain = `${folder}/${task}.brain`, flags = ["--task", task, "--samples", "7", ...own[task] ?? []];
      assertStringIncludes(succeeded(await within("train", ...flags, "--output", brain)).out, "7 presentations");
      const done = await within("train", brain, "--resume");
      assertStringIncludes(done.err, "7 presentations are finished", task);
      assertStringIncludes(succeeded(done).out, "held-out");
      if (task === "iris") continue; // epochs may follow
      const more = await within("train", brain, "--epochs", "2", "--in-place");
      assertEquals(more.code, 2, task);
      assertStringIncludes(more.err, "one plan");
    }
    // Other images are not what it was trained on.
    const other = await within("train", `${folder}/mnist.brain`, "--data", elsewhere, "--resume");
    assertEquals(other.code, 2);
    assertStringIncludes(other.err, "not made for these images");
    const label = await within("train", "--task", "mnist", "--data", folder, "--label", "x", "--output", "-");
    assertStringIncludes(label.err, "--label is for tables");
  }));
