/**
 * Spike-timing-dependent plasticity by pairs (Bi & Poo 1998, J. Neurosci. 18:10464; Song, Miller & Abbott 2000):
 *
 *     post spike:    Δw = +A₊ w_max (1 − w/w_max)^μ · x        x: trace of presynaptic arrivals, τ₊
 *     pre arrival:   Δw = −A₋ w_max (w/w_max)^μ · y            y: trace of postsynaptic spikes, τ₋
 *
 * The presynaptic event is the *arrival* of the spike at the synapse (the axonal delay counts). Pairing `all`: a trace
 * grows by one at each event; `nearest`: it is set to one. An arrival in the step of a postsynaptic spike counts as
 * just before it: it potentiates with Δt = 0 and does not depress. μ = 0: additive, hard bounds; μ = 1: multiplicative
 * (van Rossum et al. 2000); between: Gütig et al. 2003. Weights stay within [0, w_max].
 */

/** Parameters; amplitudes are relative to the largest weight. */
export const STDP = {
  aPlus: {
    default: 0.01,
    min: -1,
    max: 1,
    unit: "of weightMax",
    meaning: "potentiation of a post spike right after an arrival",
  },
  aMinus: {
    default: 0.0105,
    min: -1,
    max: 1,
    unit: "of weightMax",
    meaning: "depression of an arrival right after a post spike",
  },
  tauPlusMs: {
    default: 20,
    min: 0.1,
    max: 10_000,
    unit: "ms",
    meaning: "decay of the presynaptic trace",
  },
  tauMinusMs: {
    default: 20,
    min: 0.1,
    max: 10_000,
    unit: "ms",
    meaning: "decay of the postsynaptic trace",
  },
  softness: {
    default: 0,
    min: 0,
    max: 10,
    unit: "1",
    meaning: "μ: 0 additive with hard bounds, 1 multiplicative",
  },
} as const;

/** Resolved amplitudes and time constants. */
export type StdpValues = { [K in keyof typeof STDP]: number };

/** How events pair: with all earlier ones, or with the nearest. */
export const PAIRINGS = {
  all: "traces grow by one at each event",
  nearest: "traces are set to one",
} as const;

/** Name of a pairing. */
export type PairingName = keyof typeof PAIRINGS;
