/** What a worker does: it advances its part of a brain, as it is told (src/brain/workers/backend.ts). */

import { linkProgram } from "../build.ts";
import { planBrain } from "../plan.ts";
import type { ResolvedSpec } from "../spec.ts";
import { type AfterStages, CpuBackend } from "../../engine/cpu/backend.ts";
import { scratchBytes } from "../../engine/cpu/simd.ts";
import { Arrays } from "../../state/arrays.ts";
import { Exchange, rangeOf } from "./exchange.ts";
import type { Answer, Order } from "./backend.ts";
import { restrict } from "./partition.ts";

/**
 * Follows orders.
 * @param after what happens after stages of a step, by the worker's exchange: one of them swaps
 */
export function serve(after: (exchange: Exchange) => AfterStages): void {
  let arrays = new Arrays(), cpu = new CpuBackend();

  function obey(order: Order): unknown {
    if (order.kind === "load") {
      const { description, me, bounds, shared, parts } = order, spec = description as ResolvedSpec;
      arrays = new Arrays(parts.map(({ info }) => info), scratchBytes(planBrain(spec)));
      for (const { info, data } of parts) arrays.add(info, data ?? undefined);
      const program = linkProgram(spec, arrays), exchange = new Exchange(shared, bounds, me, program);
      restrict(program, rangeOf(bounds, me));
      cpu = new CpuBackend({ after: after(exchange) });
      return cpu.loadNow(program);
    }
    if (order.kind === "write") return cpu.writeNow(order.name, order.data);
    if (order.kind === "read") return order.names.map((name) => arrays.entry(name).data.slice());
    cpu.runNow(order.from, order.steps, order.input);
    return cpu.drain();
  }

  self.onmessage = ({ data }: MessageEvent<Order>) => {
    let answer: Answer;
    try {
      answer = { ok: true, value: obey(data) };
    } catch (error) {
      answer = { ok: false, message: error instanceof Error ? error.message : String(error) };
    }
    const arrays = data.kind === "read" && answer.ok ? answer.value as Float32Array<ArrayBuffer>[] : [];
    self.postMessage(answer, arrays.map(({ buffer }) => buffer));
  };
}
