/** A handle on one region of a brain. */

import { decayBetweenSteps } from "../../kernels/traces.ts";
import { checkKeys } from "../biology/parameters.ts";
import type { Program, RegionProgram } from "../engine/program.ts";
import type { Projection } from "./projection.ts";
import type { ProjectionSpec, ResolvedRegion } from "./spec.ts";

/** What a region asks of its brain. */
export interface RegionHost {
  /** Steps so far. */
  readonly stepCount: number;
  /** Adds a projection. */
  connect(from: string, to: string, options: Omit<ProjectionSpec, "from" | "to">): Projection;
}

/** One region: what it is, and its neurons. Obtained from `brain.region(…)`. */
export class Region {
  readonly #program: () => Program;
  readonly #brain: RegionHost;

  /** Made by the brain. */
  constructor(readonly spec: Readonly<ResolvedRegion>, program: () => Program, brain: RegionHost) {
    this.#program = program;
    this.#brain = brain;
  }

  /** Its name. */
  get name(): string {
    return this.spec.name;
  }

  /** Number of neurons. */
  get neurons(): number {
    return this.spec.neurons;
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
    const now = decayBetweenSteps(rateClock, this.#brain.stepCount);
    return rate.slice(begin, end).map((stored) => stored * now);
  }

  /**
   * Lets every spike of the region inhibit all its other neurons alike: a conductance (reversal −85 mV, τ 12 ms) for
   * which no synapses are stored.
   * @throws {InputError} when the brain has run already, or the weight is refused
   */
  addLateralInhibition(options: { weight?: number; delay?: number } = {}): Projection {
    checkKeys(`Cannot add lateral inhibition to "${this.name}"`, options as unknown, ["weight", "delay"]);
    return this.#brain.connect(this.name, this.name, {
      weight: 1,
      ...options,
      ...LATERAL,
      name: `${this.name}-|${this.name}-lateral`,
    });
  }
}

/** A projection that stands for interneurons that are not simulated: all neurons inhibit, uniformly. */
export const LATERAL = {
  transmitter: "gaba",
  source: "all",
  layout: "uniform",
  receptor: "lateral",
} as const satisfies Partial<ProjectionSpec>;
