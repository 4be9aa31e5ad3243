/** `brainsim run`: advances a brain. */

import { ENCODINGS, TRAINS } from "../biology/stimulus.ts";
import type { Summary } from "../brain/summary.ts";
import { InputError } from "../state/errors.ts";
import { type Command, type Given, SHARED } from "./command.ts";
import { EXIT } from "./exit.ts";
import { columns, duration, shellWord, simulated } from "./output.ts";
import { moveBrain, placeOf } from "./place.ts";
import { RECORD_FLAGS, recordedFiles, recordOptions } from "./recorded.ts";
import { warnOfRounding } from "./steps.ts";

/** The command. */
export const run: Command = {
  name: "run",
  meaning: "advances a brain",
  operands: ["FILE.brain"],
  arity: [1, 1],
  examples: [
    "brainsim create quick.brain --preset quickstart --force && brainsim run quick.brain --for 5s --stimulate input=0.8,0.3,0.5 --in-place",
    "brainsim create quick.brain --preset quickstart --force && brainsim run quick.brain --for 2s --stimulate input=0.9 --reward 1@1000 --record spikes,rates --output later.brain --force",
  ],
  flags: [
    { name: "steps", value: "N", meaning: "how long, in steps" },
    { name: "for", value: "TIME", meaning: "how long, such as 500ms, 10s or 2min" },
    {
      name: "stimulate",
      value: "REGION=VALUES[@FROM-TO]",
      repeat: true,
      meaning:
        "stimulates a region from now on, also in later runs, until REGION=off; or between two times of this run (ms)",
    },
    {
      name: "encoding",
      value: "NAME",
      choices: Object.keys(ENCODINGS),
      needs: ["stimulate"],
      meaning: "how values become spikes or currents",
    },
    {
      name: "train",
      value: "NAME",
      choices: Object.keys(TRAINS),
      needs: ["stimulate"],
      meaning: "kind of spike train",
    },
    { name: "max-rate", value: "HZ", needs: ["stimulate"], meaning: "rate at value 1 (default 20)" },
    {
      name: "current",
      value: "REGION=VALUE[@FROM-TO]",
      repeat: true,
      meaning:
        "injects a current into all neurons of a region (mV/ms) from now on, also in later runs, until REGION=off; or between two times of this run",
    },
    {
      name: "spikes",
      value: "REGION=NEURONS[@MS]",
      repeat: true,
      meaning: "makes neurons spike, such as input=0,3,7..9@500, at the beginning of this run or a time of it",
    },
    {
      name: "lesion",
      value: "TARGET=WHAT[@MS]",
      repeat: true,
      meaning:
        "kills neurons of a region or removes synapses of a projection for good, such as cortex=30%@500 (of what is left, chosen by the seed) or 'a->b=0,3,7..9', at the beginning of this run or a time of it",
    },
    {
      name: "reward",
      value: "AMOUNT@MS[:TARGET]",
      repeat: true,
      meaning: "releases dopamine at a time of this run; at its very end, the dopamine acts in the next",
    },
    { name: "punish", value: "AMOUNT@MS[:TARGET]", repeat: true, meaning: "lowers dopamine at a time of this run" },
    {
      name: "release",
      value: "MODULATOR=AMOUNT@MS:REGION",
      repeat: true,
      meaning: "releases acetylcholine or serotonin into a region at a time of this run",
    },
    {
      name: "sleep",
      value: "TIME[@MS]",
      repeat: true,
      meaning: "sleeps: stimuli shut out, memory traces replayed; from the beginning of this run, or a time of it, on",
    },
    {
      name: "sleep-replay",
      value: "REGION|none",
      repeat: true,
      needs: ["sleep"],
      meaning: "replays traces in this region alone (default: in all with memory)",
    },
    {
      name: "sleep-plastic",
      value: "PROJECTION|region:NAME|none",
      repeat: true,
      needs: ["sleep"],
      meaning:
        "learns in sleep in this projection, or what is a region's own, alone (default: projections inside the replaying regions)",
    },
    { name: "sleep-shuffled", needs: ["sleep"], meaning: "replays other neurons than those of the traces: a control" },
    {
      name: "freeze",
      value: "plasticity|structure[:TARGET]",
      repeat: true,
      meaning: "holds still what learns or grows, in all or at region:NAME or projection:NAME, until --thaw",
    },
    { name: "thaw", value: "plasticity|structure[:TARGET]", repeat: true, meaning: "undoes --freeze" },
    ...RECORD_FLAGS,
    SHARED.backend,
    SHARED.workers,
    SHARED.output,
    { name: "in-place", meaning: "write the brain back to FILE.brain" },
    SHARED.force,
  ],
  async run(given, output) {
    const { readBrain, refuseExisting, writeBrain, writeBytes } = await import("./files.ts");
    const { eventsOf, rehearse, runWithEvents } = await import("./events.ts");
    const { Interrupt } = await import("./interrupt.ts");
    const [path] = given.positionals;
    const target = given.text("output") ?? (given.has("in-place") ? path : undefined);
    if (given.has("output") && given.has("in-place")) {
      throw new InputError("--output and --in-place exclude each other; give one");
    }
    if (given.has("output")) await refuseExisting(target!, given);
    const brain = await readBrain(path),
      place = placeOf(given),
      cores = navigator.hardwareConcurrency,
      { workers } = place;
    if (workers > cores) output.warning(`${workers} workers on ${cores} cores wait for each other: it will be slow`);
    const steps = stepsOf(given, brain.dt, brain.stepCount);
    if (given.has("for")) warnOfRounding("--for", given.time("for")!, brain.dt, output);
    const events = eventsOf(given);
    rehearse(brain, events, steps);
    for (const { flag, atMs, endMs = atMs } of events) {
      for (const ms of new Set([atMs, endMs])) warnOfRounding(flag, ms, brain.dt, output);
    }
    const files = recordedFiles(given, path);
    for (const { file } of files) await refuseExisting(file, given, "choose other names with --record-to PREFIX");
    const recording = files.length > 0 ? brain.record(recordOptions(given, brain)) : undefined;

    const sleeps = given.has("sleep") || brain.summary().asleepMs > 0;
    if (given.has("sleep") && !brain.regions.some(({ spec }) => spec.memory)) {
      output.warning("no region has a memory: nothing will be replayed in sleep (option memory)");
    }
    const before = brain.summary(), started = performance.now();
    output.record("begin", { command: "run", steps, dtMs: brain.dt });
    const { adapter } = await moveBrain(brain, place, output);
    using interrupt = new Interrupt();
    const { done, left: missed } = await runWithEvents(brain, steps, events, (now) => {
      output.progress(now / steps, `${simulated(now * brain.dt)} simulated`, started, { steps: now });
      return interrupt.asked;
    });
    const wallS = (performance.now() - started) / 1000, interrupted = done < steps;
    output.done();

    brain.history.push({ step: brain.stepCount, action: "run", steps: done });
    brain.close();
    // Before anything is written: what cannot be told leaves all as it was.
    const recorded = files.map(({ file, bytes }) => ({ file, bytes: bytes(recording!, brain) }));
    if (target !== undefined) await writeBrain(target, brain, output);
    for (const { file, bytes } of recorded) await writeBytes(file, bytes, output);
    const after = brain.summary(), spikes = after.spikes - before.spikes;
    const seconds = done * brain.dt / 1000;
    const result = {
      steps: done,
      simMs: done * brain.dt,
      wallS,
      spikes,
      meanRateHz: seconds > 0 ? spikes / after.neurons / seconds : 0,
      backend: brain.backend,
      adapter,
      snapshot: target ?? null,
      files: files.map(({ file }) => file),
      regions: after.regions.map(({ name, neurons, rateHz, silent }) => ({ name, neurons, rateHz, silent })),
      asleepMs: after.asleepMs,
      replays: replaysOf(after) - replaysOf(before),
      interrupted,
    };
    if (target !== "-") {
      output.record("end", result);
      output.report(columns([
        ["region", "running rate (Hz)", "never fired"],
        ...after.regions.map((r) => [r.name, r.rateHz.toFixed(1), `${r.silent} of ${r.neurons}`]),
      ]));
      output.report(
        `${simulated(result.simMs)} simulated in ${duration(wallS)}: ${spikes} spikes` +
          (target ? `; saved to ${target}` : "; not saved (--output FILE or --in-place keeps the brain)"),
      );
      if (sleeps) {
        output.report(
          `${result.replays} replays in sleep` +
            (after.asleepMs > 0 ? `; asleep for another ${simulated(after.asleepMs)}, with stimuli shut out` : ""),
        );
      }
      for (const { file } of files) output.report(`recorded ${file}`);
    }
    if (!interrupted) return EXIT.done;
    const left = target === undefined
      ? "nothing was saved (--output FILE or --in-place keeps what was done)"
      : `go on with: brainsim run ${target === "-" ? "FILE.brain" : shellWord(target)} --steps ${steps - done}${
        place.backend === "cpu" ? "" : ` --backend ${place.backend}`
      } --in-place`;
    output.message(
      `interrupted after ${simulated(done * brain.dt)} of ${simulated(steps * brain.dt)}; ${left}` +
        (missed.length > 0
          ? `; not done yet (a new run counts times from its own beginning): ${
            missed.map(({ flag }) => flag).join(", ")
          }`
          : ""),
    );
    return EXIT.interrupted;
  },
};

/** Replays of all memories so far. */
function replaysOf({ regions }: Summary): number {
  return regions.reduce((sum, { mechanisms }) => sum + Number(mechanisms.memory?.replays ?? 0), 0);
}

function stepsOf(given: Given, dt: number, done: number): number {
  const steps = given.number("steps", { min: 0, max: 2 ** 31 - 1, whole: true }), time = given.time("for");
  if ((steps === undefined) === (time === undefined)) {
    throw new InputError("brainsim run needs how long: give either --steps N or --for TIME, such as --for 5s");
  }
  if (time !== undefined && time > 0 && time < dt) throw new InputError(`--for is less than a step of ${dt} ms`);
  const asked = steps ?? Math.round(time! / dt), most = 2 ** 31 - 1 - done;
  if (asked > most) throw new InputError(`${asked} steps are too many; this brain can go on for ${most}`);
  return asked;
}
