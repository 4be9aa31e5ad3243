/** One projection as the kernels of its synapses see it, its spikes, and the traces that they mark. */

/**
 * One projection, as `projectionView` of src/engine/cpu/simd.ts lays it out in the brain's memory: addresses (0 where there
 * is none) and sizes, then numbers; all but the first number are of the event at hand.
 */
@unmanaged
export class Projection {
  ring: usize;
  starts: usize;
  slots: i32;
  boundaries: i32;
  firstPopulation: i32;
  endPopulation: i32;
  begin: i32;
  toPopulation: i32;
  toBegin: i32;
  delays: i32;
  delaySteps: usize;
  rowStart: usize;
  target: usize;
  targets: i32;
  terminals: i32;
  weight: usize;
  out: usize;
  release: usize;
  sources: i32;
  eligibility: usize;
  settled: usize;
  preTrace: usize;
  postTrace: usize;
  preSlow: usize;
  postSlow: usize;
  balance: usize;
  start: usize;
  synapse: usize;
  terminal: usize;
  soft: i32;
  nearest: i32;
  narrowTargets: i32;
  narrowTerminals: i32;
  plastic: usize;
  weightMax: f64;
  slope: f64;
  slow: f64;
  offset: f64;
  pull: f64;
  grow: f64;
  gain: f64;
  mark: f64;
  markSlow: f64;
}

/** A neuron of the list of spikes, counted from `begin`. */
@inline
export function spikeAt(ring: usize, s: i32, begin: i32): usize {
  return <usize>(load<i32>(ring + (<usize>s << 2)) - begin);
}

/** Where the spikes of a population and slot begin in the ring. */
@inline
export function startOf(p: Projection, slot: i32, population: i32): i32 {
  return load<i32>(p.starts + (<usize>(slot * p.boundaries + population) << 2));
}

/** What of a slot's releases belongs to this projection; 0 where there is no short-term plasticity. */
@inline
export function releaseOf(p: Projection, slot: i32): usize {
  return p.release !== 0 ? p.release + (<usize>(slot * p.sources) << 2) : 0;
}

/** Adds to or sets a trace of each spike. */
@inline
export function mark(p: Projection, first: i32, last: i32, begin: i32, stride: i32, offset: i32, amount: f64, trace: usize): void {
  const nearest = p.nearest !== 0, ring = p.ring;
  for (let s = first; s < last; s++) {
    const at = trace + ((spikeAt(ring, s, begin) * <usize>stride + <usize>offset) << 2);
    store<f32>(at, nearest ? <f32>amount : <f32>(<f64>load<f32>(at) + amount));
  }
}

/** Marks the presynaptic traces of arrivals with delay number d. */
@inline
export function markArrivals(p: Projection, first: i32, last: i32, d: i32): void {
  if (p.preTrace !== 0) mark(p, first, last, p.begin, p.delays, d, p.mark, p.preTrace);
  if (p.preSlow !== 0) mark(p, first, last, p.begin, p.delays, d, p.markSlow, p.preSlow);
}

/** Marks the postsynaptic traces of spikes. */
@inline
export function markSpikes(p: Projection, first: i32, last: i32): void {
  mark(p, first, last, p.toBegin, 1, 0, p.mark, p.postTrace);
  if (p.postSlow !== 0) mark(p, first, last, p.toBegin, 1, 0, p.markSlow, p.postSlow);
}
