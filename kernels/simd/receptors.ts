/**
 * SIMD twins of kernels/receptors.ts, kernels/threshold.ts and the drive of kernels/competition.ts, in AssemblyScript:
 * arithmetic in double precision on two lanes at a time, so the bytes of the plain twins. Arrays are addresses in the
 * brain's memory; n elements of a region's array meet those of all neurons from `from` on.
 */

import { high, low, narrow } from "./lanes";

/** Receptor channels that inject current. */
export function currentReceptors(from: i32, n: i32, g: usize, mean: f64, decay: f64, input: usize): void {
  const means = f64x2.splat(mean), decays = f64x2.splat(decay);
  input += <usize>from << 2;
  let o: usize = 0;
  for (const end = <usize>(n & ~3) << 2; o < end; o += 16) {
    const x = v128.load(g + o), y = v128.load(input + o), a = low(x), b = high(x);
    v128.store(input + o, narrow(f64x2.add(low(y), f64x2.mul(means, a)), f64x2.add(high(y), f64x2.mul(means, b))));
    v128.store(g + o, narrow(f64x2.mul(a, decays), f64x2.mul(b, decays)));
  }
  for (const end = <usize>n << 2; o < end; o += 4) {
    const x = <f64>load<f32>(g + o);
    store<f32>(input + o, <f32>(<f64>load<f32>(input + o) + mean * x));
    store<f32>(g + o, <f32>(x * decay));
  }
}

/** Receptor channels that open a conductance towards a reversal potential. */
export function conductanceReceptors(
  from: i32,
  n: i32,
  g: usize,
  reversal: f64,
  mean: f64,
  decay: f64,
  input: usize,
  conductance: usize,
): void {
  const means = f64x2.splat(mean), decays = f64x2.splat(decay), reversals = f64x2.splat(reversal);
  input += <usize>from << 2;
  conductance += <usize>from << 2;
  let o: usize = 0;
  for (const end = <usize>(n & ~3) << 2; o < end; o += 16) {
    const x = v128.load(g + o), y = v128.load(input + o), c = v128.load(conductance + o), a = low(x), b = high(x);
    const openA = f64x2.mul(means, a), openB = f64x2.mul(means, b);
    v128.store(conductance + o, narrow(f64x2.add(low(c), openA), f64x2.add(high(c), openB)));
    v128.store(
      input + o,
      narrow(f64x2.add(low(y), f64x2.mul(openA, reversals)), f64x2.add(high(y), f64x2.mul(openB, reversals))),
    );
    v128.store(g + o, narrow(f64x2.mul(a, decays), f64x2.mul(b, decays)));
  }
  for (const end = <usize>n << 2; o < end; o += 4) {
    const x = <f64>load<f32>(g + o), open = mean * x;
    store<f32>(conductance + o, <f32>(<f64>load<f32>(conductance + o) + open));
    store<f32>(input + o, <f32>(<f64>load<f32>(input + o) + open * reversal));
    store<f32>(g + o, <f32>(x * decay));
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
export function noteDrive(from: i32, n: i32, rest: f64, input: usize, conductance: usize, drive: usize): void {
  const rests = f64x2.splat(rest);
  input += <usize>from << 2;
  conductance += <usize>from << 2;
  let o: usize = 0;
  for (const end = <usize>(n & ~3) << 2; o < end; o += 16) {
    const x = v128.load(input + o), g = v128.load(conductance + o);
    const lower = f64x2.sub(low(x), f64x2.mul(low(g), rests)), upper = f64x2.sub(high(x), f64x2.mul(high(g), rests));
    v128.store(drive + o, narrow(lower, upper));
  }
  for (const end = <usize>n << 2; o < end; o += 4) {
    store<f32>(drive + o, <f32>(<f64>load<f32>(input + o) - <f64>load<f32>(conductance + o) * rest));
  }
}
