/** How fast the engine is on a GPU. */

import { lines } from "./results.ts";

/** The section. */
export async function gpu(): Promise<string> {
  const rows = await lines("gpu.jsonl"),
    scatter = await lines("scatter.jsonl"),
    profiles = await lines("gpu_profile.jsonl");
  const onGpu = rows.filter(({ backend }) => backend === "webgpu"), [first] = onGpu;
  const cpuOf = (row: { workload: string; neurons: number }) =>
    rows.find((r) => r.backend === "cpu" && r.workload === row.workload && r.neurons === row.neurons);
  const crossover = (workload: string) => {
    const faster = onGpu.filter((r) => r.workload === workload && (cpuOf(r)?.msPerStep ?? 0) > r.msPerStep);
    const slower = onGpu.filter((r) => r.workload === workload && (cpuOf(r)?.msPerStep ?? Infinity) <= r.msPerStep);
    const sizes = (list: typeof onGpu) => list.map(({ neurons }) => neurons);
    return `${workload} between ${Math.max(0, ...sizes(slower))} and ${Math.min(...sizes(faster))} neurons`;
  };
  const line = (row: typeof first) => {
    const cpu = cpuOf(row)?.msPerStep;
    return `| ${row.workload} | ${row.neurons} | ${(row.synapses / 1e6).toFixed(1)} M | ${cpu?.toFixed(3) ?? "–"} | ${
      row.msPerStep.toFixed(3)
    } | ${cpu ? (cpu / row.msPerStep).toFixed(2) : "–"} | ${(row.eventsPerS / 1e9).toFixed(2)} | ${
      (100 * row.share).toFixed(1)
    } % | ${row.buildS.toFixed(1)} + ${row.loadS.toFixed(1)} |`;
  };
  const range = (values: readonly number[]) => `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
  const ofW1 = onGpu.filter(({ workload }) => workload === "W1"), smallest = ofW1[0], largest = ofW1.at(-1)!;
  const shares = [...new Set(scatter.map(({ share }) => share))] as number[];
  const profile = ({ workload, neurons, us, all, dispatches }: (typeof profiles)[0]) =>
    `| ${workload} | ${neurons} | ${dispatches} | ${all.toFixed(0)} | ${
      Object.entries(us as Record<string, number>).sort(([, a], [, b]) => b - a).slice(0, 5)
        .map(([kernel, t]) => `${kernel.replace(/\/.*/, "")} ${t.toFixed(0)}`).join(", ")
    } |`;
  return `## On a GPU

${first.adapter}, through Deno's WebGPU, beside one core of the same machine: milliseconds a step, of runs of ${first.steps} steps
that end with all state read back (medians of three). Synaptic events a second on the GPU; and the bytes that a step has to
move, at least, as a share of what a kernel that copies moves in that time (${
    first.copyGbPerS.toFixed(0)
  } GB/s). Building is the host's,
loading the transfer.

| workload | neurons | synapses | one core (ms) | GPU (ms) | ratio | events (10⁹/s) | share of memory | build + load (s) |
|---|---|---|---|---|---|---|---|---|
${onGpu.map(line).join("\n")}

The GPU is faster from a size on: ${
    [...new Set(onGpu.map(({ workload }) => workload))].map(crossover).join(", ")
  }. A step waits for its dispatches, one after the other, whatever they do:
the steps below take ${
    range(profiles.map(({ all, dispatches }) => all / dispatches))
  } µs for each, of which the host needs ${
    range(profiles.map(({ noteUs, dispatches }) => noteUs / dispatches))
  } to note it down. So W1 with ${(largest.neurons / smallest.neurons).toFixed(0)} times
the neurons takes ${
    (largest.msPerStep / smallest.msPerStep).toFixed(1)
  } times as long, and the memory's speed is not what limits it. The largest kernels of a step, µs:

| workload | neurons | dispatches | a step (µs) | of that |
|---|---|---|---|---|
${profiles.map(profile).join("\n")}

How spikes add to their targets (WGSL adds no floats atomically), ${
    scatter[0].neurons
  } neurons with 100 synapses each, µs for the
spikes of one step; \`integer\` is what kernels/deliver.wgsl does: it is also the only one whose sums do not depend on the order.

| way | ${shares.map((share) => `${100 * share} % spike`).join(" | ")} |
|---|${shares.map(() => "---|").join("")}
${
    [...new Set(scatter.map(({ way }) => way))].map((way) =>
      `| ${way} | ${
        shares.map((share) => scatter.find((r) => r.way === way && r.share === share).us.toFixed(1)).join(" | ")
      } |`
    ).join("\n")
  }

Machine: ${first.machine}; ${
    first.date.slice(0, 10)
  }. Again: \`deno run -A bench/gpu.ts\`, \`deno run -A bench/scatter.ts\`,
\`deno run -A bench/gpu_profile.ts\`.
`;
}
