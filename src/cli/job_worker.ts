/** A worker that runs benchmark jobs, one at a time. */

import { findTask } from "../tasks/registry.ts";
import { type Answer, failed, type Job } from "./jobs.ts";

async function work(job: Job): Promise<Answer> {
  try {
    const { benchmark } = await findTask(job.task);
    const started = performance.now();
    const outcome = await benchmark.run(job.arm, job.seed, job.quick, job.options);
    return { ok: true, finished: { ...outcome, job, wallS: (performance.now() - started) / 1000 } };
  } catch (error) {
    return { ok: false, message: failed(job, error instanceof Error ? error.message : String(error)) };
  }
}

self.onmessage = async ({ data }: MessageEvent<Job>) => self.postMessage(await work(data));
