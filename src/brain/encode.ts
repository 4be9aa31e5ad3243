/** Turns the values of a stimulus into what the stimulus kernel reads: one number a neuron. */

import { type EncodingName, ENCODINGS, MODE, STIMULUS, type TrainName, TRAINS, tuning } from "../biology/stimulus.ts";
import { checkKeys, checkNumber, lookUp, resolveParameters } from "../biology/parameters.ts";
import { InputError, show } from "../state/errors.ts";

/** How to encode; see src/biology/stimulus.ts. */
export interface StimulusOptions {
  /** Default `rate`. */
  encoding?: EncodingName;
  /**
   * How rates become spikes, for `rate` and `population` (default `poisson`). Other values are another stimulus: regular
   * trains then begin anew, from other phases; the same values again go on.
   */
  train?: TrainName;
  /** How long the stimulus lasts from now, ms, rounded to whole steps (default: until it is replaced or cleared). */
  durationMs?: number;
  /** Rate at value 1, Hz (default 20). */
  maxRateHz?: number;
  /** Current at value 1, mV/ms (default 10). */
  gain?: number;
  /** Cycle of temporal coding, ms (default 100). */
  periodMs?: number;
  /** Latency at value 0, ms (default 50, at most half of the period). */
  windowMs?: number;
  /** Width of tuning curves in spacings of preferred values (default 0.6). */
  sigma?: number;
}

/** What the kernel reads. */
export interface EncodedStimulus {
  mode: number;
  value: Float32Array;
  periodSteps: number;
}

/** The options that each encoding reads. */
const APPLIES: Record<EncodingName, string[]> = {
  rate: ["train", "maxRateHz"],
  population: ["train", "maxRateHz", "sigma"],
  temporal: ["periodMs", "windowMs"],
  current: ["gain"],
};

/** The share of `values` that drives the i-th of n neurons. */
function share(i: number, n: number, values: number): number {
  return Math.floor(i * values / n);
}

/** Where a list is not zero. */
function indicesOf(list: Uint8Array): Uint32Array {
  const indices = new Uint32Array(list.length);
  let n = 0;
  for (let k = 0; k < list.length; k++) if (list[k] !== 0) indices[n++] = k;
  return indices.subarray(0, n);
}

/**
 * Encodes values for the living neurons of a region.
 * @param alive one element a neuron, 0 for those that get nothing
 * @throws {InputError} for values that are too many, not finite or outside the encoder's range
 */
export function encodeStimulus(
  what: string,
  values: ArrayLike<number>,
  alive: Uint8Array,
  options: StimulusOptions,
  dt: number,
): EncodedStimulus {
  const living = indicesOf(alive), n = living.length;
  checkKeys(what, options as unknown, [...Object.keys(STIMULUS), "encoding", "train", "durationMs"]);
  const encoding = options.encoding ?? "rate", train = options.train ?? "poisson";
  lookUp(what, "encodings", ENCODINGS, encoding);
  lookUp(what, "trains", TRAINS, train);
  const { encoding: _, durationMs: __, ...own } = options;
  const { train: ___, ...numbers } = own;
  const window = Math.min(STIMULUS.windowMs.default, Number(numbers.periodMs ?? STIMULUS.periodMs.default) / 2);
  const p = resolveParameters(what, STIMULUS, numbers, { windowMs: window });
  const foreign = Object.keys(own).find((key) =>
    own[key as keyof typeof own] !== undefined && !APPLIES[encoding].includes(key)
  );
  if (foreign !== undefined) {
    throw new InputError(
      `${what}: ${foreign} has no effect on encoding "${encoding}", which takes ${APPLIES[encoding].join(", ")}`,
    );
  }
  const steps = (ms: number) => Math.max(1, Math.round(ms / dt));
  if (encoding === "temporal" && steps(p.windowMs) >= steps(p.periodMs)) {
    throw new InputError(
      `${what}: windowMs is ${p.windowMs}; expected less than periodMs, ${p.periodMs} ms, or late spikes would be lost`,
    );
  }
  checkValues(
    what,
    values,
    n,
    encoding === "current" ? -Infinity : 0,
    encoding === "current" ? Infinity : 1,
  );
  const rateMode = train === "regular" ? MODE.regular : MODE.poisson;
  const perStep = p.maxRateHz * dt / 1000;
  if (perStep > 1) {
    throw new InputError(
      `${what}: maxRateHz is ${p.maxRateHz}; at most one spike a step of ${dt} ms, ${1000 / dt} Hz`,
    );
  }
  const value = new Float32Array(alive.length).fill(encoding === "temporal" ? -1 : 0), m = values.length;
  for (let i = 0; i < n; i++) {
    const k = share(i, n, m), x = values[k], at = living[i];
    if (encoding === "rate") value[at] = x * perStep;
    else if (encoding === "current") value[at] = x * p.gain;
    else if (encoding === "temporal") value[at] = x > 0 ? Math.round((1 - x) * p.windowMs / dt) : -1;
    else {
      const first = Math.ceil(k * n / m), size = Math.ceil((k + 1) * n / m) - first;
      value[at] = perStep * tuning(x, i - first, size, p.sigma);
    }
  }
  const mode = encoding === "current" ? MODE.current : encoding === "temporal" ? MODE.latency : rateMode;
  return { mode, value, periodSteps: steps(p.periodMs) };
}

/**
 * Checks a list of values for n neurons.
 * @throws {InputError} when it is empty, longer than n, or has a value that is not finite or out of range
 */
export function checkValues(
  what: string,
  values: ArrayLike<number>,
  n: number,
  min: number,
  max: number,
): void {
  if (typeof values !== "object" || values === null || typeof values.length !== "number") {
    throw new InputError(`${what}: values are ${show(values)}; expected a list of numbers`);
  }
  if (values.length < 1 || values.length > n) {
    throw new InputError(`${what}: ${values.length} values for ${n} neurons; expected 1 to ${n}`);
  }
  for (let i = 0; i < values.length; i++) {
    const x: unknown = values[i];
    // In a network's life this is done often, and only what is refused needs a sentence.
    if (typeof x === "number" && Number.isFinite(x) && x >= min && x <= max) continue;
    checkNumber(`${what}: value ${i}`, x, min, max);
  }
}
