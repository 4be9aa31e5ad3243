/** What a brain did, noted while it ran. */

import { checkInteger, checkKeys, checkNumber } from "../biology/parameters.ts";
import type { Drained, SampleRequest } from "../engine/backend.ts";
import type { Program, RegionProgram } from "../engine/program.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import type { Projection } from "./projection.ts";
import type { Region } from "./region.ts";

/** What to record. */
export interface RecordOptions {
  /** Spikes: of all regions, or of those named. */
  spikes?: boolean | string[];
  /** Membrane potentials at the end of every step: neurons by region, as indices within it. */
  v?: Record<string, number[]>;
  /** The proxy of the local field potential, every step, of these regions; they need the option `field`. */
  lfp?: string[];
  /** Mean rate of every region, each `everyMs`. */
  rates?: boolean;
  /** All weights of the projections named, each `everyMs`. */
  weights?: string[];
  /** Interval of rates and weights, ms (default 100). */
  everyMs?: number;
}

/** Spikes as columns, in order of time, then of neuron. */
export interface SpikeTable {
  /** Index of the neuron. */
  neuron: Uint32Array;
  /** Start of the step of the spike, ms. */
  timeMs: Float64Array;
}

/** A number, or several, over time: `values` has one row a time and one column a thing. */
export interface Series {
  /** Times, ms. */
  timeMs: Float64Array;
  /** Names of the columns. */
  columns: string[];
  /** Row by row. */
  values: Float32Array;
}

/** What a recording needs of its brain. */
export interface RecordingHost {
  readonly dt: number;
  readonly timeMs: number;
  readonly regions: readonly Region[];
  readonly projections: readonly Projection[];
  program(): Program;
}

/** A recording. It grows with every step and run of its brain until it is stopped. */
export class Recording {
  readonly #host: RecordingHost;
  readonly #stop: (recording: Recording) => void;
  readonly #regions: RegionProgram[];
  readonly #weights: Projection[];
  /** Synapses of each projection whose weights are recorded; null once their number has changed. */
  readonly #widths: (number | null | undefined)[] = [];
  readonly #steps: number[] = [];
  readonly #neurons: number[] = [];
  readonly #samples = new Map<string, { steps: number[]; values: number[] }>();
  readonly #tracked: { steps: number[]; rates: number[]; weights: number[][] };
  /**
   * Elements sampled at every step.
   * @internal
   */
  readonly requests: SampleRequest[];
  /** Interval of rates and weights in steps; 0 when neither is recorded. */
  readonly everySteps: number;
  /** When it began, ms. */
  readonly fromMs: number;
  /** Whether spikes are recorded. */
  readonly wantsSpikes: boolean;
  readonly #wantsRates: boolean;

