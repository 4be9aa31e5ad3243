/**
 * Izhikevich neurons (Izhikevich 2003, "Simple model of spiking neurons", IEEE Trans. Neural Networks 14:1569):
 *
 *     v' = 0.04 v² + 5 v + 140 − u + I        v ≥ 30 mV: spike, v ← c, u ← u + d
 *     u' = a (b v − u)
 *
 * v in mV, time in ms, u and I in mV/ms. How the equations are advanced is named by the brain's `scheme`
 * (see kernels/integrate.ts).
 */

/** Parameters of one neuron: a in 1/ms, b in 1/ms, c in mV, d in mV/ms. */
export interface NeuronParameters {
  /** Rate of the recovery variable, 1/ms. */
  a: number;
  /** Sensitivity of u to v, 1/ms. */
  b: number;
  /** v after a spike, mV. */
  c: number;
  /** Step of u at a spike, mV/ms. */
  d: number;
}

/**
 * A number, or a distribution to draw from: each neuron's parameter, each synapse's weight. Normal draws are cut at the
 * allowed range.
 */
export type Distribution = number | { uniform: [number, number] } | { normal: [number, number] };

/** A firing pattern whose parameters may differ from neuron to neuron. */
export type NeuronDistribution = { [K in keyof NeuronParameters]: Distribution };

/** Allowed range of each neuron parameter. */
export const NEURON_RANGE = {
  a: { default: 0.02, min: 0, max: 2, unit: "1/ms", meaning: "rate of the recovery variable u" },
  b: {
    default: 0.2,
    min: -2,
    max: 2,
    unit: "1/ms",
    meaning: "sensitivity of u to the membrane potential",
  },
  c: { default: -65, min: -100, max: 25, unit: "mV", meaning: "membrane potential after a spike" },
  d: { default: 8, min: -100, max: 200, unit: "mV/ms", meaning: "step of u at a spike" },
} as const;

/** The seven firing patterns of Izhikevich 2003, figure 2. */
export const PATTERNS = {
  regularSpiking: { a: 0.02, b: 0.2, c: -65, d: 8 },
  intrinsicallyBursting: { a: 0.02, b: 0.2, c: -55, d: 4 },
  chattering: { a: 0.02, b: 0.2, c: -50, d: 2 },
  fastSpiking: { a: 0.1, b: 0.2, c: -65, d: 2 },
  lowThresholdSpiking: { a: 0.02, b: 0.25, c: -65, d: 2 },
  thalamoCortical: { a: 0.02, b: 0.25, c: -65, d: 0.05 },
  resonator: { a: 0.1, b: 0.26, c: -65, d: 2 },
} as const satisfies Record<string, NeuronParameters>;

/** Name of a firing pattern. */
export type PatternName = keyof typeof PATTERNS;

/** What a kind of region brings along: the patterns of its two populations and the share of inhibitory neurons. */
export interface RegionType {
  /** Pattern of the excitatory neurons. */
  pattern: PatternName;
  /** Pattern of the inhibitory neurons. */
  inhibitoryPattern: PatternName;
  /** Share of inhibitory neurons, 0–1. */
  inhibitory: number;
  /** True for lines that carry a stimulus and have no membrane: they spike when the stimulus says so, and only then. */
  source?: boolean;
  /** One line. */
  meaning: string;
}

/** Kinds of regions; cortex has four excitatory neurons to one inhibitory one. */
export const REGION_TYPES = {
  input: {
    pattern: "regularSpiking",
    inhibitoryPattern: "fastSpiking",
    inhibitory: 0,
    source: true,
    meaning: "input lines without membrane: spike exactly when stimulated",
  },
  sensory: {
    pattern: "regularSpiking",
    inhibitoryPattern: "fastSpiking",
    inhibitory: 0.2,
    meaning: "receives stimuli",
  },
  association: {
    pattern: "regularSpiking",
    inhibitoryPattern: "fastSpiking",
    inhibitory: 0.2,
    meaning: "combines inputs",
  },
  memory: {
    pattern: "intrinsicallyBursting",
    inhibitoryPattern: "lowThresholdSpiking",
    inhibitory: 0.2,
    meaning: "stores assemblies",
  },
  motor: {
    pattern: "chattering",
    inhibitoryPattern: "fastSpiking",
    inhibitory: 0.2,
    meaning: "produces the output",
  },
  reward: {
    pattern: "regularSpiking",
    inhibitoryPattern: "fastSpiking",
    inhibitory: 0.2,
    meaning: "signals value",
  },
} as const satisfies Record<string, RegionType>;

/** Name of a kind of region. */
export type RegionTypeName = keyof typeof REGION_TYPES;

/** Ways to advance the equations by one step. */
export const SCHEMES = {
  riccati:
    "closed-form solution of v between exact updates of u, spike times resolved within the step (default; see kernels/integrate.ts)",
  izhikevich2003:
    "as published: two Euler half steps for v, one for u. For comparison with the literature; fires false spikes under strong inhibition",
} as const;

/** Name of a numerical scheme. */
export type SchemeName = keyof typeof SCHEMES;

/** Resting potential from which every neuron starts, mV. */
export const REST_MV = -65;

/** Membrane potential at which a spike is cut off, mV. */
export const PEAK_MV = 30;

/** Time constant of the running estimate of each neuron's rate, ms. */
export const RATE_TAU_MS = 1000;
