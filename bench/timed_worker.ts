/** A worker (src/brain/workers/worker.ts) that tells after each run where its time went. */

import type { Order } from "../src/brain/workers/backend.ts";
import { serve } from "../src/brain/workers/serve.ts";
import { StageClock } from "./stage_clock.ts";

/** What it tells, and where. */
export interface Told {
  /** Which worker. */
  me: number;
  /** Microseconds a step of each stage. */
  us: Record<string, number>;
  /** Microseconds of each step that it spent with the others: waiting, and telling and listing spikes. */
  swapUs: number[];
}
export const CHANNEL = "brainsim timed workers";

if (typeof WorkerGlobalScope !== "undefined") {
  const clock = new StageClock(), channel = new BroadcastChannel(CHANNEL);
  let me = 0, swapUs: number[] = [];

  serve((exchange) => ({
    ...clock.after,
    integrate: (step) => {
      clock.mark("integrate");
      const started = performance.now();
      exchange.swap(step);
      swapUs.push(1000 * (performance.now() - started));
      clock.mark("swap");
    },
  }));
  // After the answer to the order.
  self.addEventListener("message", ({ data }: MessageEvent<Order>) => {
    if (data.kind === "load") me = data.me;
    if (data.kind !== "run") return;
    channel.postMessage({ me, us: clock.us, swapUs } satisfies Told);
    clock.reset();
    swapUs = [];
  });
}
