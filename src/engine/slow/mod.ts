/** The slow processes, in the order in which they act. */

import { sitesOf } from "../mechanisms.ts";
import type { Program } from "../program.ts";
import { slideThresholds } from "./metaplasticity.ts";
import { normalize } from "./normalize.ts";
import type { SlowProcess } from "./slow.ts";
import { wake } from "./sleep.ts";
import { rewireSynapses } from "./structure.ts";

/** The slow processes of mechanisms of regions. */
const mechanisms: SlowProcess = {
  name: "mechanisms",
  intervals: ({ regions }) =>
    regions.flatMap((region) =>
      sitesOf(region).flatMap(({ row, site }) => row.slow ? [row.slow.everySteps(site)] : [])
    ),
  apply({ regions }, step) {
    return regions.flatMap((region) =>
      sitesOf(region).flatMap(({ name, row: { slow }, site }) => {
        if (!slow || step % slow.everySteps(site) !== 0) return [];
        const others = slow.apply(site, step) ?? [];
        return [...others, ...Object.keys(site.data).map((key) => `region.${region.name}.${name}.${key}`)];
      })
    );
  },
};

/** All slow processes. */
const SLOW: readonly SlowProcess[] = [mechanisms, slideThresholds, normalize, rewireSynapses, wake];

/** After which numbers of steps some slow process wants to look. */
export function slowIntervals(program: Program): number[] {
  return [...new Set(SLOW.flatMap((process) => process.intervals(program)))];
}

/** The next step after `step` at which some slow process wants to look out of turn. */
export function nextLook(program: Program, step: number): number {
  return SLOW.reduce((next, process) => Math.min(next, process.next?.(program, step) ?? Infinity), Infinity);
}

/** Lets the slow processes do what is due when `step` steps are done; returns the names of the arrays that changed. */
export function applySlow(program: Program, step: number): string[] {
  return SLOW.flatMap((process) => process.apply(program, step));
}
