/**
 * Spike-timing-dependent plasticity. All rules are events of this one form, in which x is the presynaptic trace of a
 * synapse (marked when spikes *arrive*: the axonal delay counts) and y the postsynaptic trace of a neuron, both decaying
 * exponentially, and s, o, p are numbers of the rule; changes are in units of the largest weight:
 *
 *     arrival:          Δw = s_pre · y + o_pre
 *     postsynaptic spike: Δw = s_post · x + o_post − p · w/w_max       (for every incoming synapse)
 *
 * | rule | arrival | postsynaptic spike | source |
 * |---|---|---|---|
 * | pair | −A₋ y | A₊ x | Bi & Poo 1998, J. Neurosci. 18:10464; Song, Miller & Abbott 2000 |
 * | triplet | −(A₋ + A₃₋ x₂) y | (A₊ + A₃₊ y₂) x | Pfister & Gerstner 2006, J. Neurosci. 26:9673 |
 * | presynapticTrace | – | A₊ (x − traceTarget) | Querlioz et al. 2013; Diehl & Cook 2015, Front. Comput. Neurosci. 9:99 |
 * | instar | – | A₊ (x − w/w_max) | Grossberg 1976, Biol. Cybern. 23:121, with traces |
 * | inhibitory | A₊ (y − 2 targetHz τ₋) | A₊ x | Vogels et al. 2011, Science 334:1569 |
 *
 * Potentiation is multiplied by (1 − w/w_max)^μ and depression by (w/w_max)^μ: μ = 0 additive with hard bounds, 1
 * multiplicative (van Rossum et al. 2000), between: Gütig et al. 2003. Weights stay within [0, w_max].
 *
 * Pairing `all`: a trace grows by one at each event; `nearest`: it is set to one. Slow traces x₂ and y₂ are read before
 * the event itself marks them. An arrival in the step of a postsynaptic spike counts as just before it: it potentiates
 * with Δt = 0 and does not depress.
 */

import type { Parameter } from "./parameters.ts";

const amplitude = (
  value: number,
  meaning: string,
) => ({ default: value, min: -1, max: 1, unit: "of weightMax", meaning } as const);
const decay = (
  value: number,
  meaning: string,
) => ({ default: value, min: 0.1, max: 100_000, unit: "ms", meaning } as const);

/** Parameters of all rules; which rule reads which: {@linkcode RULES}. Defaults differ by rule where it says so. */
export const STDP = {
  aPlus: amplitude(0.01, "A₊: potentiation by a postsynaptic spike right after an arrival"),
  aMinus: amplitude(0.0105, "A₋: depression by an arrival right after a postsynaptic spike"),
  a3Plus: amplitude(0.0065, "A₃₊: potentiation per slow postsynaptic trace (triplet)"),
  a3Minus: amplitude(0, "A₃₋: depression per slow presynaptic trace (triplet)"),
  tauPlusMs: decay(20, "τ₊: decay of the presynaptic trace"),
  tauMinusMs: decay(20, "τ₋: decay of the postsynaptic trace"),
  tauXMs: decay(101, "decay of the slow presynaptic trace (triplet)"),
  tauYMs: decay(114, "decay of the slow postsynaptic trace (triplet)"),
  traceTarget: {
    default: 0.4,
    min: 0,
    max: 100,
    unit: "1",
    meaning: "trace at which a synapse neither gains nor loses",
  },
  targetHz: { default: 5, min: 0, max: 1000, unit: "Hz", meaning: "postsynaptic rate that inhibition aims at" },
  softness: { default: 0, min: 0, max: 10, unit: "1", meaning: "μ: 0 additive with hard bounds, 1 multiplicative" },
} as const satisfies Record<string, Parameter>;

/** Name of a parameter. */
export type StdpParameter = keyof typeof STDP;

/** Resolved parameters: those that the rule reads. */
export type StdpValues = { [K in StdpParameter]?: number };

/** A rule: the parameters it reads, with its own defaults where they differ. */
export interface StdpRule {
  /** One line. */
  meaning: string;
  /** What it reads; a number is the default for this rule. */
  reads: { [K in StdpParameter]?: number | true };
}

/** The rules. */
export const RULES = {
  pair: {
    meaning: "pairs of spikes",
    reads: { aPlus: true, aMinus: true, tauPlusMs: true, tauMinusMs: true, softness: true },
  },
  triplet: {
    meaning: "triplets: potentiation grows with the postsynaptic rate; defaults as fitted to visual cortex",
    reads: {
      aPlus: 0,
      aMinus: 0.0071,
      a3Plus: true,
      a3Minus: true,
      tauPlusMs: 16.8,
      tauMinusMs: 33.7,
      tauXMs: true,
      tauYMs: true,
      softness: true,
    },
  },
  presynapticTrace: {
    meaning: "a postsynaptic spike potentiates what was active and depresses what was not",
    reads: { aPlus: true, traceTarget: true, tauPlusMs: true, softness: true },
  },
  instar: {
    meaning: "a postsynaptic spike moves the weights towards the presynaptic traces",
    reads: { aPlus: true, tauPlusMs: true },
  },
  inhibitory: {
    meaning: "inhibition grows until its target fires at the target rate",
    reads: { aPlus: true, targetHz: true, tauPlusMs: true, tauMinusMs: true },
  },
} as const satisfies Record<string, StdpRule>;

/** Name of a rule. */
export type RuleName = keyof typeof RULES;

/** The numbers of a rule in the form above; `slow` ones multiply the slow trace of the neuron that spikes. */
export interface RuleForm {
  arrival: { slope: number; slow: number; offset: number };
  spike: { slope: number; slow: number; offset: number; pull: number };
}

/** Brings a rule into the form that the kernels know. */
export function ruleForm(rule: RuleName, p: StdpValues): RuleForm {
  const none = { slope: 0, slow: 0, offset: 0 };
  switch (rule) {
    case "pair":
      return { arrival: { ...none, slope: -p.aMinus! }, spike: { ...none, slope: p.aPlus!, pull: 0 } };
    case "triplet":
      return {
        arrival: { slope: -p.aMinus!, slow: -p.a3Minus!, offset: 0 },
        spike: { slope: p.aPlus!, slow: p.a3Plus!, offset: 0, pull: 0 },
      };
    case "presynapticTrace":
      return { arrival: none, spike: { ...none, slope: p.aPlus!, offset: -p.aPlus! * p.traceTarget!, pull: 0 } };
    case "instar":
      return { arrival: none, spike: { ...none, slope: p.aPlus!, pull: p.aPlus! } };
    case "inhibitory":
      return {
        arrival: { ...none, slope: p.aPlus!, offset: -2 * p.aPlus! * p.targetHz! * p.tauMinusMs! / 1000 },
        spike: { ...none, slope: p.aPlus!, pull: 0 },
      };
  }
}

/** Rules that change weights at the postsynaptic neuron's own spikes only. */
export const AT_OWN_SPIKES: readonly RuleName[] = ["presynapticTrace", "instar"];

/** How events pair: with all earlier ones, or with the nearest. */
export const PAIRINGS = {
  all: "traces grow by one at each event",
  nearest: "traces are set to one",
} as const;

/** Name of a pairing. */
export type PairingName = keyof typeof PAIRINGS;
