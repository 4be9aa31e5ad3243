/** Sleep and recall: what a brain does with its memory traces. */

import { checkInteger, checkKeys, checkNumber } from "../biology/parameters.ts";
import { REPLAY } from "../biology/memory.ts";
import type { Program, RegionProgram } from "../engine/program.ts";
import { membersOf, type MemorySite, tracesOf } from "../engine/slow/memory.ts";
import { sitesOf } from "../engine/mechanisms.ts";
import { heldArrays, hold, letGo, ownOf } from "../engine/slow/sleep.ts";
import { InputError, knownNames, show } from "../state/errors.ts";

/** How to sleep. */
export interface SleepOptions {
  /** Regions whose traces are replayed (default: all with memory; an empty list replays nothing). */
  regions?: string[];
  /**
   * Projections that stay plastic (default: those inside the replaying regions; an empty list changes no weight), and
   * `region:NAME` for regions whose thresholds, scaling and maturation go on.
   */
  plastic?: string[];
  /** Replays shuffled traces: the same numbers of neurons, but others. A control (default false). */
  shuffled?: boolean;
}

/** A memory trace. */
export interface MemoryTrace {
  /** Its neurons, as indices within the region. */
  neurons: Uint32Array;
  /** Times of their spikes in the window of the event, ms, in the same order. */
  latencyMs: Float32Array;
  /** Occurrences so far. */
  strength: number;
  /** Time of the last occurrence, ms. */
  seenMs: number;
}

/** How to recall. */
export interface RecallOptions {
  /** How long the region may answer, ms (default 50). */
  durationMs?: number;
  /** Jump of the potential by which the cue's neurons are made to fire, mV (default 60). */
  pulse?: number;
  /** Interval at which the cue is given again, ms (default: once). */
  everyMs?: number;
}

/** What a cue brought back. */
export interface Recall {
  /** Index of the trace that the cue belongs to, among `brain.traces(region)`; −1: none shares a neuron with it. */
  trace: number;
  /** Share of the trace's other neurons that spiked. */
  overlap: number;
  /** Share of the trace's neurons among the others that spiked; null when none did. */
  precision: number | null;
  /** All neurons that spiked beside the cue's. */
  recalled: Uint32Array;
}

/** The memory of a region. */
export function memoryOf(
  { regions }: Program,
  what: string,
  name: string,
): { region: RegionProgram; site: MemorySite } {
  const region = regions.find((r) => r.name === name), site = region?.mechanisms.get("memory");
  if (region && site) return { region, site };
  const known = regions.filter(({ mechanisms }) => mechanisms.has("memory")).map((r) => r.name);
  throw new InputError(`${what} ${show(name)}: it has no memory; ${knownNames("regions with memory", name, known)}`);
}

/** The traces of a region. */
export function readTraces(program: Program, name: string): MemoryTrace[] {
  const { site } = memoryOf(program, "Cannot read the traces of", name),
    { latency, strength, seen, counted } = site.data;
  return tracesOf(site).map((t) => {
    const neurons = Uint32Array.from(membersOf(site, t));
    return {
      neurons,
      latencyMs: Float32Array.from(neurons, (k) => latency[t * counted.length + k]),
      strength: strength[t],
      seenMs: seen[t] * program.dt,
    };
  });
}

/**
 * Begins a sleep.
 * @returns names of the arrays that changed
 * @throws {InputError} for unknown regions or projections
 */
