/** A handle on one region of a brain. */

import { decayBetweenSteps } from "../../kernels/traces.ts";
import { NEURON_RANGE, type NeuronParameters } from "../biology/neuron.ts";
import { checkKeys, checkNumber } from "../biology/parameters.ts";
import type { Program, RegionProgram } from "../engine/program.ts";
import { InputError } from "../state/errors.ts";
import { recoveryOf } from "./build.ts";
import type { Projection } from "./projection.ts";
import type { ProjectionSpec, RegionSpec, ResolvedRegion } from "./spec.ts";

/** What a region asks of its brain. */
export interface RegionHost {
  brain: {
    /** Steps so far. */
    readonly stepCount: number;
    /** Adds a projection. */
    connect(from: string, to: string, options: Omit<ProjectionSpec, "from" | "to">): Projection;
  };
  /** Gives the region a morphology. */
  enableMorphology(spec: NonNullable<RegionSpec["morphology"]>): void;
  /** Whether the brain is built. */
  built(): boolean;
  /** Learns that arrays were changed. */
  touched(...names: string[]): void;
}

/** One region: what it is, and its neurons. Obtained from `brain.region(…)`. */
export class Region {
  readonly #program: () => Program;
  readonly #host: RegionHost;

  /** Made by the brain. */
  constructor(readonly spec: Readonly<ResolvedRegion>, program: () => Program, host: RegionHost) {
    this.#program = program;
    this.#host = host;
  }

  /** Its name. */
  get name(): string {
    return this.spec.name;
  }

  /** Number of living neurons. */
  get neurons(): number {
    if (!this.#host.built()) return this.spec.neurons;
    const { begin, end } = this.#linked();
    return this.#program().alive.subarray(begin, end).reduce((n, alive) => n + alive, 0);
  }

  #linked(): RegionProgram {
    return this.#program().regions.find((r) => r.name === this.spec.name)!;
  }

  /** Range of its neurons in the index space of the whole brain: [first, end). */
  get range(): [number, number] {
    const { begin, end } = this.#linked();
    return [begin, end];
  }

  /** Membrane potentials, mV (a copy). */
  get v(): Float32Array {
    const { begin, end } = this.#linked();
    return this.#program().membranes.v.slice(begin, end);
  }

  /** Spikes of each neuron since the beginning (a copy). */
  get spikeCounts(): Uint32Array {
    const { begin, end } = this.#linked();
    return this.#program().activity.count.slice(begin, end);
  }

  /** Running rate of each neuron, Hz: exponential average over the last second. */
  get rates(): Float32Array {
    const { begin, end } = this.#linked(), { rate, rateClock } = this.#program().activity;
    const now = decayBetweenSteps(rateClock, this.#host.brain.stepCount);
    return rate.slice(begin, end).map((stored) => stored * now);
  }

  /** Injected current of each neuron, mV/ms (a copy). */
  get current(): Float32Array {
    const { begin, end } = this.#linked();
    return this.#program().current.slice(begin, end);
  }

  /** Whether each neuron lives (a copy): 1, or 0 where none is born yet or one has died. */
  get alive(): Uint8Array {
    const { begin, end } = this.#linked();
    return this.#program().alive.slice(begin, end);
  }

  /** Where the neurons lie, mm (a copy): x, y, z of each; undefined for a region without positions. */
  get positions(): Float32Array | undefined {
    const name = `region.${this.name}.position`, { arrays } = this.#program();
    return arrays.has(name) ? arrays.get(name, "f32").slice() : undefined;
  }

  /**
   * Sets neuron parameters one by one: a, b, c or d, one number a neuron.
   * @throws {InputError} for a list of another length, or a value outside its range
   */
  setParameters(parameters: { [K in keyof NeuronParameters]?: ArrayLike<number> }): void {
    const { begin, end, source } = this.#linked(), program = this.#program();
    const what = `Cannot set parameters of "${this.name}"`;
    if (source) throw new InputError(`${what}: input lines have no membrane`);
    checkKeys(what, parameters as unknown, Object.keys(NEURON_RANGE));
    const lists = Object.entries(parameters) as [keyof NeuronParameters, ArrayLike<number>][];
    for (const [key, values] of lists) {
      if (values.length !== end - begin) {
        throw new InputError(`${what}: ${values.length} values of ${key} for ${end - begin} neurons`);
      }
      const { min, max, unit } = NEURON_RANGE[key];
      for (let k = 0; k < values.length; k++) checkNumber(`${what}: ${key}[${k}]`, values[k], min, max, unit);
    }
    this.#host.touched(); // refused while a run is under way elsewhere
    for (const [key, values] of lists) program.membranes[key].set(values, begin);
    const { a, recovery } = program.membranes;
    for (let i = begin; i < end; i++) recovery[i] = recoveryOf(a[i], program.dt);
    this.#host.touched(...lists.map(([key]) => `neuron.${key}`), "neuron.recovery");
  }

  /**
   * Lets every spike of the region inhibit all its other neurons alike, or those of its group: a conductance (reversal
   * −85 mV, τ 12 ms) for which no synapses are stored.
   * @throws {InputError} when the brain has run already, or the weight is refused
   */
  addLateralInhibition(options: { weight?: number; delay?: number; withinGroups?: boolean } = {}): Projection {
    const known = ["weight", "delay", "withinGroups"];
    checkKeys(`Cannot add lateral inhibition to "${this.name}"`, options as unknown, known);
    return this.#host.brain.connect(this.name, this.name, {
      weight: 1,
      ...options,
      ...LATERAL,
      name: `${this.name}-|${this.name}-lateral`,
    });
  }

  /**
   * Gives the region's neurons dendrites, or other ones than they had: a template by name, a tree of one's own (see
   * `parseSwc` for reconstructed neurons), or either with cable parameters and a mode. Projections that are
   * connected afterwards may sit on its compartments.
   * @param spec default: the template `pyramidal`, every compartment with a potential of its own
   * @throws {InputError} when the brain is built already, for input lines, or when the morphology is refused
   *
   * @example
   * ```ts
   * import { Brain } from "../../mod.ts";
   * const brain = new Brain();
   * brain.addRegion("eye", "input", { neurons: 20 });
   * const cortex = brain.addRegion("cortex", "association", { neurons: 50 });
   * cortex.enableMorphology({ template: "pyramidal", mode: "attenuation" });
   * brain.connect("eye", "cortex", { density: 0.3, receptor: "ampa", compartment: "tuft" });
   * ```
   */
  enableMorphology(spec: NonNullable<RegionSpec["morphology"]> = true): void {
    this.#host.enableMorphology(spec);
  }
}

/** A projection that stands for interneurons that are not simulated: all neurons inhibit, uniformly. */
export const LATERAL = {
  transmitter: "gaba",
  source: "all",
  layout: "uniform",
  receptor: "lateral",
} as const satisfies Partial<ProjectionSpec>;
