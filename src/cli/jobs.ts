/** Runs of a benchmark, spread over workers. */

import type { BenchmarkOptions, Outcome } from "../tasks/task.ts";

/** One run. */
export interface Job {
  task: string;
  arm: string;
  seed: number;
  quick: boolean;
  options: BenchmarkOptions;
}

/** A finished run. */
export interface Finished extends Outcome {
  job: Job;
  wallS: number;
}

/** What became of a run. */
export type Answer = { ok: true; finished: Finished } | { ok: false; message: string };

/** Whether two runs may share what they begin with. */
export function alike(a: Job, b: Job): boolean {
  return a.task === b.task && a.seed === b.seed && a.options.backend === b.options.backend;
}

/**
 * Which job of a queue a worker takes next: one that is like its last, or like none of those that others run, or the first.
 * @returns −1 where the queue is empty
 */
export function choose(queue: readonly Job[], last: Job | undefined, others: readonly Job[]): number {
  const own = queue.findIndex((job) => last !== undefined && alike(job, last));
  if (own >= 0) return own;
  const free = queue.findIndex((job) => !others.some((other) => alike(job, other)));
  return free >= 0 ? free : queue.length > 0 ? 0 : -1;
}

/** Runs jobs on a number of workers; yields what becomes of each as it finishes or fails. */
export async function* runJobs(jobs: readonly Job[], workers: number): AsyncGenerator<Answer> {
  const queue = [...jobs], running = new Map<Worker, Job>(), pool = new Set<Worker>();
  const arrived: Answer[] = [];
  let wake = () => {};
  const arrive = (answer: Answer) => {
    arrived.push(answer);
    wake();
  };
  const give = (worker: Worker, last?: Job) => {
    running.delete(worker);
    const next = choose(queue, last, [...running.values()]);
    if (next < 0) return;
    const [job] = queue.splice(next, 1);
    running.set(worker, job);
    worker.postMessage(job);
  };
  const hire = () => {
    const worker = new Worker(new URL("./job_worker.ts", import.meta.url), { type: "module" });
    pool.add(worker);
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      give(worker, running.get(worker));
      arrive(data);
    };
    // It is gone, with what it worked on; another takes its place.
    worker.onerror = (event) => {
      event.preventDefault();
      const job = running.get(worker);
      running.delete(worker);
      pool.delete(worker);
      worker.terminate();
      if (!job) return;
      if (queue.length > 0) hire();
      arrive({ ok: false, message: failed(job, event.message) });
    };
    give(worker);
  };
  try {
    for (let k = 0; k < Math.min(workers, jobs.length); k++) hire();
    for (let left = jobs.length; left > 0; left--) {
      while (arrived.length === 0) await new Promise<void>((resolve) => wake = resolve);
      yield arrived.shift()!;
    }
  } finally {
    for (const worker of pool) worker.terminate();
  }
}

/** What is said of a run that failed. */
export function failed({ task, arm, seed }: Job, message: string): string {
  return `${task}, ${arm}, seed ${seed}: ${message}`;
}
