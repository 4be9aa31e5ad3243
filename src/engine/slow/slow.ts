/** What happens every few hundred steps: once, on the host, between two steps. */

import type { Program } from "../program.ts";

/** An interval as it is run: whole steps, at least one, and the time that these take. */
export function interval(everyMs: number, dt: number): { steps: number; ms: number } {
  const steps = Math.max(1, Math.round(everyMs / dt));
  return { steps, ms: steps * dt };
}

/** A slow process. */
export interface SlowProcess {
  name: string;
  /** After which numbers of steps it wants to look, for one program; empty when the program has no use for it. */
  intervals(program: Program): number[];
  /** The next step at which it wants to look besides, or Infinity. */
  next?(program: Program, step: number): number;
  /** Does what is due when `step` steps are done; returns the names of the arrays that it changed. */
  apply(program: Program, step: number): string[];
}
