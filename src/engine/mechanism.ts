/**
 * How a mechanism of a region takes part in a step. Everything here is optional; a region without the mechanism has no
 * trace of it, so that it costs nothing when off.
 */

import type { Biology, LocalArrays } from "../biology/mechanism.ts";
import type { Kernels, Selection, Work } from "./kernels.ts";
import type { Site } from "./program.ts";
import type { StageName } from "./step.ts";

/** A slow process of a mechanism. */
export interface Slow<S extends Site> {
  /** Steps between two looks. */
  everySteps(site: S): number;
  /** Acts when `step` steps are done; returns the full names of arrays that changed beside its own. */
  apply(site: S, step: number): string[] | void;
}

/** A row of the table of mechanisms. */
// deno-lint-ignore no-explicit-any
export interface RegionMechanism<V = any, A extends LocalArrays = any> {
  biology: Biology<V, A>;
  /** One line. */
  meaning: string;
  /** What freezing holds still: `plasticity` or `structure`. It then has an array `enabled`. */
  freezes?: "plasticity" | "structure";
  /** Whether it changes the region's gains: they are then 1 again at the beginning of every step. */
  modulates?: true;
  /** Whether its work looks at several neurons at once: then they cannot be spread over workers. */
  together?: true;
  /** Work of every step, by stage. */
  work?(site: Site<V, A>, kernels: Kernels): Partial<Record<StageName, Work>>;
  /** How the spikes of the excitatory population are thinned out. */
  select?(site: Site<V, A>): Selection;
  /** What happens every few hundred steps. */
  slow?: Slow<Site<V, A>>;
  /** Makes neuron k of the region (within it) as new: what is its own in the mechanism's arrays, when it dies or is born. */
  renew?(site: Site<V, A>, k: number): void;
  /** Forgets what `resetActivity` forgets. */
  reset?(site: Site<V, A>): void;
  /** What a person wants to know of it. */
  summary?(site: Site<V, A>): Record<string, number | string | null>;
}
