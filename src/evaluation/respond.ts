/** What a brain answers to many samples, on one core or on several. How one is shown: src/evaluation/presenter.ts. */

import { checkInteger, checkKeys } from "../biology/parameters.ts";
import type { Brain } from "../brain/brain.ts";
import { encodeSnapshot } from "../snapshot/snapshot.ts";
import { InputError } from "../state/errors.ts";
import { planOf, type Presentation, Presenter } from "./presenter.ts";

/** Samples, by their number: an array, or what makes each when it is asked for. */
export interface Samples {
  /** How many there are. */
  readonly length: number;
  /** Values for the stimulated region, as for {@linkcode Brain.stimulate}. */
  at(k: number): ArrayLike<number> | undefined;
}

/** How samples are shown, and where. */
export interface RespondOptions extends Presentation {
  /**
   * Cores of the CPU that share the samples (default 1); answers do not depend on it. Each takes some tenths of a second to
   * start: it pays where one core would need more than a second.
   */
  workers?: number;
  /** Is told the share of samples that are done. */
  progress?: (share: number) => void;
}

/** Samples that a worker gets at once, and most workers. */
const BUNDLE = 32, MOST_WORKERS = 64;

/** What a worker is sent: once a brain, then samples, of which the first has a number. */
export type Order = BrainOrder | { kind: "samples"; samples: (ArrayLike<number> | undefined)[]; first: number };

interface BrainOrder {
  kind: "brain";
  snapshot: Uint8Array;
  presentation: Presentation;
}

/** What it answers to samples: spikes, one row a sample. */
export type Answer = { ok: true; spikes: Uint16Array } | { ok: false; message: string; refused: boolean };

/**
 * Spikes of each neuron in answer to samples. Every sample meets the same frozen copy of the brain, at rest: neither their order nor
 * their number nor that of the workers matters, equal samples are answered alike (also where spikes are random), and the brain is as
 * before. Currents that were injected go on.
 *
 * @example
 * ```ts
 * import { Brain, respond } from "./mod.ts";
 * const brain = new Brain({ seed: 1 });
 * brain.addRegion("in", "input", { neurons: 10 });
 * brain.addRegion("out", "association", { neurons: 20 });
 * brain.connect("in", "out", { density: 1, weight: 20 });
 * const samples = [new Array(10).fill(0), new Array(10).fill(1)];
 * const spikes = await respond(brain, samples, { stimulate: "in", count: "out", durationMs: 100 });
 * const [dark, bright] = [spikes.subarray(0, 20), spikes.subarray(20)].map((row) => row.reduce((a, b) => a + b));
 * console.log(dark < bright); // true
 * ```
 * @returns one row a sample: the spikes of each neuron of the counted regions, in their order; none where a neuron is dead or not born
 * @throws {InputError} for an unknown option or region, a duration of no step or of more than 65,535, a sample that cannot be
 * shown (with its number; with several workers, one of these), a brain that sleeps, or workers beside a GPU
 */
export async function respond(brain: Brain, samples: Samples, options: RespondOptions): Promise<Uint16Array> {
  checkKeys("Cannot respond", { ...options }, ["stimulate", "stimulus", "durationMs", "count", "workers", "progress"]);
  const { workers = 1, progress = () => {}, ...presentation } = options, { length } = samples;
  checkInteger("Cannot respond: workers", workers, 1, MOST_WORKERS);
  if (workers > 1 && brain.backend !== "cpu") {
    throw new InputError("Cannot respond: workers are cores of the CPU; leave them out, or move the brain there");
  }
  const { neurons } = planOf(brain, presentation), spikes = new Uint16Array(length * neurons);
  const hands = Math.min(workers, Math.ceil(length / BUNDLE));
  if (hands > 1) {
    const order: BrainOrder = { kind: "brain", snapshot: encodeSnapshot(brain), presentation };
    await spread(hands, order, samples, (first, rows) => spikes.set(rows, first * neurons), progress);
    return spikes;
  }
  using presenter = await Presenter.create(brain, presentation);
  for (let k = 0; k < length; k++) {
    spikes.set(await presenter.show(samples.at(k), k), k * neurons);
    progress((k + 1) / length);
  }
  return spikes;
}

/** Hands samples out to workers, a bundle at a time. */
async function spread(
  hands: number,
  brain: BrainOrder,
  samples: Samples,
  take: (first: number, spikes: Uint16Array) => void,
  progress: (share: number) => void,
): Promise<void> {
  const { length } = samples, pool: Worker[] = [];
  let next = 0, done = 0;
  const work = () => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    pool.push(worker);
    return new Promise<void>((resolve, reject) => {
      let first = 0;
      const give = () => {
        first = next;
        next = Math.min(length, first + BUNDLE);
        if (first === next) return resolve();
        const bundle = Array.from({ length: next - first }, (_, k) => {
          const values = samples.at(first + k);
          return values && Array.from(values);
        });
        worker.postMessage({ kind: "samples", samples: bundle, first } satisfies Order);
      };
      worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        if (!data.ok) return reject(data.refused ? new InputError(data.message) : new Error(data.message));
        try {
          take(first, data.spikes);
          progress((done += Math.min(BUNDLE, length - first)) / length);
          give();
        } catch (error) {
          reject(error);
        }
      };
      worker.onmessageerror = () => reject(new Error("an answer of a worker could not be read"));
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`a worker failed: ${event.message}`));
      };
      worker.postMessage(brain);
      give();
    });
  };
  try {
    await Promise.all(Array.from({ length: hands }, work));
  } finally {
    for (const worker of pool) worker.terminate();
  }
}
