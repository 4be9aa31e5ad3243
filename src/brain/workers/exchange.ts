/**
 * Where workers tell each other their spikes, once a step. There are two places for each worker, used in turn: who is a
 * step ahead writes where nobody reads any more, and cannot be two steps ahead.
 */

import { boundariesOf, type Program, type Range } from "../../engine/program.ts";

/** Words between two workers' counters: each has a line of the cache to itself. */
const STRIDE = 16;
/** Looks at another worker's counter before going to sleep, when every worker may have a core. */
const SPINS = 12000;
/** Longest sleep without asking whether the others still live, ms. */
const PATIENCE_MS = 200;

/** Bytes for the exchange of workers with these neurons. */
export function exchangeBytes(bounds: readonly number[], populations: number): number {
  const workers = bounds.length - 1, neurons = bounds[workers];
  return 4 * (STRIDE * (workers + 1) + 2 * (workers * populations + neurons));
}

/** One worker's end. */
export class Exchange {
  readonly #words: Int32Array;
  readonly #workers: number;
  readonly #populations: number;
  readonly #spins: number;
  #turn = 0;

  /**
   * @param bounds where each worker's neurons begin, and the end
   * @param me index of this worker
   */
  constructor(
    shared: SharedArrayBuffer,
    private readonly bounds: readonly number[],
    private readonly me: number,
    private readonly program: Program,
  ) {
    this.#words = new Int32Array(shared);
    this.#workers = bounds.length - 1;
    this.#populations = boundariesOf(program) - 1;
    this.#spins = navigator.hardwareConcurrency >= this.#workers ? SPINS : 0;
  }

  /** Where a worker's numbers of spikes by population lie, this turn, and its list after them. */
  #placeOf(worker: number): number {
    const half = this.#workers * this.#populations + this.bounds[this.#workers];
    const before = worker * this.#populations + this.bounds[worker];
    return STRIDE * (this.#workers + 1) + this.#turn % 2 * half + before;
  }

  /** Tells the others this worker's spikes of a step, waits for theirs, and lists all in the program's ring. */
  swap(step: number): void {
    this.#turn++;
    this.#tell(step);
    for (let w = 0; w < this.#workers; w++) if (w !== this.me) this.#waitFor(w);
    this.#merge(step);
  }

  #tell(step: number): void {
    const { slots, spikes: { ring, start } } = this.program, words = this.#words;
    const row = step % slots * (this.#populations + 1), counts = this.#placeOf(this.me);
    let at = counts + this.#populations;
    for (let p = 0; p < this.#populations; p++) {
      words[counts + p] = start[row + p + 1] - start[row + p];
      for (let s = start[row + p]; s < start[row + p + 1]; s++) words[at++] = ring[s];
    }
    Atomics.store(words, STRIDE * this.me, this.#turn);
    Atomics.notify(words, STRIDE * this.me);
  }

  #waitFor(worker: number): void {
    const words = this.#words, at = STRIDE * worker, stop = STRIDE * this.#workers;
    for (let spins = 0;; spins++) {
      const turn = Atomics.load(words, at);
      if (turn >= this.#turn) return;
      if (spins < this.#spins) continue;
      if (Atomics.load(words, stop) !== 0) throw new Error("another worker has failed");
      Atomics.wait(words, at, turn, PATIENCE_MS);
    }
  }

  #merge(step: number): void {
    const { slots, neurons, spikes: { ring, start } } = this.program, words = this.#words;
    const row = step % slots * (this.#populations + 1), place: number[] = [], list: number[] = [];
    for (let w = 0; w < this.#workers; w++) {
      place.push(this.#placeOf(w));
      list.push(place[w] + this.#populations);
    }
    let count = step % slots * neurons;
    for (let p = 0; p < this.#populations; p++) {
      start[row + p] = count;
      for (let w = 0; w < this.#workers; w++) {
        for (let left = words[place[w] + p]; left > 0; left--) ring[count++] = words[list[w]++];
      }
    }
    start[row + this.#populations] = count;
  }
}

/** Lets workers that wait give up. */
export function abandon(shared: SharedArrayBuffer, workers: number): void {
  Atomics.store(new Int32Array(shared), STRIDE * workers, 1);
}

/** Neurons of a worker. */
export function rangeOf(bounds: readonly number[], worker: number): Range {
  return [bounds[worker], bounds[worker + 1]];
}
