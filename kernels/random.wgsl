// Counter-based random numbers; twin of src/state/random.ts, bit for bit.

fn mix32(seed: u32) -> u32 {
  var x = (seed ^ (seed >> 16u)) * 0x21f0aaadu;
  x = (x ^ (x >> 15u)) * 0xd35a2d97u;
  return x ^ (x >> 15u);
}

fn bits32(key: u32, index: u32) -> u32 {
  return mix32(mix32(index + key) ^ (key >> 7u) ^ (key << 13u));
}
