/**
 * The kernels that follow spikes along the synapses of one projection, bound to it: as plain loops, or for sparse
 * projections as WebAssembly on the same memory. Both give the same bytes.
 */

import type { Arrivals } from "../../kernels/deliver.ts";
import { deliverSparse } from "../../kernels/deliver.ts";
import { gainNow, settle } from "../../kernels/reward.ts";
import type { EventNow } from "../../kernels/stdp.ts";
import { arriveDense, arriveSparse, spikeDense, spikeSparse } from "../../kernels/stdp.ts";
import type { PlasticityProgram, Program, ProjectionProgram } from "./program.ts";
import { onMemory, type SimdExports } from "./simd.ts";

/** What spikes do to the synapses of a sparse or dense projection. */
export interface SynapseKernels {
  /** Adds the weights of a sparse projection to the target. */
  deliver(arrivals: Arrivals, delay: number, scale: number, release: Float32Array | null): void;
  /** Settles what reward has done to the weights that are about to act. */
  settle(arrivals: Arrivals, delay: number): void;
  /** Plasticity at arrivals. */
  arrive(arrivals: Arrivals, delay: number, now: EventNow): void;
  /** Plasticity at postsynaptic spikes, `ring[first … last − 1]`, of the region that begins at `base`. */
  spike(first: number, last: number, base: number, now: EventNow): void;
}

/** Plain loops. */
export function plainSynapses({ spikes: { ring } }: Program, projection: ProjectionProgram): SynapseKernels {
  const { rows, weight, out, plasticity } = projection, p = plasticity as PlasticityProgram, targets = out.length;
  const slow = plasticity?.preSlow?.trace ?? null;
  return {
    deliver: (arrivals, delay, scale, release) => deliverSparse(arrivals, rows!, delay, weight, scale, release, out),
    settle({ spikes, first, last, base }, delay) {
      const { rewarded } = p.synapses, gain = gainNow(p.reward!.dopamine);
      for (let s = first; s < last; s++) {
        const pre = spikes[s] - base;
        if (rows) {
          const row = pre * rows.delays + delay;
          settle(rewarded!, rows.rowStart[row], rows.rowStart[row + 1], gain);
        } else settle(rewarded!, pre * targets, (pre + 1) * targets, gain);
      }
    },
    arrive(arrivals, delay, now) {
      if (rows) arriveSparse(arrivals, rows, delay, p.synapses, p.postTrace, slow, now);
      else arriveDense(arrivals, p.synapses, p.postTrace, slow, now);
    },
    spike(first, last, base, now) {
      if (p.incoming) spikeSparse(ring, first, last, base, p.incoming, p.synapses, p.preTrace, p.factors, now);
      else spikeDense(ring, first, last, base, targets, p.synapses, p.preTrace, p.factors, now);
    },
  };
}

/** WebAssembly; null when the projection is not sparse, or its arrays lie elsewhere (synapses that came and went). */
export function simdSynapses(
  { arrays: { memory }, spikes: { ring } }: Program,
  projection: ProjectionProgram,
  simd: SimdExports,
): SynapseKernels | null {
  const { rows, weight, out, plasticity: p } = projection;
  if (!rows || !memory) return null;
  const at = (array: ArrayBufferView | null | undefined) => array ? array.byteOffset : 0;
  const synapses = p?.synapses, rewarded = synapses?.rewarded, incoming = p?.incoming;
  const used = [rows.rowStart, rows.target, weight, out, rewarded?.eligibility, rewarded?.settled, incoming?.synapse];
  // A soft bound with another exponent needs a power, which is not the same to the bit everywhere.
  if (!used.every((array) => !array || onMemory(array, memory)) || (synapses && synapses.softness % 1 !== 0)) {
    return null;
  }
  if (synapses && synapses.softness > 1) return null;
  const spikes = at(ring),
    rowStart = at(rows.rowStart),
    target = at(rows.target),
    weights = at(weight),
    { delays } = rows;
  const max = synapses?.weightMax ?? 0, soft = synapses?.softness === 1 ? 1 : 0, outAt = at(out);
  const eligibility = at(rewarded?.eligibility), settled = at(rewarded?.settled);
  const preSlow = at(p?.preSlow?.trace), postTrace = at(p?.postTrace), preTrace = at(p?.preTrace);
  const postSlow = at(p?.factors.slow), balance = at(p?.factors.balance);
  const [start, synapse, terminal] = [incoming?.start, incoming?.synapse, incoming?.terminal].map(at);
  return {
    deliver: ({ first, last, base }, delay, scale, release) =>
      simd.deliverSparse(
        spikes,
        first,
        last,
        base,
        delays,
        delay,
        rowStart,
        target,
        weights,
        scale,
        at(release),
        outAt,
      ),
    settle({ first, last, base }, delay) {
      const gain = gainNow(p!.reward!.dopamine);
      simd.settleSparse(
        spikes,
        first,
        last,
        base,
        delays,
        delay,
        rowStart,
        weights,
        max,
        eligibility,
        settled,
        gain,
      );
    },
    arrive: ({ first, last, base }, delay, { slope, slow, offset, pull, eligibilityGrow, gain }) =>
      simd.arriveSparse(
        spikes,
        first,
        last,
        base,
        delays,
        delay,
        rowStart,
        target,
        postTrace,
        preSlow,
        slope,
        slow,
        offset,
        pull,
        weights,
        max,
        soft,
        eligibility,
        settled,
        eligibilityGrow,
        gain,
      ),
    spike: (first, last, base, { slope, slow, offset, pull, eligibilityGrow, gain }) =>
      simd.spikeSparse(
        spikes,
        first,
        last,
        base,
        start,
        synapse,
        terminal,
        preTrace,
        postSlow,
        balance,
        slope,
        slow,
        offset,
        pull,
        weights,
        max,
        soft,
        eligibility,
        settled,
        eligibilityGrow,
        gain,
      ),
  };
}
