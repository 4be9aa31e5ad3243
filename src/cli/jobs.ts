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
function alike(a: Job, b: Job): boolean {
  return a.task === b.task && a.seed === b.seed && a.options.backend === b.options.backend;
}

/**
 * Runs jobs on a number of workers; each yields as it finishes. A worker first takes those that are like its last one.
 * @throws {Error} with the message of the first job that fails
 */
export async function* runJobs(jobs: readonly Job[], workers: number): AsyncGenerator<Finished> {
  const queue = [...jobs];
  const arrived: Answer[] = [];
  let wake = () => {};
  const pool = Array.from({ length: Math.min(workers, jobs.length) }, () => {
    const worker = new Worker(new URL("./job_worker.ts", import.meta.url), { type: "module" });
    let last: Job | undefined;
    const give = () => {
      const [job] = queue.splice(Math.max(0, queue.findIndex((job) => last !== undefined && alike(job, last))), 1);
      last = job;
      if (job) worker.postMessage(job);
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
