// Rows of a sparse projection: `rowStart` holds the delays, then where the rows of each (source, delay) begin.
// Used by kernels that bind `rowStart` and `synapse` and have `delays` and `narrow` among their parameters.

fn rowBegin(source: u32, delay: u32) -> u32 {
  return rowStart[p.delays + source * p.delays + delay];
}

fn rowEnd(source: u32, delay: u32) -> u32 {
  return rowStart[p.delays + source * p.delays + delay + 1u];
}

fn targetOf(at: u32) -> u32 {
  if (p.narrow == 0u) { return synapse[at]; }
  return (synapse[at >> 1u] >> (16u * (at & 1u))) & 0xffffu;
}
