/** A handle on one projection of a brain. */

import { DOPAMINE, gainNow, settle, settledWeight } from "../../kernels/reward.ts";
import { isLesioned, LESIONED } from "../../kernels/stdp.ts";
import { checkNumber } from "../biology/parameters.ts";
import type { Program, ProjectionProgram } from "../engine/program.ts";
import { InputError, show } from "../state/errors.ts";
import type { ResolvedProjection } from "./spec.ts";

/** Synapses as plain columns. */
export interface SynapseTable {
  /** Source neuron, counted within its region. */
  pre: Uint32Array;
  /** Target neuron, counted within its region. */
  post: Uint32Array;
  /** Magnitude of the weight. */
  weight: Float32Array;
  /** Axonal delay, ms. */
  delay: Float32Array;
}

/** One projection: what it is, and its synapses. Obtained from `brain.projection(…)`. */
export class Projection {
  readonly #program: () => Program;
  readonly #touched: (...names: string[]) => void;

  /**
   * Made by the brain.
   * @param touched learns that arrays were changed
   */
  constructor(
    readonly spec: Readonly<ResolvedProjection>,
    program: () => Program,
    touched: (...names: string[]) => void,
  ) {
    this.#program = program;
    this.#touched = touched;
  }

  /** Its name, by default `from->to`. */
  get name(): string {
    return this.spec.name;
  }

  #linked(): ProjectionProgram {
    return this.#program().projections.find((p) => p.name === this.spec.name)!;
  }

  /** Number of synapses; a uniform projection connects all pairs without storing any. */
  get synapses(): number {
    const { layout, weight, out } = this.#linked();
    return layout === "uniform" ? this.#sources() * out.length - this.#selfPairs() : weight.length;
  }

  #sources(): number {
    const program = this.#program(), p = this.#linked();
    const region = program.regions[p.firstPopulation >> 1];
    const bounds = [region.begin, region.split, region.end];
    return bounds[p.endPopulation - (p.firstPopulation & ~1)] - p.begin;
  }

  #selfPairs(): number {
    return this.#linked().self < 0 ? 0 : this.#sources();
  }

  /**
   * The weights as they are now, in the order of {@linkcode synapseTable} (dense: row by row; uniform: the one weight).
   * A copy: what reward has changed up to now is included, and reading changes nothing.
   */
  get weights(): Float32Array {
    const { layout, weight, plasticity } = this.#linked();
    const rewarded = plasticity?.synapses.rewarded;
    if (!rewarded) return layout === "dense" ? weight.map((w) => Math.max(0, w)) : weight.slice();
    const gain = gainNow(plasticity.reward!.dopamine);
    return Float32Array.from(weight, (_, k) => settledWeight(rewarded, k, gain));
  }

  /**
   * Sets weights: all of them, in the order of {@linkcode weights}, or some by index. What reward has changed up to now is
   * settled first; eligibilities and traces stay, so a synapse goes on learning from what it has seen. A lesioned synapse
   * of a dense projection stays lesioned at zero; a weight above zero brings it back.
   * @param weights magnitudes from 0, up to `weightMax` where the projection learns
   * @throws {InputError} for a list of another length, an unknown index, or a weight outside its range; nothing is set then
   *
   * @example
   * ```ts
   * import { Brain } from "../../mod.ts";
   * const brain = new Brain({ seed: 1 });
   * brain.addRegion("cortex", "association", { neurons: 100 });
   * const projection = brain.connect("cortex", "cortex", { outDegree: 10, weight: 1 });
   * projection.setWeights({ 7: 0 });
   * projection.setWeights(projection.weights.map((w) => w / 2));
   * console.assert(projection.weights[7] === 0 && projection.weights[8] === 0.5);
   * ```
   */
  setWeights(weights: ArrayLike<number> | Readonly<Record<number, number>>): void {
    const { weight, plasticity } = this.#linked(), what = `Cannot set weights of "${this.name}"`, n = weight.length;
    if (typeof weights !== "object" || weights === null) {
      throw new InputError(`${what}: weights are ${show(weights)}; expected a list, or an object of weights by index`);
    }
    const length = "length" in weights ? weights.length : n;
    if (length !== n) {
      throw new InputError(`${what}: ${length} weights for ${n} synapses; give one a synapse, or some by index`);
    }
    const given = Object.entries(weights).map(([key, value]) => {
      const index = Number(key);
      if (!Number.isInteger(index) || index < 0 || index >= n || String(index) !== key) {
        throw new InputError(`${what}: no synapse ${show(key)}; expected an index from 0 to ${n - 1}`);
      }
      return [index, checkNumber(`${what}: weight ${key}`, value, 0, plasticity?.synapses.weightMax ?? 1e6)];
    });
    const rewarded = plasticity?.synapses.rewarded, gain = rewarded ? gainNow(plasticity.reward!.dopamine) : 0;
    this.#touched(); // refused while a run is under way elsewhere
    for (const [index, value] of given) {
      if (rewarded) settle(rewarded, index, index + 1, gain);
      weight[index] = value || (isLesioned(weight[index]) ? LESIONED : 0);
    }
    this.#touched(`projection.${this.name}.weight`, ...rewarded ? [`projection.${this.name}.settled`] : []);
  }

  /** Dopamine of a projection under reward; undefined for others. */
  get dopamine(): number | undefined {
    return this.#linked().plasticity?.reward?.dopamine[DOPAMINE.level];
  }

  /** Whether something changes the weights (plasticity, or scaling of the target region) and is not frozen. */
  get plastic(): boolean {
    return this.#linked().enabled?.[0] === 1;
  }

  /** All synapses as columns; a uniform projection has none stored and gives empty columns. */
  synapseTable(): SynapseTable {
    const program = this.#program(), p = this.#linked(), { dt } = program;
    const weight = p.layout === "uniform" ? new Float32Array(0) : this.weights;
    const pre = new Uint32Array(weight.length), post = new Uint32Array(weight.length);
    const delay = new Float32Array(weight.length);
    const offset = p.begin - program.regions[p.firstPopulation >> 1].begin;
    if (p.rows) {
      const { delays, rowStart, target } = p.rows;
      for (let row = 0; row + 1 < rowStart.length; row++) {
        for (let k = rowStart[row]; k < rowStart[row + 1]; k++) {
          pre[k] = offset + Math.floor(row / delays);
          delay[k] = p.delays[row % delays] * dt;
        }
      }
      post.set(target);
    } else {
      for (let k = 0; k < weight.length; k++) {
        pre[k] = offset + Math.floor(k / p.out.length);
        post[k] = k % p.out.length;
        delay[k] = p.delays[0] * dt;
      }
    }
    return { pre, post, weight, delay };
  }
}
