/**
 * Twins of kernels/deliver.ts, kernels/reward.ts and kernels/stdp.ts for sparse projections, in AssemblyScript. The same
 * arithmetic in the same order, so the same bytes; what they gain is the absence of bounds checks. Arrays are addresses.
 */

/** Adds weights to the target's receptor, along the row of each spike. `release` is 0 where there is none. */
export function deliverSparse(
  spikes: usize,
  first: i32,
  last: i32,
  base: i32,
  delays: i32,
  delay: i32,
  rowStart: usize,
  target: usize,
  weight: usize,
  scale: f64,
  release: usize,
  out: usize,
): void {
  for (let s = first; s < last; s++) {
    const pre = load<i32>(spikes + ((<usize>s) << 2)) - base;
    const row = rowStart + ((<usize>(pre * delays + delay)) << 2);
    const factor = release !== 0 ? scale * <f64>load<f32>(release + ((<usize>pre) << 2)) : scale;
    let k = (<usize>load<u32>(row)) << 2;
    const end = (<usize>load<u32>(row, 4)) << 2;
    // A factor of one leaves single-precision sums: the same numbers without conversions.
    if (factor === 1) {
      for (; k < end; k += 4) {
        const at = out + ((<usize>load<u32>(target + k)) << 2);
        store<f32>(at, load<f32>(at) + load<f32>(weight + k));
      }
    } else if (factor === -1) {
      for (; k < end; k += 4) {
        const at = out + ((<usize>load<u32>(target + k)) << 2);
        store<f32>(at, load<f32>(at) - load<f32>(weight + k));
      }
    } else {
      for (; k < end; k += 4) {
        const at = out + ((<usize>load<u32>(target + k)) << 2);
        store<f32>(at, <f32>(<f64>load<f32>(at) + factor * <f64>load<f32>(weight + k)));
      }
    }
  }
}

/** Settles the synapses of each spike's row up to a gain of the reward. */
export function settleSparse(
  spikes: usize,
  first: i32,
  last: i32,
  base: i32,
  delays: i32,
  delay: i32,
  rowStart: usize,
  weight: usize,
  weightMax: f64,
  eligibility: usize,
  settled: usize,
  gain: f64,
): void {
  for (let s = first; s < last; s++) {
    const pre = load<i32>(spikes + ((<usize>s) << 2)) - base;
    const row = rowStart + ((<usize>(pre * delays + delay)) << 2);
    const end = (<usize>load<u32>(row, 4)) << 2;
    for (let k = (<usize>load<u32>(row)) << 2; k < end; k += 4) {
      const gained = gain - <f64>load<f32>(settled + k);
      if (gained === 0) continue;
      const w = <f64>load<f32>(weight + k) + <f64>load<f32>(eligibility + k) * gained;
      store<f32>(weight + k, <f32>max(0, min(weightMax, w)));
      store<f32>(settled + k, <f32>gain);
    }
  }
}

/** Changes the synapse at byte offset k; see `changeSynapse`. `eligibility` is 0 for plain STDP. */
@inline
function change(
  k: usize,
  slope: f64,
  trace: f64,
  offset: f64,
  pull: f64,
  weight: usize,
  weightMax: f64,
  soft: bool,
  eligibility: usize,
  settled: usize,
  grow: f64,
  gain: f64,
): void {
  let w = <f64>load<f32>(weight + k);
  if (eligibility !== 0) {
    const gained = gain - <f64>load<f32>(settled + k);
    if (gained !== 0) {
      w = max(0, min(weightMax, w + <f64>load<f32>(eligibility + k) * gained));
      store<f32>(weight + k, <f32>w);
      store<f32>(settled + k, <f32>gain);
    }
  }
  let by = slope * trace + offset - pull * w;
  if (soft) by *= by > 0 ? 1 - w / weightMax : w / weightMax;
  if (eligibility !== 0) {
    store<f32>(eligibility + k, <f32>(<f64>load<f32>(eligibility + k) + by * grow));
  } else store<f32>(weight + k, <f32>max(0, min(weightMax, w + by)));
}

/** Arrivals meet postsynaptic traces, along the row of each spike. `slowTrace` is 0 where the rule has none. */
export function arriveSparse(
  spikes: usize,
  first: i32,
  last: i32,
  base: i32,
  delays: i32,
  delay: i32,
  rowStart: usize,
  target: usize,
  postTrace: usize,
  slowTrace: usize,
  slope: f64,
  slow: f64,
  offset: f64,
  pull: f64,
  weight: usize,
  weightMax: f64,
  soft: bool,
  eligibility: usize,
  settled: usize,
  grow: f64,
  gain: f64,
): void {
  const all = offset !== 0;
  for (let s = first; s < last; s++) {
    const terminal = (<usize>((load<i32>(spikes + ((<usize>s) << 2)) - base) * delays + delay)) << 2;
    const own = slowTrace !== 0 ? slope + slow * <f64>load<f32>(slowTrace + terminal) : slope;
    const row = rowStart + terminal, end = (<usize>load<u32>(row, 4)) << 2;
    for (let k = (<usize>load<u32>(row)) << 2; k < end; k += 4) {
      const y = <f64>load<f32>(postTrace + ((<usize>load<u32>(target + k)) << 2));
      if (y !== 0 || all) change(k, own, y, offset, pull, weight, weightMax, soft, eligibility, settled, grow, gain);
    }
  }
}

/** Postsynaptic spikes meet presynaptic traces, over the incoming synapses of each; `slow` and `balance` may be 0. */
export function spikeSparse(
  spikes: usize,
  first: i32,
  last: i32,
  base: i32,
  start: usize,
  synapse: usize,
  terminal: usize,
  preTrace: usize,
  slowTrace: usize,
  balance: usize,
  slope: f64,
  slow: f64,
  offset: f64,
  pull: f64,
  weight: usize,
  weightMax: f64,
  soft: bool,
  eligibility: usize,
  settled: usize,
  grow: f64,
  gain: f64,
): void {
  const all = offset !== 0 || pull !== 0;
  for (let s = first; s < last; s++) {
    const post = (<usize>(load<i32>(spikes + ((<usize>s) << 2)) - base)) << 2;
    let own = slowTrace !== 0 ? slope + slow * <f64>load<f32>(slowTrace + post) : slope;
    if (balance !== 0) own *= <f64>load<f32>(balance + post);
    const end = (<usize>load<u32>(start + post, 4)) << 2;
    for (let q = (<usize>load<u32>(start + post)) << 2; q < end; q += 4) {
      const x = <f64>load<f32>(preTrace + ((<usize>load<u32>(terminal + q)) << 2));
      if (x === 0 && !all) continue;
      const k = (<usize>load<u32>(synapse + q)) << 2;
      change(k, own, x, offset, pull, weight, weightMax, soft, eligibility, settled, grow, gain);
    }
  }
}
