/**
 * SIMD twins of kernels/stimulus.ts, in AssemblyScript. Arrays are addresses in the brain's memory; ranges need no
 * alignment, and neurons left over at the end of a range are lanes of their own. All give the bytes of their plain twins.
 */

import { heldInteger } from "./held";

/** input[i] += current[i], for n elements. */
export function addCurrents(n: i32, current: usize, input: usize): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const o = <usize>i << 2;
    v128.store(input + o, f32x4.add(v128.load(input + o), v128.load(current + o)));
  }
  for (; i < n; i++) {
    const o = <usize>i << 2;
    store<f32>(input + o, load<f32>(input + o) + load<f32>(current + o));
  }
}

/** Factors of `mix`. */
const FACTOR_A: i32 = 0x21f0aaad, FACTOR_B: i32 = 0xd35a2d97;

/** The permutation of src/state/random.ts on four numbers, given its two factors. */
@inline
function mix(x: v128, a: v128, b: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), a);
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), b);
  return v128.xor(x, i32x4.shr_u(x, 15));
}

/**
 * Gaussian noise from a table of quantiles times the standard deviation; the same bits as `gaussianNoise`. Places in the
 * table go by way of 32 bytes of memory, which is quicker than lane by lane.
 */
export function gaussianNoise(from: i32, to: i32, table: usize, key: i32, input: usize, places: usize): void {
  const keys = i32x4.splat(key), twist = v128.xor(i32x4.shr_u(keys, 7), i32x4.shl(keys, 13));
  const factorA = heldInteger(FACTOR_A), factorB = heldInteger(FACTOR_B), four = heldInteger(4);
  // Pairs of neighbours share a hash: blocks begin with an even neuron.
  let i = from & ~1, at = i32x4.add(i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(i >> 1)), keys);
  for (; i < to; i += 8) {
    const bits = mix(v128.xor(mix(at, factorA, factorB), twist), factorA, factorB), even = place(bits), odd = place(i32x4.shl(bits, 12));
    v128.store(places, i8x16.shuffle(even, odd, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23));
    v128.store(
      places,
      i8x16.shuffle(even, odd, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31),
      16,
    );
    at = i32x4.add(at, four);
    const o = input + (<usize>i << 2);
    if (i >= from && i + 8 <= to) {
      v128.store(o, f32x4.add(v128.load(o), lookUp(table, places)));
      v128.store(o, f32x4.add(v128.load(o, 16), lookUp(table, places + 16)), 16);
    } else {
      const first = <usize>max(0, from - i) << 2, end = <usize>min(8, to - i) << 2;
      for (let k = first; k < end; k += 4) {
        store<f32>(o + k, load<f32>(o + k) + load<f32>(table + <usize>load<u32>(places + k)));
      }
    }
  }
}

/** Where the 12 top bits of each lane look into a table, in bytes. */
@inline
function place(bits: v128): v128 {
  return i32x4.shl(i32x4.shr_u(bits, 20), 2);
}

/** Four numbers of a table. */
@inline
function lookUp(table: usize, places: usize): v128 {
  let x = v128.load32_zero(table + <usize>load<u32>(places));
  x = v128.load_lane<f32>(table + <usize>load<u32>(places, 4), x, 1);
  x = v128.load_lane<f32>(table + <usize>load<u32>(places, 8), x, 2);
  return v128.load_lane<f32>(table + <usize>load<u32>(places, 12), x, 3);
}

/** What all but one in 64 numbers of 16 bits lie below. */
const OFTEN: u32 = 0xfc00;

