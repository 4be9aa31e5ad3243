// Reading the lists of spikes: `spikes` holds first where each population's spikes begin, by slot, then the ring.
// Used by kernels that bind `spikes` and have `slots` and `boundaries` among their parameters.

fn startOf(slot: u32, population: u32) -> u32 {
  return spikes[slot * p.boundaries + population];
}

fn spikeAt(s: u32) -> u32 {
  return spikes[p.slots * p.boundaries + s];
}
