/**
 * Rhythmic drive of a region: a sum of sine currents in the classical bands, the same for all its neurons, with phases
 * drawn from the brain's seed.
 *
 *     I(t) = Σ A_k cos φ_k,  φ_k = 2π (f_k t + p_k)          A_γ is multiplied by 1 − c + c · (1 + cos φ_θ)/2
 *
 * With coupling c the *amplitude* of gamma follows the phase of theta (Lisman & Idiart 1995, Science 267:1512; measured
 * as in Tort et al. 2010, J. Neurophysiol. 104:1195). With gating g, changes of the weights onto the region are
 * multiplied by 1 − g + g · (1 + cos φ_θ)/2 (Hasselmo 2005, Hippocampus 15:936).
 */

import { bits32, streamKey, toUniform } from "../state/random.ts";
import { type Biology, fromTable, type Place } from "./mechanism.ts";
import type { ValuesOf } from "./parameters.ts";

const amplitude = (band: string) => ({
  default: 0,
  min: -1000,
  max: 1000,
  unit: "mV/ms",
  meaning: `amplitude of ${band}`,
} as const);
const frequency = (hz: number, band: string) => ({
  default: hz,
  min: 0.01,
  max: 1000,
  unit: "Hz",
  meaning: `frequency of ${band}`,
} as const);

/** Parameters. */
export const OSCILLATION = {
  delta: amplitude("delta"),
  theta: amplitude("theta"),
  alpha: amplitude("alpha"),
  beta: amplitude("beta"),
  gamma: amplitude("gamma"),
  deltaHz: frequency(2, "delta"),
  thetaHz: frequency(6, "theta"),
  alphaHz: frequency(10, "alpha"),
  betaHz: frequency(20, "beta"),
  gammaHz: frequency(40, "gamma"),
  coupling: { default: 0, min: 0, max: 1, unit: "1", meaning: "how far gamma's amplitude follows theta's phase" },
  gating: { default: 0, min: 0, max: 1, unit: "1", meaning: "how far plasticity follows theta's phase" },
} as const;

/** Resolved parameters. */
export type OscillationValues = ValuesOf<typeof OSCILLATION>;

/** The bands, slowest first. */
export const BANDS = ["delta", "theta", "alpha", "beta", "gamma"] as const;

/** The option `oscillation` of a region. No arrays: phases follow from the seed and the step. */
export const oscillation: Biology<OscillationValues, Record<never, never>> = {
  ...fromTable(OSCILLATION),
  arrays: () => ({}),
};

/** The phases at time zero, in cycles, one a band. */
export function initialPhases({ seed, name }: Pick<Place, "seed" | "name">): number[] {
  return BANDS.map((band, k) => toUniform(bits32(streamKey(seed, `oscillation:${name}:${band}`), k)));
}

/** 1 − depth + depth · (1 + cos φ)/2: what follows a phase to a depth. */
export function follow(depth: number, cosine: number): number {
  return 1 - depth + depth * (1 + cosine) / 2;
}