export function fallAsleep(program: Program, from: number, steps: number, options: SleepOptions): string[] {
  checkKeys("Cannot sleep: options", options as unknown, ["regions", "plastic", "shuffled"]);
  const withMemory = program.regions.filter(({ mechanisms }) => mechanisms.has("memory")).map(({ name }) => name);
  const replaying = (options.regions ?? withMemory).map((name) => memoryOf(program, "Cannot replay", name));
  const inside = program.projections.filter(({ to, firstPopulation, enabled }) =>
    enabled !== null && firstPopulation >> 1 === to && replaying.some(({ region }) => region.index === to)
  );
  const plastic = options.plastic ?? inside.map(({ name }) => name);
  const known = [
    ...program.projections.filter(({ enabled }) => enabled !== null).map(({ name }) => name),
    ...program.regions.filter((region) => sitesOf(region).some(({ row }) => row.freezes === "plasticity")).map((
      { name },
    ) => ownOf(name)),
  ];
  const unknown = plastic.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new InputError(
      `Cannot sleep: no plastic projection ${show(unknown)}; ${
        knownNames("plastic projections and regions", unknown, known)
      }`,
    );
  }
  program.sleep.set([from, from + steps]);
  hold(program, plastic);
  for (const { site: { data: { replay } } } of replaying) {
    replay[REPLAY.on] = 1;
    replay[REPLAY.shuffle] = options.shuffled ? 1 : 0;
    replay[REPLAY.trace] = -1;
  }
  return [
    "brain.sleep",
    ...replaying.map(({ region }) => `region.${region.name}.memory.replay`),
    ...heldArrays(program),
  ];
}

/** What recalling asks of a brain. */
interface RecallHost {
  program: Program;
  asleep: boolean;
  step(): number;
  touch(...names: string[]): void;
  run(steps: number): Promise<void>;
}

/** Gives a cue, lets the brain run with everything held that learns, and compares what spiked with the cue's trace. */
export async function recallTrace(
  { program, asleep, step, touch, run }: RecallHost,
  name: string,
  cue: ArrayLike<number>,
  options: RecallOptions,
): Promise<Recall> {
  const what = `Cannot recall in "${name}"`, { dt, current, activity: { count } } = program;
  const { region: { begin, end }, site } = memoryOf(program, "Cannot recall in", name);
  const { indices, steps, every, pulse } = checkCue(what, cue, end - begin, options, dt);
  if (asleep) throw new InputError(`${what}: the brain sleeps; run it until it wakes`);
  const before = count.slice(begin, end), kept = current.slice();
  const changed = () => touch("neuron.current", ...heldArrays(program));
  hold(program, []);
  try {
    for (let done = 0; done < steps;) {
      for (const k of indices) current[begin + k] += pulse / dt;
      changed();
      await run(1);
      current.set(kept);
      changed();
      const rest = Math.min(every - 1, steps - done - 1);
      if (rest > 0) await run(rest);
      done += 1 + rest;
    }
  } finally {
    current.set(kept);
    letGo(program, step());
    changed();
  }
  return judgeRecall(site, indices, Array.from(before.keys()).filter((k) => count[begin + k] > before[k]));
}

/** Checks a cue and its options. */
function checkCue(what: string, cue: ArrayLike<number>, neurons: number, options: RecallOptions, dt: number) {
  checkKeys(`${what}: options`, options as unknown, ["durationMs", "pulse", "everyMs"]);
  const { durationMs = 50, pulse = 60, everyMs = durationMs } = options;
  if (cue.length === 0) throw new InputError(`${what}: the cue is empty; name some neurons`);
  return {
    indices: Array.from(cue, (i) => checkInteger(`${what}: neuron`, i, 0, neurons - 1)),
    steps: Math.max(1, Math.round(checkNumber(`${what}: durationMs`, durationMs, dt, 1e6, "ms") / dt)),
    every: Math.max(1, Math.round(checkNumber(`${what}: everyMs`, everyMs, dt, 1e6, "ms") / dt)),
    pulse: checkNumber(`${what}: pulse`, pulse, 0, 1e4, "mV"),
  };
}

/** Compares what spiked with the trace that the cue belongs to. */
function judgeRecall(site: MemorySite, cue: readonly number[], spiked: readonly number[]): Recall {
  const given = new Set(cue), recalled = spiked.filter((k) => !given.has(k)), traces = tracesOf(site);
  let trace = -1, most = 0, members: number[] = [];
  traces.forEach((t, k) => {
    const own = membersOf(site, t), shared = own.filter((n) => given.has(n)).length;
    if (shared > most) [trace, most, members] = [k, shared, own];
  });
  const rest = new Set(members.filter((k) => !given.has(k))), hits = recalled.filter((k) => rest.has(k)).length;
  return {
    trace,
    overlap: rest.size > 0 ? hits / rest.size : 0,
    precision: recalled.length > 0 ? hits / recalled.length : null,
    recalled: Uint32Array.from(recalled),
  };
}
