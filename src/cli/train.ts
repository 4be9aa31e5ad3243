/** `brainsim train`: trains on a built-in task or on the user's own table. */

import type { Brain } from "../brain/brain.ts";
import { InputError, show } from "../state/errors.ts";
import type { Trainer, TrainOptions } from "../tasks/task.ts";
import { type Command, type Given, SHARED } from "./command.ts";
import { EXIT } from "./exit.ts";
import { duration, shellWord } from "./output.ts";
import { moveBrain, placeOf } from "./place.ts";

/** Looks at what it has not seen yet, of `--validate`. */
const POINTS = 10;

/** Cores of the machine. */
const CORES = navigator.hardwareConcurrency;

/** The command. */
export const train: Command = {
  name: "train",
  meaning: "trains on a task, or on a table of your own",
  operands: ["[FILE.brain]"],
  arity: [0, 1],
  examples: [
    "brainsim train --task iris --output iris.brain --force",
    '(echo size,kind; seq 20 | awk \'{print $1","($1 > 10 ? "big" : "small")}\') > sizes.csv && brainsim train --data sizes.csv --label kind --output sizes.brain --force',
  ],
  flags: [
    { name: "task", value: "NAME", meaning: "a built-in task (see brainsim benchmark --list)" },
    {
      name: "data",
      value: "FILE.csv|DIR",
      meaning:
        "a table with a header line, numbers in all columns but the label's; or, for --task mnist, a folder of images as four IDX files (plain or .gz)",
    },
    { name: "label", value: "COLUMN", needs: ["data"], meaning: "the column that holds the class" },
    { name: "neurons", value: "N", needs: ["task"], meaning: "neurons of a new network (mnist: default 400)" },
    { name: "epochs", value: "N", meaning: "passes over the training rows" },
    { name: "samples", value: "N", meaning: "stop after so many presentations" },
    {
      name: "validate",
      value: "N",
      meaning: "ten times on the way, judge it on N samples that it has not seen yet (mnist, mnist-local)",
    },
    {
      name: "checkpoint-every",
      value: "TIME",
      meaning: "save under the output's name while training, such as every 30s",
    },
    {
      name: "resume",
      meaning:
        "finish the training that FILE.brain was saved in the middle of, and test it; writes it back, unless --output is given",
    },
    SHARED.seed,
    SHARED.backend,
    { ...SHARED.workers, meaning: "cores that test what was held out (default: all); results do not depend on it" },
    { ...SHARED.output, meaning: `${SHARED.output.meaning} (default: the task's name, .brain)` },
    { name: "in-place", meaning: "train FILE.brain on and write it back" },
    SHARED.force,
  ],
  async run(given, output) {
    const { readBrain, refuseExisting, writeBrain } = await import("./files.ts");
    const { Interrupt } = await import("./interrupt.ts");
    const [path] = given.positionals;
    if (given.has("in-place") && path === undefined) {
      throw new InputError("--in-place needs the brain to train on: brainsim train FILE.brain --in-place");
    }
    if (given.has("resume") && path === undefined) {
      throw new InputError("--resume needs the brain to go on with: brainsim train FILE.brain --resume");
    }
    const saved = path === undefined ? undefined : await readBrain(path);
    const trainer = await begin(given, saved);
    const { task } = trainer.brain.notes.training as { task: string };
    const target = given.text("output") ?? path ?? `${task}.brain`;
    if (given.has("output") && given.has("in-place")) {
      throw new InputError("--output and --in-place exclude each other; give one");
    }
    if (path !== undefined && !["resume", "output", "in-place"].some((name) => given.has(name))) {
      throw new InputError(`training on would change "${path}"; give --in-place, or --output FILE to keep it as it is`);
    }
    if (target !== path || given.has("output")) await refuseExisting(target, given);
    if (target === "-" && given.has("checkpoint-every")) {
      throw new InputError("--checkpoint-every needs a file; standard output takes one brain only");
    }
    const every = given.time("checkpoint-every") ?? Infinity;
    const validate = given.number("validate", { min: 1, max: 1e6, whole: true });
    if (validate !== undefined && !trainer.validate) {
      throw new InputError(`--validate has no effect on the task ${task}; leave it out`);
    }

    using brain = trainer.brain;
    const place = placeOf(given), testers = given.has("workers") ? place.workers : Math.min(64, CORES);
    const { backend, adapter } = await moveBrain(brain, { backend: place.backend }, output);
    const started = performance.now(), first = trainer.done, { regions = {} } = trainer;
    output.record("begin", {
      command: "train",
      task,
      samples: trainer.total - first,
      seed: brain.seed,
      regions,
    });
    const finished = first >= trainer.total;
    output.message(
      finished
        ? `its ${trainer.total} presentations are finished; what is left is to test it`
        : `training on ${task}: ${trainer.total - first} presentations`,
    );
    const renamed = Object.entries(regions).filter(([label, region]) => label !== region);
    if (renamed.length > 0) {
      output.message(
        `regions of labels: ${renamed.map(([label, region]) => `${show(label)} is ${region}`).join(", ")}`,
      );
    }
    let lastSave = started, seen = "";
    let interrupted: boolean;
    {
      using interrupt = new Interrupt();
      while (trainer.done < trainer.total && !interrupt.asked) {
        await trainer.next();
        if (validate !== undefined && trainer.done % Math.ceil(trainer.total / POINTS) === 0) {
          const value = await trainer.validate!(validate);
          if (value !== undefined) {
            output.record("metric", { name: "validation", value, samples: trainer.done });
            seen = `, ${(100 * value).toFixed(1)} % of ${validate} not seen yet`;
          }
        }
        const now = performance.now(), rate = (trainer.done - first) / (now - started) * 1000;
        output.progress(
          trainer.done / trainer.total,
          `${trainer.done} of ${trainer.total}, ${rate.toFixed(0)}/s${seen}`,
          started,
          {
            samples: trainer.done,
            total: trainer.total,
            samplesPerS: rate,
          },
        );
        // The last one is written with its history, below.
        if (now - lastSave >= every && trainer.done < trainer.total) {
          await writeBrain(target, brain, output);
          output.record("checkpoint", { snapshot: target, samples: trainer.done });
          lastSave = performance.now();
        }
      }
      interrupted = interrupt.asked && trainer.done < trainer.total;
    }
    output.done();
    const wallS = (performance.now() - started) / 1000;
    if (interrupted) {
      await writeBrain(target, brain, output);
      output.record("checkpoint", { snapshot: target, samples: trainer.done });
      output.record("end", { task, samples: trainer.done - first, wallS, snapshot: target, interrupted: true });
      output.message(`interrupted after ${trainer.done} of ${trainer.total}; go on with: ${goOn(given, target)}`);
      return EXIT.interrupted;
    }
    if (!finished) {
      // All of the plan, also what was shown before an interruption: a brain does not depend on how often it was resumed.
      brain.history.push({ step: brain.stepCount, action: `train ${task}`, samples: trainer.done });
    }
    const writes = !finished || target !== path || target === "-";
    if (writes) await writeBrain(target, brain, output);
    output.message(
      "testing on what was held out (the brain is saved; Ctrl-C leaves the test out, and --resume makes up for it)",
    );
    const testing = performance.now();
    const { score, metric, tested, ties, silent, more } = await trainer.evaluate({
      progress: (share) => output.progress(share, "tested", testing),
      workers: backend === "cpu" ? testers : 1,
    });
    output.done();
    const samples = trainer.done - first;
    if (target !== "-") {
      output.record("end", {
        task,
        score,
        metric,
        samples,
        tested,
        ties,
        silent,
        wallS,
        backend,
        adapter,
        snapshot: target,
        interrupted: false,
      });
      output.report(
        `held-out ${metric} ${(100 * score).toFixed(1)} % on ${tested} samples` +
          ` (${more ?? `${ties} ties and ${silent} silent, both counted as errors`})` +
          (writes ? `\n${samples} presentations in ${duration(wallS)}; saved to ${target}` : ""),
      );
    }
    return EXIT.done;
  },
};

