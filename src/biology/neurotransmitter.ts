/**
 * Transmitters and receptors. A projection has one transmitter, and so one sign (Dale's principle): weights are
 * magnitudes ≥ 0 and never cross zero. The receptor shapes what arrives in time. Dopamine, serotonin and acetylcholine
 * act as modulators: their release raises a concentration in the target region (src/biology/modulators.ts).
 *
 * Kinetics: Destexhe, Mainen & Sejnowski 1998 (in Koch & Segev, "Methods in neuronal modeling"), with single
 * exponentials. NMDA channels are blocked by magnesium until the membrane is depolarised (Jahr & Stevens 1990, J.
 * Neurosci. 10:3178): the open conductance is g / (1 + [Mg]/3.57 · e^(−0.062 v)).
 */

import type { Choice } from "./parameters.ts";

/** What a transmitter does, and the neurons that release it. */
export interface Transmitter {
  /** +1 excites, −1 inhibits, 0 modulates. */
  sign: 1 | -1 | 0;
  /** The population of the source region whose neurons release it. */
  source: "excitatory" | "inhibitory";
}

/** The transmitters. */
export const TRANSMITTERS = {
  glutamate: { sign: 1, source: "excitatory" },
  gaba: { sign: -1, source: "inhibitory" },
  dopamine: { sign: 0, source: "excitatory" },
  serotonin: { sign: 0, source: "excitatory" },
  acetylcholine: { sign: 0, source: "excitatory" },
} as const satisfies Record<string, Transmitter>;

/** Name of a transmitter. */
export type TransmitterName = keyof typeof TRANSMITTERS;

/** How an arriving spike acts on the target neuron. */
export interface Receptor {
  /** Decay of the postsynaptic current or conductance, ms; 0: a pulse that steps v by the weight in mV. */
  tauMs: number;
  /** Reversal potential in mV: the weight is a conductance (1/ms) pulling v there. Without it, a current (mV/ms). */
  reversalMv?: number;
  /** Magnesium in mM: blocks the conductance below depolarised potentials (NMDA). Without it, no block. */
  magnesiumMm?: number;
}

/** A receptor that is given by its numbers. */
export const RECEPTOR = {
  name: { default: "made from the numbers", meaning: "name by which projections share it" },
  tauMs: { default: "must be given", min: 0, max: 10_000, unit: "ms", meaning: "decay time constant; 0: pulse" },
  reversalMv: {
    default: "none: a current",
    min: -200,
    max: 200,
    unit: "mV",
    meaning: "reversal potential of a conductance",
  },
  magnesiumMm: {
    default: "none: no block",
    min: 0,
    max: 100,
    unit: "mM",
    meaning: "magnesium that blocks the conductance",
  },
} as const satisfies Record<string, Choice>;

/** Named receptors. The `…Current` variants have the same time course but act as a current whatever v is. */
export const RECEPTORS = {
  pulse: { tauMs: 0 },
  ampa: { tauMs: 5, reversalMv: 0 },
  ampaCurrent: { tauMs: 5 },
  nmda: { tauMs: 100, reversalMv: 0, magnesiumMm: 1 },
  gabaA: { tauMs: 6, reversalMv: -70 },
  gabaACurrent: { tauMs: 6 },
  gabaB: { tauMs: 150, reversalMv: -90 },
  lateral: { tauMs: 12, reversalMv: -85 },
} as const satisfies Record<string, Receptor>;

/** Name of a receptor. */
export type ReceptorName = keyof typeof RECEPTORS;

/** Share of NMDA channels that magnesium leaves open at a potential (Jahr & Stevens 1990). */
export function magnesiumUnblock(v: number, magnesiumMm: number): number {
  return 1 / (1 + magnesiumMm / 3.57 * Math.exp(-0.062 * v));
}
