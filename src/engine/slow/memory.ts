/** Capture of memory traces; see src/biology/memory.ts. */

import { MEMBER, type memory, type MemoryValues, STATISTICS } from "../../biology/memory.ts";
import type { Slow } from "../mechanism.ts";
import { isAsleep, type Site } from "../program.ts";

/** A region with memory. */
export type MemorySite = Site<MemoryValues, ReturnType<typeof memory.arrays>>;

/** Looks for events at the end of every window. */
export const captureTraces: Slow<MemorySite> = {
  everySteps: ({ values, program }) => windowSteps(values, program.dt),
  apply(site, step) {
    const { program, region, values: p, data: { counted, statistics, seen, strength }, enabled } = site;
    const { count } = program.activity, active: number[] = [];
    let activity = 0;
    for (let k = 0; k < counted.length; k++) {
      const spikes = count[region.begin + k] - counted[k];
      counted[k] = count[region.begin + k];
      activity += spikes;
      if (spikes > 0) active.push(k);
    }
    if (isAsleep(program, step - 1) || enabled[0] !== 1) return;
    // A window that began before the end of a sleep or a recall shows what these did.
    if (step - windowSteps(p, program.dt) < statistics[STATISTICS.waking]) return;
    const [mean, variance, windows] = statistics;
    // The standard deviation of a count is at least that of one spike: a silent region's first spikes are no event.
    const event = windows >= 10 && (activity - mean) / Math.max(1, Math.sqrt(variance)) >= p.zScore;
    if (!event) {
      // Events do not count as ordinary activity. The first windows are averaged evenly.
      const share = Math.max(1 / (windows + 1), 1 - Math.exp(-p.windowMs / p.tauStatisticsMs));
      statistics[0] = mean + share * (activity - mean);
      statistics[1] = (1 - share) * (variance + share * (activity - mean) ** 2);
      statistics[2]++;
      return;
    }
    if (active.length < p.smallest) return;
    const trace = nearestTrace(site, active), t = trace < 0 ? roomForTrace(site) : trace;
    strength[t]++;
    seen[t] = step;
    average(site, t, active, step);
  },
};

function windowSteps({ windowMs }: MemoryValues, dt: number): number {
  return Math.max(1, Math.round(windowMs / dt));
}

/** The neurons of a trace, as indices within the region. */
export function membersOf({ data: { membership, counted } }: MemorySite, trace: number): number[] {
  const n = counted.length, list = [];
  for (let k = 0; k < n; k++) if (membership[trace * n + k] >= MEMBER) list.push(k);
  return list;
}

/** The known traces. */
export function tracesOf({ data: { strength } }: MemorySite): number[] {
  return Array.from(strength.keys()).filter((t) => strength[t] > 0);
}

/** The trace that an assembly is an occurrence of, or −1. */
function nearestTrace(site: MemorySite, active: readonly number[]): number {
  const set = new Set(active);
  let best = -1, most = site.values.overlap;
  for (const t of tracesOf(site)) {
    const members = membersOf(site, t), shared = members.reduce((n, k) => n + (set.has(k) ? 1 : 0), 0);
    const jaccard = shared / (members.length + active.length - shared);
    if (jaccard >= most) [best, most] = [t, jaccard];
  }
  return best;
}

/** A free row for a new trace; the oldest or the weakest trace makes room, of several the oldest. */
function roomForTrace({ values: p, data: { strength, seen, membership, latency, counted } }: MemorySite): number {
  let t = strength.indexOf(0);
  if (t < 0) {
    const weaker = (k: number) => p.keepStrongest >= 0.5 ? strength[k] - strength[t] : 0;
    t = 0;
    for (let k = 1; k < seen.length; k++) if ((weaker(k) || seen[k] - seen[t]) < 0) t = k;
  }
  const n = counted.length;
  membership.fill(0, t * n, (t + 1) * n);
  latency.fill(0, t * n, (t + 1) * n);
  strength[t] = 0;
  return t;
}

/** Averages membership and latency over the occurrences, this one included. */
function average(
  { program, region, values, data }: MemorySite,
  t: number,
  active: readonly number[],
  step: number,
): void {
  const { membership, latency, strength, counted } = data,
    n = counted.length,
    begin = step - windowSteps(values, program.dt);
  const spiked = new Set(active), share = 1 / strength[t];
  for (let k = 0; k < n; k++) {
    const at = t * n + k, before = membership[at];
    membership[at] += share * ((spiked.has(k) ? 1 : 0) - before);
    if (!spiked.has(k)) continue;
    const ms = (program.activity.last[region.begin + k] - begin) * program.dt;
    latency[at] += share / membership[at] * (ms - latency[at]);
  }
}
