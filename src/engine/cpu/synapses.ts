/**
 * The kernels that follow spikes along the synapses of one sparse or dense projection, bound to it: as plain loops, or as
 * WebAssembly on the same memory. Both give the same bytes.
 */

import { type Arrivals, deliverDense, deliverSparse } from "../../../kernels/deliver.ts";
import { settle } from "../../../kernels/reward.ts";
import { arriveDense, arriveSparse, type EventNow, spikeDense, spikeSparse } from "../../../kernels/stdp.ts";
import { markTraces } from "../../../kernels/traces.ts";
import { boundariesOf, type Program, type ProjectionProgram } from "../program.ts";
import { onMemory, projectionView, type SimdExports } from "./simd.ts";

/** What spikes do to the synapses of a projection in one step. */
export interface SynapseKernels {
  /**
   * Spikes arrive, delay by delay: weights are settled if there is reward and added to the target, times `scale`; if
   * `learns`, plasticity acts; then presynaptic traces are marked.
   */
  arrive(step: number, scale: number, learns: boolean, now: EventNow): void;
  /** Neurons of the target spike: if `learns`, plasticity acts; then postsynaptic traces are marked. */
  spike(step: number, learns: boolean, now: EventNow): void;
}

/** Plain loops. */
export function plainSynapses(program: Program, projection: ProjectionProgram): SynapseKernels {
  const { slots, spikes: { ring, start }, regions } = program, boundaries = boundariesOf(program);
  const { delays, rows, weight, out, shortTerm, plasticity: p } = projection;
  const { begin, firstPopulation, endPopulation } = projection, targets = out.length;
  const arrivals: Arrivals = { spikes: ring, first: 0, last: 0, base: begin };
  const settleRow = (pre: number, delay: number, gain: number) => {
    const row = pre * delays.length + delay;
    if (rows) settle(p!.synapses.rewarded!, rows.rowStart[row], rows.rowStart[row + 1], gain);
    else settle(p!.synapses.rewarded!, pre * targets, (pre + 1) * targets, gain);
  };
  const mark = (
    first: number,
    last: number,
    base: number,
    stride: number,
    offset: number,
    { mark, markSlow }: EventNow,
    trace: Float32Array,
    slow: { trace: Float32Array } | null,
  ) => {
    markTraces(ring, first, last, base, stride, offset, mark, p!.nearest, trace);
    if (slow) markTraces(ring, first, last, base, stride, offset, markSlow, p!.nearest, slow.trace);
  };
  const releases = Array.from(
    { length: shortTerm ? slots : 0 },
    (_, slot) => shortTerm!.release.subarray(slot * shortTerm!.sources, (slot + 1) * shortTerm!.sources),
  );
  return {
    arrive(step, scale, learns, now) {
      for (let k = 0; k < delays.length && delays[k] <= step; k++) {
        const slot = (step - delays[k]) % slots, release = releases[slot] ?? null;
        arrivals.first = start[slot * boundaries + firstPopulation];
        arrivals.last = start[slot * boundaries + endPopulation];
        if (p?.reward) {
          for (let s = arrivals.first; s < arrivals.last; s++) settleRow(ring[s] - begin, k, now.gain);
        }
        if (rows) deliverSparse(arrivals, rows, k, weight, scale, release, out);
        else deliverDense(arrivals, weight, scale, release, out);
        if (!p) continue;
        const slow = p.preSlow?.trace ?? null;
        if (learns && rows) arriveSparse(arrivals, rows, k, p.synapses, p.postTrace, slow, now);
        else if (learns) arriveDense(arrivals, p.synapses, p.postTrace, slow, now);
        mark(arrivals.first, arrivals.last, begin, delays.length, k, now, p.preTrace, p.preSlow);
      }
    },
    spike(step, learns, now) {
      const at = step % slots * boundaries + 2 * projection.to, first = start[at], last = start[at + 2];
      const { incoming, synapses, preTrace, postTrace, factors, postSlow } = p!, base = regions[projection.to].begin;
      if (learns && incoming) spikeSparse(ring, first, last, base, incoming, synapses, preTrace, factors, now);
      else if (learns) spikeDense(ring, first, last, base, targets, synapses, preTrace, factors, now);
      mark(first, last, base, 1, 0, now, postTrace, postSlow);
    },
  };
}

/** WebAssembly; null when the projection is uniform, or its arrays lie elsewhere (synapses that came and went). */
export function simdSynapses(
  program: Program,
  projection: ProjectionProgram,
  simd: SimdExports,
): SynapseKernels | null {
  const { arrays: { memory, scratch }, spikes: { ring, start }, slots, regions, projections } = program;
  const { layout, rows, weight, out, begin, firstPopulation, endPopulation, to, shortTerm, plasticity: p } = projection;
  if (layout === "uniform" || !memory) return null;
  const synapses = p?.synapses,
    rewarded = synapses?.rewarded,
    incoming = p?.incoming,
    softness = synapses?.softness ?? 0;
  // A soft bound with another exponent needs a power, which is not the same to the bit everywhere.
  if (softness !== 0 && softness !== 1) return null;
  const fields = {
    ring,
    starts: start,
    slots,
    boundaries: boundariesOf(program),
    firstPopulation,
    endPopulation,
    begin,
    toPopulation: 2 * to,
    toBegin: regions[to].begin,
    rowStart: rows?.rowStart,
    target: rows?.target,
    targets: out.length,
    terminals: p?.preTrace.length,
    weight,
    out,
    release: shortTerm?.release,
    sources: shortTerm?.sources,
    eligibility: rewarded?.eligibility,
    settled: rewarded?.settled,
    preTrace: p?.preTrace,
    postTrace: p?.postTrace,
    preSlow: p?.preSlow?.trace,
    postSlow: p?.postSlow?.trace,
    balance: p?.factors.balance,
    plastic: p?.factors.plastic,
    start: incoming?.start,
    synapse: incoming?.synapse,
    terminal: incoming?.terminal,
    soft: softness,
    nearest: p?.nearest ? 1 : 0,
    narrowTargets: rows?.target instanceof Uint16Array ? 1 : 0,
    narrowTerminals: incoming?.terminal instanceof Uint16Array ? 1 : 0,
  };
  if (Object.values(fields).some((field) => ArrayBuffer.isView(field) && !onMemory(field, memory))) return null;
  const place = projections.indexOf(projection);
  const { at, now } = projectionView(memory, scratch, program, place, fields, synapses?.weightMax ?? 0);
  const note = (event: EventNow) => {
    now[0] = event.slope;
    now[1] = event.slow;
    now[2] = event.offset;
    now[3] = event.pull;
    now[4] = event.eligibilityGrow;
    now[5] = event.gain;
    now[6] = event.mark;
    now[7] = event.markSlow;
  };
  const [arrive, spike] = rows ? [simd.arriveSparse, simd.spikeSparse] : [simd.arriveDense, simd.spikeDense];
  return {
    arrive(step, scale, learns, event) {
      if (p) note(event);
      arrive(at, step, scale, learns);
    },
    spike(step, learns, event) {
      note(event);
      spike(at, step, learns);
    },
  };
}
