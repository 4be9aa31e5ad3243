/** NumPy's `.npy` format, version 1.0 (numpy.lib.format). */

import type { AnyArray, Dtype } from "../state/arrays.ts";

const DESCR: Record<Dtype, string> = { f32: "<f4", f64: "<f8", i32: "<i4", u32: "<u4", u16: "<u2", u8: "|u1" };

/** The bytes of an `.npy` file. */
export function encodeNpy(dtype: Dtype, shape: readonly number[], data: AnyArray): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dict = `{'descr': '${DESCR[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version, header length and header together fill a multiple of 64 bytes; the header ends in a newline.
  const header = dict.padEnd(Math.ceil((dict.length + 11) / 64) * 64 - 11) + "\n";
  const bytes = new Uint8Array(10 + header.length + data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + header.length);
  return bytes;
}
