/** The activity of a population as a signal. */

import { checkNumber } from "../biology/parameters.ts";
import type { SpikeTable } from "../brain/recording.ts";

/**
 * Spikes in bins of equal width: what {@linkcode SpikeTable} holds, as a signal for `powerSpectrum`.
 * @param binMs width of a bin; the last one is whole, so that a rest shorter than a bin is left out
 * @throws {InputError} for a width that is not positive
 */
export function spikeCounts({ timeMs }: SpikeTable, fromMs: number, toMs: number, binMs: number): Float64Array {
  checkNumber("Cannot count spikes: binMs", binMs, 1e-6, 1e12, "ms");
  const counts = new Float64Array(Math.max(0, Math.floor((toMs - fromMs) / binMs + 1e-9)));
  for (let k = 0; k < timeMs.length; k++) {
    const bin = Math.floor((timeMs[k] - fromMs) / binMs + 1e-9);
    if (bin >= 0 && bin < counts.length) counts[bin]++;
  }
  return counts;
}
