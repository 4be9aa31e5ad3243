/** NumPy files, read back by a reader of their own made from the format's description (numpy.lib.format). */

import { assert, assertEquals } from "@std/assert";
import { encodeNpy } from "../../src/io/npy.ts";
import { type AnyArray, type Dtype, toArray } from "../../src/state/arrays.ts";

const DTYPES: Record<string, Dtype> = {
  "<f4": "f32",
  "<f8": "f64",
  "<i4": "i32",
  "<u4": "u32",
  "<u2": "u16",
  "|u1": "u8",
};

/** Type, shape and elements of an .npy file of version 1.0 in C order. */
function decodeNpy(bytes: Uint8Array): { dtype: Dtype; shape: number[]; data: AnyArray } {
  assertEquals([...bytes.subarray(0, 8)], [0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  const length = bytes[8] + 256 * bytes[9];
  assertEquals((10 + length) % 64, 0, "data begin at a multiple of 64");
  const header = new TextDecoder("ascii").decode(bytes.subarray(10, 10 + length));
  assert(header.endsWith("\n"));
  const [, descr, shape] = /^\{'descr': '(.*)', 'fortran_order': False, 'shape': \((.*)\), \} *\n$/.exec(header) ?? [];
  assert(descr !== undefined, header);
  const dtype = DTYPES[descr];
  return {
    dtype,
    shape: shape.split(",").filter((s) => s.trim() !== "").map(Number),
    data: toArray(dtype, bytes.subarray(10 + length)),
  };
}

Deno.test("every element type and shape reads back as it was", () => {
  const cases: [Dtype, number[], AnyArray][] = [
    ["f32", [3], Float32Array.of(1.5, -0, NaN)],
    ["f64", [2, 3], Float64Array.of(1, 2, 3, Math.PI, Infinity, 5e-324)],
    ["i32", [2], Int32Array.of(-1, 2 ** 31 - 1)],
    ["u32", [1, 1], Uint32Array.of(2 ** 32 - 1)],
    ["u16", [2, 2, 2], Uint16Array.from({ length: 8 }, (_, k) => k * 9000)],
    ["u8", [5], Uint8Array.of(0, 1, 2, 254, 255)],
    ["f32", [0], new Float32Array(0)],
    ["f64", [0, 2], new Float64Array(0)],
  ];
  for (const [dtype, shape, data] of cases) {
    assertEquals(decodeNpy(encodeNpy(dtype, shape, data)), { dtype, shape, data });
  }
});

Deno.test("a list of one number has a shape of one, with the comma that Python needs", () => {
  const text = new TextDecoder("latin1").decode(encodeNpy("u8", [1], Uint8Array.of(7)));
  assert(text.includes("'shape': (1,), }"), text);
});

Deno.test("headers of any length are padded to a multiple of 64", () => {
  for (let digits = 1; digits < 80; digits++) {
    const shape = [0, ...Array.from({ length: digits }, () => 1)];
    assertEquals(decodeNpy(encodeNpy("u8", shape, new Uint8Array(0))).shape, shape);
  }
});

Deno.test("a part of a larger buffer is written alone", () => {
  const whole = Float32Array.of(1, 2, 3, 4);
  assertEquals(decodeNpy(encodeNpy("f32", [2], whole.subarray(1, 3))).data, Float32Array.of(2, 3));
});
