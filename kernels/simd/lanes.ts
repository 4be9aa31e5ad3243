/** Four single-precision lanes as two times two of double precision, and back, in AssemblyScript. */

/** The two lower lanes, in double precision. */
@inline
export function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

/** The two upper lanes, in double precision. */
@inline
export function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
}

/** Four single-precision lanes from two times two, rounded. */
@inline
export function narrow(lower: v128, upper: v128): v128 {
  const a = f32x4.demote_f64x2_zero(lower), b = f32x4.demote_f64x2_zero(upper);
  return i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
}
