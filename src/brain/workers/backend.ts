/** The CPU backend on several cores: one brain, byte for byte as on one. How it is divided: src/brain/workers/partition.ts. */

import type { Backend, BackendInfo, Drained, RunInput, Samples } from "../../engine/backend.ts";
import { boundariesOf, type Program } from "../../engine/program.ts";
import { SpikeLog } from "../../engine/spike_log.ts";
import type { AnyArray, ArrayInfo, Arrays } from "../../state/arrays.ts";
import { abandon, exchangeBytes, rangeOf } from "./exchange.ts";
import { canSpread, type Kept, keptSynapses, partition, partOf, partsOf, putBack } from "./partition.ts";

/** What a worker is told to do; it answers each order, in turn. */
export type Order =
  | {
    kind: "load";
    description: unknown;
    me: number;
    bounds: number[];
    shared: SharedArrayBuffer;
    parts: { info: ArrayInfo; data: AnyArray | null }[];
  }
  | { kind: "write"; name: string; data: AnyArray }
  | { kind: "read"; names: string[] }
  | { kind: "run"; from: number; steps: number; input: RunInput };

/** What it answers. */
export type Answer = { ok: true; value: unknown } | { ok: false; message: string };

/** Runs one brain on several cores. */
export class WorkersBackend implements Backend {
  readonly info: BackendInfo;
  readonly #workers: number;
  readonly #script: URL;
  #pool: Hand[] = [];
  #arrays: Arrays | null = null;
  #bounds: number[] = [];
  #kept: Kept[] = [];
  readonly #log = new SpikeLog();
  #samples: Samples[] = [];
  #shared = new SharedArrayBuffer(0);
  #closed = false;

  /**
   * @param workers their number
   * @param script what each of them runs
   */
  constructor(workers: number, script: URL = new URL("./worker.ts", import.meta.url)) {
    this.#workers = workers;
    this.#script = script;
    this.info = {
      name: "cpu",
      adapter: `typed arrays, ${workers} workers`,
      precision: "f32 state, f32 and f64 arithmetic",
    };
  }

  supports(program: Program): true | string {
    return canSpread(program);
  }

  async load(program: Program): Promise<void> {
    this.#arrays = program.arrays;
    const bounds = this.#bounds = partition(program, this.#workers);
    this.#kept = Array.from({ length: this.#workers }, (_, w) => keptSynapses(program, rangeOf(bounds, w)));
    this.#shared = new SharedArrayBuffer(exchangeBytes(bounds, boundariesOf(program) - 1));
    while (this.#pool.length < this.#workers) {
      this.#pool.push(new Hand(this.#script, () => abandon(this.#shared, this.#workers)));
    }
    await this.#all((me) => ({
      kind: "load",
      description: program.description,
      me,
      bounds,
      shared: this.#shared,
      parts: partsOf(program.arrays, this.#kept[me]),
    }));
  }

  async run(from: number, steps: number, { recordSpikes = false, samples = [] }: RunInput = {}): Promise<void> {
    const { requests, merge } = this.#divide(samples);
    const drained = await this.#all((me) => ({
      kind: "run",
      from,
      steps,
      input: { recordSpikes: recordSpikes && me === 0, samples: requests[me] },
    })) as Drained[];
    if (recordSpikes) this.#log.add(drained[0]);
    this.#samples.push(...merge(drained));
  }

  /** Asks each worker for the samples of its own neurons, and the first one for all others. */
  #divide(samples: NonNullable<RunInput["samples"]>) {
    const ownerOf = (array: string, index: number) => {
      const { ofNeurons } = this.#arrays!.entry(array);
      return ofNeurons === undefined ? 0 : this.#bounds.findLastIndex((begin) => begin <= ofNeurons + index);
    };
    const owners = samples.map(({ array, indices }) => Array.from(indices, (index) => ownerOf(array, index)));
    const requests = this.#pool.map((_, me) =>
      samples.map((request, r) => ({ ...request, indices: request.indices.filter((_, k) => owners[r][k] === me) }))
    );
    const merge = (drained: Drained[]) =>
      samples.map((request, r): Samples => {
        const parts = drained.map(({ samples }) => samples[r]), next = parts.map(() => 0), { steps } = parts[0];
        const values = steps.flatMap(() => owners[r].map((me) => parts[me].values[next[me]++]));
        return { request, steps, values };
      });
    return { requests, merge };
  }

  drain(): Drained {
    const drained = { ...this.#log.take(), samples: this.#samples };
    this.#samples = [];
    return drained;
  }

  async read(names: readonly string[]): Promise<void> {
    const entries = names.map((name) => this.#arrays!.entry(name));
    const divided = ({ perSynapse, ofNeurons }: ArrayInfo) => perSynapse || ofNeurons !== undefined;
    const wanted = this.#pool.map((_, me) => entries.filter((entry) => me === 0 || divided(entry)));
    const parts = await this.#all((me) => ({
      kind: "read",
      names: wanted[me].map(({ name }) => name),
    })) as AnyArray[][];
    for (const [me, list] of parts.entries()) {
      list.forEach((part, k) => putBack(wanted[me][k], part, this.#kept[me], rangeOf(this.#bounds, me)));
    }
  }

  async write(name: string, data: AnyArray): Promise<void> {
    const entry = this.#arrays!.entry(name);
    await this.#all((me) => ({ kind: "write", name, data: partOf(entry, data, this.#kept[me]) }));
  }

  close(): void {
    this.#closed = true;
    for (const hand of this.#pool) hand.close();
    this.#pool = [];
  }

  /** Gives every worker an order; their answers. */
  async #all(order: (me: number) => Order): Promise<unknown[]> {
    if (this.#closed) throw new Error("the workers of this brain are closed; give it others with moveTo");
    return await Promise.all(this.#pool.map((hand, me) => hand.ask(order(me))));
  }
}

/** One worker, from outside. */
class Hand {
  readonly #worker: Worker;
  readonly #waiting: { resolve(value: unknown): void; reject(error: Error): void }[] = [];
  /** Why it answers no more. */
  #lost: Error | null = null;

  /**
   * @param script what it runs
   * @param failed what else to do when the worker fails
   */
  constructor(script: URL, private readonly failed: () => void) {
    this.#worker = new Worker(script, { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.shift();
      if (!waiting) return; // lost already
      const { resolve, reject } = waiting;
      if (data.ok) return resolve(data.value);
      this.failed();
      reject(new Error(data.message));
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.failed();
      this.#lose(new Error(`a worker failed: ${event.message}`));
    };
  }

  /** Nobody waits for an answer that will not come. */
  #lose(error: Error): void {
    this.#lost = error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  ask(order: Order): Promise<unknown> {
    if (this.#lost) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(order);
    });
  }

  close(): void {
    this.#worker.terminate();
    this.#lose(new Error("the workers of this brain were closed"));
  }
}
