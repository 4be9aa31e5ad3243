/**
 * Memory traces of a region and their replay.
 *
 * Capture: in every window, the number of the region's spikes is compared with its running mean and standard deviation;
 * a z-score above the threshold is an *event*, and the neurons that spiked in it an assembly. An assembly that overlaps a
 * known trace (Jaccard index) strengthens it: each neuron's membership and latency (of its last spike in the window) are averaged over all its
 * occurrences, and neurons with membership ≥ ½ belong to it. Otherwise it becomes a trace of its own; when there is no
 * room, the oldest goes, or the weakest.
 *
 * Replay: in sleep (`brain.sleep`), every `replayEveryMs` a trace, chosen with probability proportional to its strength, is
 * played in its order, compressed in time, by a pulse to each of its neurons that makes it fire (Wilson & McNaughton
 * 1994, Science 265:676; compression: Lee & Wilson 2002, Neuron 36:1183). Stimuli and injected currents are shut out.
 */

import { type Biology, fromTable, local, type Place } from "./mechanism.ts";
import type { ValuesOf } from "./parameters.ts";

/** Parameters. */
export const MEMORY = {
  capacity: { default: 20, min: 1, max: 10_000, unit: "1", meaning: "largest number of traces", whole: true },
  windowMs: { default: 50, min: 1, max: 10_000, unit: "ms", meaning: "window of an event" },
  zScore: { default: 3, min: 0, max: 100, unit: "1", meaning: "z-score of the region's activity that makes an event" },
  smallest: { default: 5, min: 1, max: 1e6, unit: "1", meaning: "fewest neurons of an assembly", whole: true },
  overlap: {
    default: 0.5,
    min: 0.01,
    max: 1,
    unit: "1",
    meaning: "Jaccard index at which two assemblies are one trace",
  },
  keepStrongest: {
    default: 0,
    min: 0,
    max: 1,
    unit: "1",
    meaning: "1: the weakest trace makes room; 0: the oldest",
    whole: true,
  },
  tauStatisticsMs: { default: 10_000, min: 1, max: 1e9, unit: "ms", meaning: "over which the activity is averaged" },
  replayEveryMs: { default: 200, min: 1, max: 1e6, unit: "ms", meaning: "interval of replays in sleep" },
  compression: { default: 5, min: 0.1, max: 1000, unit: "1", meaning: "how much faster than in waking" },
  pulse: { default: 60, min: 0, max: 1000, unit: "mV", meaning: "jump of the potential that fires a replayed neuron" },
} as const;

/** Resolved parameters. */
export type MemoryValues = ValuesOf<typeof MEMORY>;

/** Elements of a memory's statistics: WAKING is the step since which the brain has neither slept nor recalled. */
export const STATISTICS = { mean: 0, variance: 1, windows: 2, waking: 3 } as const;

/** Membership from which a neuron belongs to a trace. */
export const MEMBER = 0.5;

/** State of a region's sleep: SHUFFLE: 1 replays shuffled traces; TRACE under way, or −1; SINCE: step of its begin. */
export const REPLAY = { on: 0, shuffle: 1, trace: 2, since: 3, count: 4 } as const;

const arrays = ({ capacity }: MemoryValues, { neurons }: Place) => ({
  membership: local("f32", [capacity, neurons], "1", "share of a trace's occurrences in which the neuron spiked"),
  latency: local("f32", [capacity, neurons], "ms", "mean time of its spike in the window"),
  strength: local("f32", [capacity], "1", "occurrences; 0: no trace"),
  seen: local("i32", [capacity], "step", "last occurrence"),
  counted: local("u32", [neurons], "1", "spikes at the end of the last window"),
  statistics: local(
    "f64",
    [4],
    "spikes",
    "mean and variance of the activity of a window; windows; step since which all is waking",
  ),
  replay: local(
    "i32",
    [5],
    "step",
    "whether traces are replayed, and shuffled; trace under way; its begin; replays so far",
  ),
});

/** The option `memory` of a region. */
export const memory: Biology<MemoryValues, ReturnType<typeof arrays>> = {
  ...fromTable(MEMORY),
  arrays,
  rest: ({ replay }) => {
    replay[REPLAY.trace] = -1;
  },
  check: ({ replay }, { capacity }) =>
    replay[REPLAY.trace] >= -1 && replay[REPLAY.trace] < capacity ? undefined : "replay names no trace",
};
