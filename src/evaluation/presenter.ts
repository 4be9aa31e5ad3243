/** Shows samples to a brain that stays as it is. */

import type { Brain } from "../brain/brain.ts";
import type { StimulusOptions } from "../brain/encode.ts";
import { InputError } from "../state/errors.ts";

/** How a sample is shown, and what of the answer counts. */
export interface Presentation {
  /** The region that is stimulated, and how. */
  stimulate: string;
  stimulus?: StimulusOptions;
  /** How long each sample is shown, ms. */
  durationMs: number;
  /** Regions of which spikes are counted. */
  count: string | readonly string[];
}

/** A frozen copy of a brain, and another that meets each sample in its state. */
export class Presenter implements Disposable {
  readonly #still: Brain;
  readonly #shown: Brain;
  readonly #regions: readonly string[];
  readonly #before: Uint32Array[];

  private constructor(still: Brain, shown: Brain, readonly presentation: Presentation, readonly steps: number) {
    this.#still = still;
    this.#shown = shown;
    this.#regions = [presentation.count].flat();
    this.#before = this.#regions.map((name) => still.region(name).spikeCounts);
  }

  /** @throws {InputError} for an unknown region, or a duration of no step or of more than 65,535 */
  static async create(brain: Brain, presentation: Presentation): Promise<Presenter> {
    const steps = Math.round(presentation.durationMs / brain.dt);
    if (!(steps >= 1 && steps < 2 ** 16)) {
      throw new InputError(
        `Cannot respond: durationMs is ${presentation.durationMs}; expected 1 to 65,535 steps of ${brain.dt} ms`,
      );
    }
    const still = brain.clone(), shown = brain.clone();
    still.freezePlasticity();
    still.freezeStructure();
    still.clearStimulus();
    still.resetActivity();
    still.resetTraces();
    await shown.moveTo({ backend: brain.backend });
    return new Presenter(still, shown, presentation, steps);
  }

  /** Neurons of the counted regions. */
  get neurons(): number {
    return this.#before.reduce((sum, { length }) => sum + length, 0);
  }

  /** Spikes of these in answer to a sample. */
  async show(values: ArrayLike<number>): Promise<Uint16Array> {
    const { stimulate, stimulus } = this.presentation, shown = this.#shown, spikes = new Uint16Array(this.neurons);
    shown.copyFrom(this.#still);
    shown.stimulate(stimulate, values, stimulus);
    await shown.run(this.steps);
    let at = 0;
    this.#regions.forEach((name, r) => {
      const before = this.#before[r];
      shown.region(name).spikeCounts.forEach((n, k) => spikes[at++] = n - before[k]);
    });
    return spikes;
  }

  [Symbol.dispose](): void {
    this.#shown.close();
  }
}
