/** CSV with a comment line that names units. */

import type { Series, SpikeTable } from "../brain/recording.ts";

/** Spikes: columns `neuron,t_ms`. */
export function spikesToCsv({ neuron, timeMs }: SpikeTable): string {
  const lines = ["# neuron: index; t_ms: start of the step of the spike, ms", "neuron,t_ms"];
  for (let k = 0; k < neuron.length; k++) lines.push(`${neuron[k]},${timeMs[k]}`);
  return lines.join("\n") + "\n";
}

/**
 * A series: column `t_ms`, then its own.
 * @param unit of the values
 */
export function seriesToCsv({ timeMs, columns, values }: Series, unit: string): string {
  const lines = [`# t_ms: ms; others: ${unit}`, ["t_ms", ...columns].join(",")], width = columns.length;
  for (let r = 0; r < timeMs.length; r++) {
    lines.push([timeMs[r], ...values.subarray(r * width, (r + 1) * width)].join(","));
  }
  return lines.join("\n") + "\n";
}
