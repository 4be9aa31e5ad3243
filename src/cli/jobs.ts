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

/** What a worker answers. */
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

/**
 * Runs jobs on a number of workers; each yields as it finishes.
 * @throws {Error} with the message of the first job that fails
 */
export async function* runJobs(jobs: readonly Job[], workers: number): AsyncGenerator<Finished> {
  const queue = [...jobs], running = new Map<Worker, Job>();
  const arrived: Answer[] = [];
  let wake = () => {};
  const pool = Array.from({ length: Math.min(workers, jobs.length) }, () => {
    const worker = new Worker(new URL("./job_worker.ts", import.meta.url), { type: "module" });
    const give = () => {
      const last = running.get(worker);
      running.delete(worker);
      const next = choose(queue, last, [...running.values()]);
      if (next < 0) return;
      const [job] = queue.splice(next, 1);
      running.set(worker, job);
      worker.postMessage(job);
    };
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      arrived.push(data);
      give();
      wake();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      arrived.push({ ok: false, message: event.message });
      wake();
    };
    give();
    return worker;
  });
  try {
    for (let left = jobs.length; left > 0; left--) {
      while (arrived.length === 0) await new Promise<void>((resolve) => wake = resolve);
      const answer = arrived.shift()!;
      if (!answer.ok) throw new Error(answer.message);
      yield answer.finished;
    }
  } finally {
    for (const worker of pool) worker.terminate();
  }
}
