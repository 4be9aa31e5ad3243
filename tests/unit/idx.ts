/** IDX files for tests. */

/** The bytes of an IDX file. */
export function idx(shape: number[], data: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length), view = new DataView(bytes.buffer);
  bytes.set([0, 0, 8, shape.length]);
  shape.forEach((n, k) => view.setUint32(4 + 4 * k, n));
  bytes.set(Array.from(data), 4 + 4 * shape.length);
  return bytes;
}