/** The command line that goes on with an interrupted training; a brain does not hold its table. */
function goOn(given: Given, target: string): string {
  const data = ["data", "label"].flatMap((name) => given.has(name) ? [`--${name}`, given.text(name)!] : []);
  const words = [target === "-" ? "FILE.brain" : target, ...data, "--resume"];
  return `brainsim train ${words.map(shellWord).join(" ")}`;
}

/** The training that the flags ask for. */
async function begin(given: Given, saved: Brain | undefined): Promise<Trainer> {
  const epochs = given.number("epochs", { min: 1, max: 1e6, whole: true });
  const samples = given.number("samples", { min: 1, max: 1e12, whole: true });
  const seed = given.number("seed", { min: 0, max: 2 ** 32 - 1, whole: true });
  const more = given.has("resume") ? undefined : { epochs, samples };
  if (given.has("resume") && (epochs !== undefined || samples !== undefined)) {
    throw new InputError(
      "--resume finishes what was planned; leave --epochs and --samples out, or leave --resume out to train on",
    );
  }
  if (saved && seed !== undefined) throw new InputError("--seed is for a new brain; the saved one keeps its own");
  const notes = saved?.notes.training as { task?: string; table?: { file: string; label: string } } | undefined;
  const { findTask, TASKS, TRAININGS } = await import("../tasks/registry.ts");
  const name = given.text("task") ?? notes?.task, data = given.text("data");
  const task = name !== undefined && Object.hasOwn(TASKS, name) ? await findTask(name) : undefined;
  const takes = (option: "neurons" | "data") => task?.benchmark.options?.includes(option) ?? false;
  if (given.has("data") && !takes("data")) {
    if (given.has("task")) throw new InputError("--task and --data exclude each other; give one");
    const { readText } = await import("./files.ts");
    const { parseTable } = await import("../tasks/table.ts");
    const { TableTrainer } = await import("../tasks/classifier.ts");
    const path = given.text("data")!, label = given.text("label");
    if (label === undefined) throw new InputError("--data needs --label COLUMN, the column that holds the class");
    const table = parseTable(path, await readText("table", path), label);
    if (saved) return TableTrainer.resume(table, saved, more);
    const file = path.replace(/^.*[\\/]/, "");
    return TableTrainer.create(table, seed ?? 0, {
      task: path === "-" ? "table" : file.replace(/\.[^.]*$/, "") || "table",
      table: { file, label },
      samples,
      parameters: epochs === undefined ? {} : { epochs },
    });
  }
  if (name === undefined) {
    throw new InputError(
      `brainsim train needs --task NAME (known: ${
        Object.keys(TRAININGS).join(", ")
      }) or --data FILE.csv --label COLUMN`,
    );
  }
  if (!given.has("task") && !Object.hasOwn(TASKS, name)) {
    const { file = "FILE.csv", label = "COLUMN" } = notes?.table ?? {};
    throw new InputError(
      `the brain was trained on the table "${name}"; give it again: --data ${shellWord(file)} --label ${
        shellWord(label)
      }`,
    );
  }
  if (given.has("label")) throw new InputError(`--label is for tables; the task ${name} has labels of its own`);
  const neurons = given.number("neurons", { min: 10, max: 1e6, whole: true });
  if (neurons !== undefined && (saved || !takes("neurons"))) {
    throw new InputError(`--neurons has no effect on ${saved ? "a saved brain" : `the task ${name}`}; leave it out`);
  }
  if (saved) return await (await findTask(name)).resume(saved, more, data);
  const options: TrainOptions = { seed: seed ?? 0, epochs, samples, neurons, data };
  return await (await findTask(name)).create(options);
}
