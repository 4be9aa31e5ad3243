/**
 * The independent side of the physics tests: membranes solved to high accuracy, and small statistics. Nothing here is
 * shared with the simulator, so that an error in a kernel cannot hide in its own test.
 */

/** Parameters of an Izhikevich neuron; a and b in 1/ms, c in mV, d in mV/ms. */
export interface Parameters {
  a: number;
  b: number;
  c: number;
  d: number;
}

/** The table of Izhikevich 2003, figure 2, typed in again from the paper. */
export const PAPER_PATTERNS: Readonly<Record<string, Parameters>> = {
  regularSpiking: { a: 0.02, b: 0.2, c: -65, d: 8 },
  intrinsicallyBursting: { a: 0.02, b: 0.2, c: -55, d: 4 },
  chattering: { a: 0.02, b: 0.2, c: -50, d: 2 },
  fastSpiking: { a: 0.1, b: 0.2, c: -65, d: 2 },
  lowThresholdSpiking: { a: 0.02, b: 0.25, c: -65, d: 2 },
  thalamoCortical: { a: 0.02, b: 0.25, c: -65, d: 0.05 },
  resonator: { a: 0.1, b: 0.26, c: -65, d: 2 },
};

/** Input of a reference neuron as a function of time (ms): a current (mV/ms), and a conductance (1/ms) to a reversal. */
export interface ReferenceInput {
  current?: (t: number) => number;
  conductance?: (t: number) => number;
  reversalMv?: number;
}

/** What a reference neuron did. */
export interface ReferenceRun {
  /** Times of the spikes, ms, located within the integration step. */
  spikes: number[];
  /** Membrane potential at each multiple of `sampleMs`, from t = sampleMs on. */
  v: number[];
}

/** Peak of the spike, mV. */
const PEAK = 30;

/**
 * Solves one neuron by the classical Runge–Kutta method of fourth order. A crossing of the peak is located by bisection
 * on the length of the step; the neuron is reset there and the rest of the step integrated from the reset.
 * @param sampleMs interval of the samples of v; a multiple of `h`
 * @param h step, ms
 */
export function solveNeuron(
  { a, b, c, d }: Parameters,
  durationMs: number,
  input: ReferenceInput = {},
  sampleMs = 1,
  h = 0.01,
  start = { v: -65, u: -65 * b },
): ReferenceRun {
  const current = input.current ?? (() => 0), conductance = input.conductance ?? (() => 0);
  const reversal = input.reversalMv ?? 0;
  let { v, u } = start;
  const end = { v, u };
  /** Sets `end` to the state `time` after the state v, u at t. */
  const advance = (t: number, time: number): void => {
    // Both ends are looked at from inside, so that an input may jump on the grid of the steps.
    const first = t + 1e-9 * time, middle = t + time / 2, last = t + time - 1e-9 * time;
    const i0 = current(first), i1 = current(middle), i2 = current(last);
    const g0 = conductance(first), g1 = conductance(middle), g2 = conductance(last);
    const slope = (v: number, u: number, i: number, g: number) =>
      0.04 * v * v + 5 * v + 140 - u + i + g * (reversal - v);
    const kv1 = slope(v, u, i0, g0), ku1 = a * (b * v - u);
    const v2 = v + time / 2 * kv1, u2 = u + time / 2 * ku1;
    const kv2 = slope(v2, u2, i1, g1), ku2 = a * (b * v2 - u2);
    const v3 = v + time / 2 * kv2, u3 = u + time / 2 * ku2;
    const kv3 = slope(v3, u3, i1, g1), ku3 = a * (b * v3 - u3);
    const v4 = v + time * kv3, u4 = u + time * ku3;
    const kv4 = slope(v4, u4, i2, g2), ku4 = a * (b * v4 - u4);
    end.v = v + time / 6 * (kv1 + 2 * kv2 + 2 * kv3 + kv4);
    end.u = u + time / 6 * (ku1 + 2 * ku2 + 2 * ku3 + ku4);
  };
  const spikes: number[] = [], samples: number[] = [];
  const steps = Math.round(durationMs / h), every = Math.round(sampleMs / h);
  for (let k = 0; k < steps; k++) {
    let t = k * h, left = h;
    while (left > 1e-12) {
      advance(t, left);
      if (end.v < PEAK) {
        v = end.v;
        u = end.u;
        break;
      }
      let low = 0, high = left;
      while (high - low > 1e-9) {
        const middle = (low + high) / 2;
        advance(t, middle);
        if (end.v < PEAK) low = middle;
        else high = middle;
      }
      advance(t, high);
      t += high;
      left -= high;
      spikes.push(t);
      v = c;
      u = end.u + d;
    }
    if ((k + 1) % every === 0) samples.push(v);
  }
  return { spikes, v: samples };
}
