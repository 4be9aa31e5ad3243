/** Spikes since the last look, as growing columns: what a backend hands over when it is drained. */

import { boundariesOf, type Program } from "./program.ts";

/** Spikes in order of time, then of neuron. */
export interface Spikes {
  step: Uint32Array;
  neuron: Uint32Array;
}

/** Collects spikes. */
export class SpikeLog {
  #step = new Uint32Array(1024);
  #neuron = new Uint32Array(1024);
  #length = 0;

  /** Takes the spikes that a program's ring holds of a step. */
  addStep(program: Program, step: number): void {
    const { slots, neurons, spikes: { ring, start } } = program;
    const slot = step % slots, first = slot * neurons, end = start[(slot + 1) * boundariesOf(program) - 1];
    const at = this.#grow(end - first);
    this.#neuron.set(ring.subarray(first, end), at);
    this.#step.fill(step, at, this.#length);
  }

  /** Takes spikes of later steps. */
  add({ step, neuron }: Spikes): void {
    const at = this.#grow(step.length);
    this.#step.set(step, at);
    this.#neuron.set(neuron, at);
  }

  /** Makes room for so many; where they begin. */
  #grow(count: number): number {
    const at = this.#length, need = at + count;
    if (need > this.#step.length) {
      const size = Math.max(need, 2 * this.#step.length);
      this.#step = grown(this.#step, size);
      this.#neuron = grown(this.#neuron, size);
    }
    this.#length = need;
    return at;
  }

  /** Hands over all, and forgets them. */
  take(): Spikes {
    const taken = { step: this.#step.slice(0, this.#length), neuron: this.#neuron.slice(0, this.#length) };
    this.#length = 0;
    return taken;
  }
}

function grown(old: Uint32Array, size: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(size);
  larger.set(old);
  return larger;
}
