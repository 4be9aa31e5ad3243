/** Shows samples to a brain that stays as it is. */

import type { Brain } from "../brain/brain.ts";
import type { StimulusOptions } from "../brain/encode.ts";
import { InputError } from "../state/errors.ts";

/** How a sample is shown, and what of the answer counts. */
export interface Presentation {
  /** The region that is stimulated. */
  stimulate: string;
  /** How; as for {@linkcode Brain.stimulate}. */
  stimulus?: StimulusOptions;
  /** How long each sample is shown, ms, rounded to whole steps. */
  durationMs: number;
  /** The region, or regions, of which spikes are counted. */
  count: string | readonly string[];
}

/** Most steps of one sample: spikes are counted in 16 bits. */
const MOST_STEPS = 2 ** 16 - 1;

/**
 * What a presentation means to a brain: its steps, the counted regions, and places of neurons in these.
 * @throws {InputError} for an unknown region, a duration of no step or of too many, or a brain that sleeps
 */
export function planOf(
  brain: Brain,
  presentation: Presentation,
): { steps: number; regions: string[]; neurons: number } {
  const { stimulate, durationMs, count } = presentation, regions = [count].flat(), what = "Cannot respond";
  brain.region(stimulate);
  if (regions.length === 0) {
    throw new InputError(`${what}: count names no region; give those whose spikes are asked for`);
  }
  if (brain.asleep) throw new InputError(`${what}: the brain sleeps, and nothing reaches it; wake it first`);
  const steps = Math.round(durationMs / brain.dt);
  if (!(steps >= 1 && steps <= MOST_STEPS)) {
    throw new InputError(`${what}: durationMs is ${durationMs}; expected 1 to 65,535 steps of ${brain.dt} ms`);
  }
  // Places: of the living, the dead, and those that are not born yet.
  return { steps, regions, neurons: regions.reduce((sum, name) => sum + brain.region(name).spikeCounts.length, 0) };
}

/** A frozen copy of a brain, and another that meets each sample in its state. */
export class Presenter implements Disposable {
  readonly #before: Uint32Array[];

  private constructor(
    readonly still: Brain,
    readonly shown: Brain,
    readonly presentation: Presentation,
    readonly plan: ReturnType<typeof planOf>,
  ) {
    this.#before = plan.regions.map((name) => still.region(name).spikeCounts);
  }

  /** @throws {InputError} for what {@linkcode planOf} refuses */
  static async create(brain: Brain, presentation: Presentation): Promise<Presenter> {
    const plan = planOf(brain, presentation), still = brain.clone(), shown = brain.clone();
    still.freezePlasticity();
    still.freezeStructure();
    still.clearStimulus();
    still.resetActivity();
    still.resetTraces();
    await shown.moveTo({ backend: brain.backend });
    return new Presenter(still, shown, presentation, plan);
  }

  /**
   * Spikes of the counted neurons in answer to sample number k.
   * @throws {InputError} with its number, when it cannot be shown
   */
  async show(values: ArrayLike<number> | undefined, k: number): Promise<Uint16Array> {
    const { shown, plan: { steps, regions, neurons }, presentation: { stimulate, stimulus } } = this;
    shown.copyFrom(this.still);
    try {
      if (values === undefined) throw new InputError("there is none");
      shown.stimulate(stimulate, values, stimulus);
    } catch (error) {
      throw error instanceof InputError ? new InputError(`Cannot respond to sample ${k}: ${error.message}`) : error;
    }
    await shown.run(steps);
    const spikes = new Uint16Array(neurons);
    let at = 0;
    regions.forEach((name, r) => {
      shown.region(name).spikeCounts.forEach((n, k) => spikes[at++] = n - this.#before[r][k]);
    });
    return spikes;
  }

  [Symbol.dispose](): void {
    this.shown.close();
  }
}