/** Poisson shot noise, eight neurons at a time; the same numbers of events as `poissonNoise`. */
export function poissonNoise(
  from: i32,
  to: i32,
  thresholds: usize,
  count: i32,
  amount: f32,
  key: i32,
  input: usize,
): void {
  const keys = i32x4.splat(key), twist = v128.xor(i32x4.shr_u(keys, 7), i32x4.shl(keys, 13));
  const factorA = heldInteger(FACTOR_A), factorB = heldInteger(FACTOR_B), four = heldInteger(4);
  let i = from & ~1, at = i32x4.add(i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(i >> 1)), keys);
  // Thresholds that are often reached are compared without asking: a branch that cannot be foretold costs more.
  let often = 0;
  while (often < count && load<u32>(thresholds + (<usize>often << 2)) < OFTEN) often++;
  for (; i < to; i += 8) {
    const u = mix(v128.xor(mix(at, factorA, factorB), twist), factorA, factorB), o = input + (<usize>i << 2);
    at = i32x4.add(at, four);
    let n = i16x8.splat(0);
    for (let k = 0; k < often; k++) {
      n = i16x8.sub(n, i16x8.le_u(v128.load16_splat(thresholds + (<usize>k << 2)), u));
    }
    for (let k = often; k < count; k++) {
      const reached = i16x8.le_u(v128.load16_splat(thresholds + (<usize>k << 2)), u);
      if (!v128.any_true(reached)) break;
      n = i16x8.sub(n, reached);
    }
    if (!v128.any_true(n)) continue;
    const low = events(i32x4.extend_low_i16x8_u(n), amount), high = events(i32x4.extend_high_i16x8_u(n), amount);
    if (i >= from && i + 8 <= to) {
      v128.store(o, f32x4.add(v128.load(o), low));
      v128.store(o, f32x4.add(v128.load(o, 16), high), 16);
    } else {
      addLanes(o, low, from - i, to - i);
      addLanes(o + 16, high, from - i - 4, to - i - 4);
    }
  }
}

/** What numbers of events add. */
@inline
function events(n: v128, amount: f32): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(n), f32x4.splat(amount));
}

/** Adds lanes from … to − 1 of four. */
function addLanes(o: usize, x: v128, from: i32, to: i32): void {
  if (from <= 0 && to > 0) store<f32>(o, load<f32>(o) + f32x4.extract_lane(x, 0));
  if (from <= 1 && to > 1) store<f32>(o, load<f32>(o, 4) + f32x4.extract_lane(x, 1), 4);
  if (from <= 2 && to > 2) store<f32>(o, load<f32>(o, 8) + f32x4.extract_lane(x, 2), 8);
  if (from <= 3 && to > 3) store<f32>(o, load<f32>(o, 12) + f32x4.extract_lane(x, 3), 12);
}

/** Lifts v to the peak where a lane of `fires` is set; neurons from i on, at most `left` of them. */
@inline
function lift(v: usize, i: i32, left: i32, fires: v128): void {
  let bits = i32x4.bitmask(fires);
  if (left < 4) bits &= (1 << left) - 1;
  while (bits !== 0) {
    store<f32>(v + (<usize>(i + ctz(bits)) << 2), 30);
    bits &= bits - 1;
  }
}

/** Spikes with probability `value[k]`. */
export function poissonTrain(from: i32, n: i32, value: usize, key: i32, v: usize): void {
  const keys = i32x4.splat(key), twist = v128.xor(i32x4.shr_u(keys, 7), i32x4.shl(keys, 13));
  const factorA = heldInteger(FACTOR_A), factorB = heldInteger(FACTOR_B), four = heldInteger(4);
  let at = i32x4.add(i32x4(0, 1, 2, 3), keys);
  for (let k = 0; k < n; k += 4) {
    const p = v128.load(value + (<usize>k << 2));
    if (v128.any_true(p)) {
      const u = f32x4.convert_i32x4_u(i32x4.shr_u(mix(v128.xor(mix(at, factorA, factorB), twist), factorA, factorB), 8));
      lift(v, from + k, n - k, f32x4.lt(f32x4.mul(u, f32x4.splat(5.9604644775390625e-8)), p));
    }
    at = i32x4.add(at, four);
  }
}
