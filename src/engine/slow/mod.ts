/** The slow processes, in the order in which they act. */

import type { Program } from "../program.ts";
import { normalize } from "./normalize.ts";
import type { SlowProcess } from "./slow.ts";

/** All slow processes. */
const SLOW: readonly SlowProcess[] = [normalize];

/** After which numbers of steps some slow process wants to look. */
export function slowIntervals(program: Program): number[] {
  return [...new Set(SLOW.flatMap((process) => process.intervals(program)))];
}

/** Lets the slow processes do what is due when `step` steps are done; returns the names of the arrays that changed. */
export function applySlow(program: Program, step: number): string[] {
  return SLOW.flatMap((process) => process.apply(program, step));
}
