/**
 * Exponential traces that cost nothing between events. All values of a trace array share one clock: what is stored is
 * the trace *as of the last origin*, true(t) = stored · e^(−(t − origin)/τ), so an event at t adds e^((t − origin)/τ)
 * and a reader multiplies by one number that is the same for the whole array. Every `period` steps the origin moves:
 * one pass multiplies the array by e^(−period/τ). Origins are the multiples of the period, so the clock is no state.
 */

/** The clock of a trace: its time constant in steps, and tables of e^(±k/τ) for k = 0 … period. */
export interface TraceClock {
  /** Steps between origins. */
  period: number;
  /** e^(−k/τ). */
  decay: Float64Array;
  /** e^(+k/τ). */
  grow: Float64Array;
}

/** Time constants that pass between two origins: e^8 ≈ 3,000 keeps stored values far from the limits of f32. */
const SPAN = 8;

/** Clocks by time constant in steps: one table serves all traces of the same τ. */
const clocks = new Map<number, TraceClock>();

/**
 * The clock of a time constant.
 * @param tauSteps time constant in steps, > 0
 */
export function traceClock(tauSteps: number): TraceClock {
  let clock = clocks.get(tauSteps);
  if (!clock) {
    const period = Math.max(1, Math.min(1 << 20, Math.ceil(SPAN * tauSteps)));
    const decay = Float64Array.from({ length: period + 1 }, (_, k) => Math.exp(-k / tauSteps));
    clock = { period, decay, grow: decay.map((x) => 1 / x) };
    clocks.set(tauSteps, clock);
  }
  return clock;
}

/**
 * What turns a stored trace into the true one between steps, when `steps` steps are done: the origin of a step that has
 * not begun has not moved yet.
 */
export function decayBetweenSteps(clock: TraceClock, steps: number): number {
  return steps === 0 ? 1 : clock.decay[(steps - 1) % clock.period + 1];
}

/** Moves the origin: to be called at steps that are multiples of the period, before anything reads the trace. */
export function moveOrigin(trace: Float32Array, clock: TraceClock): void {
  const factor = clock.decay[clock.period];
  for (let i = 0; i < trace.length; i++) trace[i] *= factor;
}

/**
 * An event for each listed neuron.
 * @param stride,offset element of neuron i: (i − base)·stride + offset
 * @param amount what the event adds (or, with `nearest`, sets), times {@linkcode TraceClock.grow} of now
 */
export function markTraces(
  spikes: Uint32Array,
  first: number,
  last: number,
  base: number,
  stride: number,
  offset: number,
  amount: number,
  nearest: boolean,
  trace: Float32Array,
): void {
  for (let s = first; s < last; s++) {
    const i = (spikes[s] - base) * stride + offset;
    trace[i] = nearest ? amount : trace[i] + amount;
  }
}
