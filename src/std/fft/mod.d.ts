/** Fast Fourier transforms of one length (radix 4, in place of tables made once). Complex arrays interleave re and im. */
export default class FFT {
  /** @param size length, a power of two above 1 */
  constructor(size: number);
  /** Length. */
  readonly size: number;
  /** A complex array of the right length. */
  createComplexArray(): number[];
  /** Transform of a complex array. */
  transform(out: Float64Array | number[], data: ArrayLike<number>): void;
  /** Transform of a real array: fills the first half of `out`. */
  realTransform(out: Float64Array | number[], data: ArrayLike<number>): void;
  /** Fills the second half of a real array's transform: the conjugate of the first. */
  completeSpectrum(spectrum: Float64Array | number[]): void;
  /** Inverse transform of a complex array, divided by the length. */
  inverseTransform(out: Float64Array | number[], data: ArrayLike<number>): void;
}
