/**
 * SIMD twins of kernels/receptors.ts, kernels/threshold.ts and the drive of kernels/competition.ts, in AssemblyScript, in
 * single precision: like membranes, which read what these write, they follow their plain twins within its rounding.
 * Arrays are addresses in the brain's memory; n elements of a region's array meet those of all neurons from `from` on.
 */

/** Receptor channels that inject current. */
export function currentReceptors(from: i32, n: i32, g: usize, mean: f32, decay: f32, input: usize): void {
  const means = f32x4.splat(mean), decays = f32x4.splat(decay);
  input += <usize>from << 2;
  let o: usize = 0;
  for (const end = <usize>(n & ~3) << 2; o < end; o += 16) {
    const x = v128.load(g + o);
    v128.store(input + o, f32x4.add(v128.load(input + o), f32x4.mul(means, x)));
    v128.store(g + o, f32x4.mul(x, decays));
  }
  for (const end = <usize>n << 2; o < end; o += 4) {
    const x = load<f32>(g + o);
    store<f32>(input + o, load<f32>(input + o) + mean * x);
    store<f32>(g + o, x * decay);
  }
}

/** Receptor channels that open a conductance towards a reversal potential. */
export function conductanceReceptors(
  from: i32,
  n: i32,
  g: usize,
  reversal: f32,
  mean: f32,
  decay: f32,
  input: usize,
  conductance: usize,
): void {
  const means = f32x4.splat(mean), decays = f32x4.splat(decay), reversals = f32x4.splat(reversal);
  input += <usize>from << 2;
  conductance += <usize>from << 2;
  let o: usize = 0;
  for (const end = <usize>(n & ~3) << 2; o < end; o += 16) {
    const x = v128.load(g + o), open = f32x4.mul(means, x);
    v128.store(conductance + o, f32x4.add(v128.load(conductance + o), open));
    v128.store(input + o, f32x4.add(v128.load(input + o), f32x4.mul(open, reversals)));
    v128.store(g + o, f32x4.mul(x, decays));
  }
  for (const end = <usize>n << 2; o < end; o += 4) {
    const x = load<f32>(g + o), open = mean * x;
    store<f32>(conductance + o, load<f32>(conductance + o) + open);
    store<f32>(input + o, load<f32>(input + o) + open * reversal);
    store<f32>(g + o, x * decay);
  }
}

/** input[from + k] −= opposing[k]. */
export function opposeInput(from: i32, n: i32, opposing: usize, input: usize): void {
  input += <usize>from << 2;
  let o: usize = 0;
  for (const end = <usize>(n & ~3) << 2; o < end; o += 16) {
    v128.store(input + o, f32x4.sub(v128.load(input + o), v128.load(opposing + o)));
  }
  for (const end = <usize>n << 2; o < end; o += 4) {
    store<f32>(input + o, load<f32>(input + o) - load<f32>(opposing + o));
  }
}

/** drive[k] = input − conductance · rest. */
export function noteDrive(from: i32, n: i32, rest: f32, input: usize, conductance: usize, drive: usize): void {
  const rests = f32x4.splat(rest);
  input += <usize>from << 2;
  conductance += <usize>from << 2;
  let o: usize = 0;
  for (const end = <usize>(n & ~3) << 2; o < end; o += 16) {
    v128.store(drive + o, f32x4.sub(v128.load(input + o), f32x4.mul(v128.load(conductance + o), rests)));
  }
  for (const end = <usize>n << 2; o < end; o += 4) {
    store<f32>(drive + o, load<f32>(input + o) - load<f32>(conductance + o) * rest);
  }
}