  /** Made by `brain.record(…)`. */
  constructor(host: RecordingHost, options: RecordOptions, stop: (recording: Recording) => void) {
    checkKeys("record", options as unknown, ["spikes", "v", "lfp", "rates", "weights", "everyMs"]);
    this.#host = host;
    this.fromMs = host.timeMs;
    this.#stop = stop;
    const program = host.program();
    const find = (name: string) => {
      const region = program.regions.find((r) => r.name === name);
      if (region) return region;
      throw new InputError(
        `record: no such region ${show(name)}; ${knownNames("regions", name, program.regions.map((r) => r.name))}`,
      );
    };
    const { spikes, v = {}, lfp = [], rates = false, weights = [], everyMs = 100 } = options;
    if (typeof rates !== "boolean") throw new InputError(`record: rates is ${show(rates)}; expected true or false`);
    if (typeof v !== "object" || v === null || Array.isArray(v)) {
      throw new InputError(`record: v is ${show(v)}; expected neurons by region, such as { cortex: [0, 1] }`);
    }
    this.wantsSpikes = Array.isArray(spikes) ? spikes.length > 0 : spikes === true;
    this.#regions = Array.isArray(spikes) ? spikes.map(find) : program.regions;
    this.requests = Object.entries(v).map(([name, neurons]) => {
      const { begin, end } = find(name);
      const indices = Uint32Array.from(
        neurons,
        (i) => begin + checkInteger(`record: v of region "${name}"`, i, 0, end - begin - 1),
      );
      return { array: "neuron.v", indices, everySteps: 1 };
    });
    for (const name of lfp) {
      if (!find(name).mechanisms.has("field")) {
        throw new InputError(`record: region "${name}" has no field; describe it with the option field`);
      }
      this.requests.push({ array: fieldOf(name), indices: Uint32Array.of(0), everySteps: 1 });
    }
    for (const request of this.requests) this.#samples.set(keyOf(request), { steps: [], values: [] });
    this.#weights = weights.map((name) => {
      const projection = host.projections.find((p) => p.name === name);
      if (projection) return projection;
      const known = host.projections.map((p) => p.name);
      throw new InputError(
        `record: no such projection ${show(name)}; ${knownNames("projections", name, known)}`,
      );
    });
    this.#wantsRates = rates;
    const every = checkNumber("record: everyMs", everyMs, host.dt, 1e9, "ms");
    this.everySteps = rates || weights.length > 0 ? Math.max(1, Math.round(every / host.dt)) : 0;
    this.#tracked = { steps: [], rates: [], weights: this.#weights.map(() => []) };
  }

  /**
   * Takes what the backend noted.
   * @internal
   */
  add({ step, neuron, samples }: Drained): void {
    if (this.wantsSpikes) {
      for (let k = 0; k < neuron.length; k++) {
        if (this.#regions.some((r) => neuron[k] >= r.begin && neuron[k] < r.end)) {
          this.#steps.push(step[k]);
          this.#neurons.push(neuron[k]);
        }
      }
    }
    for (const { request, steps, values } of samples) {
      if (!this.requests.includes(request)) continue;
      const kept = this.#samples.get(keyOf(request))!;
      for (const s of steps) kept.steps.push(s);
      for (const x of values) kept.values.push(x);
    }
  }

  /**
   * Notes rates and weights as they are before step `step`.
   * @internal
   */
  track(step: number): void {
    this.#tracked.steps.push(step);
    if (this.#wantsRates) {
      for (const region of this.#host.regions) {
        this.#tracked.rates.push(region.rates.reduce((a, b) => a + b, 0) / Math.max(1, region.neurons));
      }
    }
    this.#weights.forEach((projection, k) => {
      const { weights } = projection;
      if (this.#widths[k] !== undefined && this.#widths[k] !== weights.length) this.#widths[k] = null;
      else if (this.#widths[k] === undefined) this.#widths[k] = weights.length;
      if (this.#widths[k] !== null) { for (const w of weights) this.#tracked.weights[k].push(w); }
    });
  }

  /**
   * The spikes: of one region, with neurons counted within it, or of all recorded regions, with neurons counted over the
   * whole brain. A spike's time is the start of its step.
   */
  spikes(region?: string): SpikeTable {
    const within = region === undefined ? null : this.#regions.find((r) => r.name === region);
    if (within === undefined || !this.wantsSpikes) {
      throw new InputError(
        `the spikes of ${region === undefined ? "this brain" : `region ${show(region)}`} were not recorded`,
      );
    }
    const keep = this.#neurons.map((_, k) => k).filter((k) =>
      !within || (this.#neurons[k] >= within.begin && this.#neurons[k] < within.end)
    );
    return {
      neuron: Uint32Array.from(keep, (k) => this.#neurons[k] - (within?.begin ?? 0)),
      timeMs: Float64Array.from(keep, (k) => this.#steps[k] * this.#host.dt),
    };
  }

  /** Membrane potentials (mV) of a region's recorded neurons, one column each. */
  v(region: string): Series {
    const { begin, end } = this.#host.program().regions.find((r) => r.name === region) ??
      { begin: 0, end: 0 };
    const request = this.requests.find(({ array, indices }) =>
      array === "neuron.v" && indices[0] >= begin && indices[0] < end
    );
    if (!request) throw new InputError(`v of region ${show(region)} was not recorded`);
    return this.#sampled(request, Array.from(request.indices, (i) => String(i - begin)));
  }

  /** The proxy of the local field potential (mV/ms) of a region, one column. */
  lfp(region: string): Series {
    const request = this.requests.find(({ array }) => array === fieldOf(region));
    if (!request) throw new InputError(`the field of region ${show(region)} was not recorded`);
    return this.#sampled(request, [region]);
  }

  #sampled(request: SampleRequest, columns: string[]): Series {
    const { steps, values } = this.#samples.get(keyOf(request))!;
    return {
      timeMs: Float64Array.from(steps, (s) => (s + 1) * this.#host.dt),
      columns,
      values: Float32Array.from(values),
    };
  }

  /** Mean rates (Hz), one column a region. */
  rates(): Series {
    if (!this.#wantsRates) throw new InputError("rates were not recorded");
    return this.#series(this.#host.regions.map((r) => r.name), this.#tracked.rates);
  }

  /** Weights of a projection, one column a synapse, named by its index. */
  weights(projection: string): Series {
    const k = this.#weights.findIndex((p) => p.name === projection);
    if (k < 0) throw new InputError(`weights of projection ${show(projection)} were not recorded`);
    const { steps, weights } = this.#tracked, width = this.#widths[k];
    if (width === null) {
      throw new InputError(
        `weights of projection ${
          show(projection)
        } have no columns: synapses came and went meanwhile; leave them out, or record shorter runs`,
      );
    }
    const columns = Array.from({ length: steps.length > 0 ? width! : 0 }, (_, i) => String(i));
    return this.#series(columns, weights[k]);
  }

  #series(columns: string[], values: number[]): Series {
    return {
      timeMs: Float64Array.from(this.#tracked.steps, (s) => s * this.#host.dt),
      columns,
      values: Float32Array.from(values),
    };
  }

  /**
   * Forgets what was noted of a step and all later ones.
   * @internal for a run that was lost
   */
  forgetFrom(step: number): void {
    const before = (steps: readonly number[]) => steps.findIndex((s) => s >= step);
    const cut = (list: unknown[], at: number, width = 1) => at >= 0 && list.splice(at * width);
    const spikes = before(this.#steps);
    cut(this.#steps, spikes);
    cut(this.#neurons, spikes);
    for (const request of this.requests) {
      const { steps, values } = this.#samples.get(keyOf(request))!, at = before(steps);
      cut(steps, at);
      cut(values, at, request.indices.length);
    }
    // What is tracked was noted when that many steps were done.
    const at = this.#tracked.steps.findIndex((s) => s > step);
    cut(this.#tracked.steps, at);
    cut(this.#tracked.rates, at, this.#host.regions.length);
    this.#weights.forEach((_, k) => cut(this.#tracked.weights[k], at, this.#widths[k] ?? 0));
  }

  /** Ends the recording; what it holds stays. */
  stop(): this {
    this.#stop(this);
    return this;
  }
}

/** Name of the array with a region's field. */
function fieldOf(region: string): string {
  return `region.${region}.field.lfp`;
}

function keyOf({ array, indices }: SampleRequest): string {
  return `${array}:${indices.join()}`;
}
