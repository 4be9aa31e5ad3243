/**
 * Transmitters and receptors. A projection has one transmitter, and so one sign (Dale's principle): weights are
 * magnitudes ≥ 0 and never cross zero. The receptor shapes what arrives in time.
 *
 * Kinetics: Destexhe, Mainen & Sejnowski 1998 (in Koch & Segev, "Methods in neuronal modeling"), with single exponentials.
 */

/** What a transmitter does, and the neurons that release it. */
export interface Transmitter {
  /** +1 excites, −1 inhibits. */
  sign: 1 | -1;
  /** The population of the source region whose neurons release it. */
  source: "excitatory" | "inhibitory";
}

/** The fast transmitters. */
export const TRANSMITTERS = {
  glutamate: { sign: 1, source: "excitatory" },
  gaba: { sign: -1, source: "inhibitory" },
} as const satisfies Record<string, Transmitter>;

/** Name of a transmitter. */
export type TransmitterName = keyof typeof TRANSMITTERS;

/** How an arriving spike acts on the target neuron. */
export interface Receptor {
  /** Decay of the postsynaptic current or conductance, ms; 0: a pulse that steps v by the weight in mV. */
  tauMs: number;
  /** Reversal potential in mV: the weight is a conductance (1/ms) pulling v there. Without it, a current (mV/ms). */
  reversalMv?: number;
}

/** Allowed range of a receptor's numbers. */
export const RECEPTOR_RANGE = {
  tauMs: { default: 5, min: 0, max: 10_000, unit: "ms", meaning: "decay time constant; 0: pulse" },
  reversalMv: {
    default: 0,
    min: -200,
    max: 200,
    unit: "mV",
    meaning: "reversal potential of a conductance",
  },
} as const;

/** Named receptors. The `…Current` variants have the same time course but act as a current whatever v is. */
export const RECEPTORS = {
  pulse: { tauMs: 0 },
  ampa: { tauMs: 5, reversalMv: 0 },
  ampaCurrent: { tauMs: 5 },
  gabaA: { tauMs: 6, reversalMv: -70 },
  gabaACurrent: { tauMs: 6 },
  gabaB: { tauMs: 150, reversalMv: -90 },
  lateral: { tauMs: 12, reversalMv: -85 },
} as const satisfies Record<string, Receptor>;

/** Name of a receptor. */
export type ReceptorName = keyof typeof RECEPTORS;
