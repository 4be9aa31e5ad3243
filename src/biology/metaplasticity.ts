/**
 * Metaplasticity (Bienenstock, Cooper & Munro 1982, J. Neurosci. 2:32): the balance of potentiation and depression
 * follows the postsynaptic neuron's own history. Each neuron has a rate r (average over a second) and a threshold that
 * slides,
 *
 *     θ_M' = (r²/target − θ_M)/τ
 *
 * and its potentiation is multiplied by r/θ_M under the pair rule, so that for balanced amplitudes (A₊τ₊ = A₋τ₋) weights
 * grow when r > θ_M and shrink when r < θ_M; under the triplet rule, which depends on the rate by itself, by target/θ_M
 * (Pfister & Gerstner 2006, eq. 8). The amplitudes that the user set stay as they are.
 */

import type { ValuesOf } from "./parameters.ts";

/** Parameters. */
export const METAPLASTICITY = {
  targetHz: { default: 5, min: 0.01, max: 1000, unit: "Hz", meaning: "rate at which θ_M settles" },
  tauMs: { default: 10_000, min: 1, max: 1e9, unit: "ms", meaning: "τ: how fast θ_M slides" },
  everyMs: { default: 100, min: 0.01, max: 1e6, unit: "ms", meaning: "interval of its updates" },
} as const;

/** Resolved parameters. */
export type MetaplasticityValues = ValuesOf<typeof METAPLASTICITY>;

/** θ_M in Hz never falls below this share of the target: a silent neuron can recover. */
export const LOWEST_THRESHOLD = 0.01;

/** Potentiation is never multiplied by more than this. */
export const HIGHEST_BALANCE = 10;
