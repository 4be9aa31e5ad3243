/**
 * The kernels that follow spikes along the synapses of one sparse or dense projection, bound to it: as plain loops, or as
 * WebAssembly on the same memory. Both give the same bytes.
 */

import type { Arrivals } from "../../kernels/deliver.ts";
import { deliverDense, deliverSparse } from "../../kernels/deliver.ts";
import { gainNow, settle } from "../../kernels/reward.ts";
import type { EventNow } from "../../kernels/stdp.ts";
import { arriveDense, arriveSparse, spikeDense, spikeSparse } from "../../kernels/stdp.ts";
import type { PlasticityProgram, Program, ProjectionProgram } from "./program.ts";
import { onMemory, projectionView, type SimdExports } from "./simd.ts";

/** What spikes do to the synapses of a projection. */
export interface SynapseKernels {
  /** Adds weights to the target. */
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
    deliver(arrivals, delay, scale, release) {
      if (rows) deliverSparse(arrivals, rows, delay, weight, scale, release, out);
      else deliverDense(arrivals, weight, scale, release, out);
    },
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

/** WebAssembly; null when the projection is uniform, or its arrays lie elsewhere (synapses that came and went). */
export function simdSynapses(
  program: Program,
  projection: ProjectionProgram,
  simd: SimdExports,
): SynapseKernels | null {
  const { arrays: { memory }, spikes: { ring }, projections } = program;
  const { layout, rows, weight, out, delays, begin, plasticity: p } = projection;
  if (layout === "uniform" || !memory) return null;
  const synapses = p?.synapses, rewarded = synapses?.rewarded, incoming = p?.incoming;
  const used = [rows?.rowStart, rows?.target, weight, out, rewarded?.eligibility, incoming?.synapse];
  // A soft bound with another exponent needs a power, which is not the same to the bit everywhere.
  const { softness = 0 } = synapses ?? {};
  if (!used.every((array) => !array || onMemory(array, memory)) || (softness !== 0 && softness !== 1)) return null;
  const { at, now } = projectionView(memory, program.arrays.scratch, projections.indexOf(projection), {
    spikes: ring,
    base: begin,
    delays: delays.length,
    rowStart: rows?.rowStart,
    target: rows?.target,
    targets: out.length,
    terminals: p?.preTrace.length,
    weight,
    out,
    eligibility: rewarded?.eligibility,
    settled: rewarded?.settled,
    preTrace: p?.preTrace,
    postTrace: p?.postTrace,
    preSlow: p?.preSlow?.trace,
    postSlow: p?.factors.slow,
    balance: p?.factors.balance,
    start: incoming?.start,
    synapse: incoming?.synapse,
    terminal: incoming?.terminal,
    soft: softness,
  }, synapses?.weightMax ?? 0);
  const note = ({ slope, slow, offset, pull, eligibilityGrow, gain }: EventNow) => {
    now[0] = slope;
    now[1] = slow;
    now[2] = offset;
    now[3] = pull;
    now[4] = eligibilityGrow;
    now[5] = gain;
  };
  const address = (release: Float32Array | null) => release === null ? 0 : release.byteOffset;
  const noteGain = () => {
    now[5] = gainNow(p!.reward!.dopamine);
  };
  const spike = layout === "sparse" ? simd.spikeSparse : simd.spikeDense;
  const own = {
    spike(first: number, last: number, base: number, event: EventNow) {
      note(event);
      spike(at, first, last, base);
    },
  };
  if (layout === "dense") {
    return {
      ...own,
      deliver: ({ first, last }, _, scale, release) => simd.deliverDense(at, first, last, scale, address(release)),
      settle({ first, last }) {
        noteGain();
        simd.settleDense(at, first, last);
      },
      arrive({ first, last }, _, event) {
        note(event);
        simd.arriveDense(at, first, last);
      },
    };
  }
  return {
    ...own,
    deliver: ({ first, last }, delay, scale, release) =>
      simd.deliverSparse(at, first, last, delay, scale, address(release)),
    settle({ first, last }, delay) {
      noteGain();
      simd.settleSparse(at, first, last, delay);
    },
    arrive({ first, last }, delay, event) {
      note(event);
      simd.arriveSparse(at, first, last, delay);
    },
  };
}
