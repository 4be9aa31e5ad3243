/**
 * Encoders: how numbers become spikes or currents of a region.
 *
 * | encoding | value | effect on the neurons of its share of the region |
 * |---|---|---|
 * | rate | 0–1 | spikes at value × maxRateHz |
 * | temporal | 0–1 | one spike each period, (1 − value) × window after its start: the larger the earlier; 0: none |
 * | population | 0–1 | neurons have preferred values spread over 0–1; each spikes at maxRateHz × Gaussian of the distance |
 * | current | any | constant current value × gain (mV/ms) |
 *
 * Fewer values than neurons: value k drives the k-th of equal shares of the region (for `population`: is represented by
 * that share). Sources: rate coding Adrian & Zotterman 1926; latency coding Thorpe, Delorme & Van Rullen 2001;
 * population coding Georgopoulos et al. 1986 and, as Gaussian receptive fields, Bohte, La Poutré & Kok 2002.
 */

/** Numbers of an encoder. */
export const STIMULUS = {
  maxRateHz: {
    default: 20,
    min: 0,
    max: 1000,
    unit: "Hz",
    meaning: "rate at value 1 (rate, population)",
  },
  gain: {
    default: 10,
    min: -1e4,
    max: 1e4,
    unit: "mV/ms",
    meaning: "current at value 1 (current)",
  },
  periodMs: { default: 100, min: 1, max: 1e6, unit: "ms", meaning: "cycle of temporal coding" },
  windowMs: { default: 50, min: 0, max: 1e6, unit: "ms", meaning: "latency at value 0 (temporal)" },
  sigma: {
    default: 0.6,
    min: 0.01,
    max: 100,
    unit: "spacing",
    meaning: "width of a tuning curve in spacings of preferred values (population)",
  },
} as const;

/** The encoders. */
export const ENCODINGS = {
  rate: "spikes at value × maxRateHz",
  temporal: "latency: the larger the value, the earlier the spike in each period",
  population: "Gaussian tuning curves over 0–1",
  current: "current value × gain",
} as const;

/** Name of an encoder. */
export type EncodingName = keyof typeof ENCODINGS;

/** How rates become spikes. */
export const TRAINS = {
  poisson: "independent in each step",
  regular: "equal intervals from a random phase, drawn when the stimulus begins",
} as const;

/** Name of a kind of spike train. */
export type TrainName = keyof typeof TRAINS;

/** How the stimulus kernel reads a region's values; the numbers are part of the state. */
export const MODE = { off: 0, poisson: 1, regular: 2, latency: 3, current: 4 } as const;

/** Name of a mode. */
export type ModeName = keyof typeof MODE;

/**
 * Preferred values of n neurons that share the range 0–1: centres (k + ½)/n.
 */
export function preferredValue(k: number, n: number): number {
  return (k + 0.5) / n;
}

/** Response, 0–1, of the k-th of n tuned neurons to a value. */
export function tuning(value: number, k: number, n: number, sigma: number): number {
  const distance = (value - preferredValue(k, n)) * n / sigma;
  return Math.exp(-distance * distance / 2);
}
