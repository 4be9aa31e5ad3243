import { assert, assertEquals, assertNotEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  type ArrayInfo,
  Arrays,
  bytesPerElement,
  type Dtype,
  elements,
  isDtype,
  toArray,
} from "../../src/state/arrays.ts";

const DTYPES: readonly Dtype[] = ["f32", "f64", "i32", "u32", "u16", "u8"];

function info<D extends Dtype>(name: string, dtype: D, shape: number[]): ArrayInfo<D> {
  return { name, dtype, shape, unit: "1", meaning: "for the test" };
}

Deno.test("a declared array has the product of its sizes as length and is all zeros", () => {
  for (const dtype of DTYPES) {
    const data = new Arrays().add(info("a", dtype, [2, 3, 4]));
    assertEquals(data.length, 24);
    assertEquals(data.BYTES_PER_ELEMENT, bytesPerElement(dtype));
    assert(data.every((x) => x === 0));
  }
});

Deno.test("an array of shape [] has one element, one with a size of zero has none", () => {
  const arrays = new Arrays();
  assertEquals(arrays.add(info("scalar", "f32", [])).length, 1);
  assertEquals(arrays.add(info("empty", "f32", [5, 0])).length, 0);
  assertEquals([elements([]), elements([5, 0]), elements([2, 3])], [1, 0, 6]);
});

Deno.test("existing data are taken over, not copied", () => {
  const arrays = new Arrays(), own = Float32Array.of(1, 2, 3);
  assertStrictEquals(arrays.add(info("a", "f32", [3]), own), own);
  assertStrictEquals(arrays.get("a", "f32"), own);
});

Deno.test("existing data of another type or length are refused, naming the array", () => {
  const arrays = new Arrays();
  assertThrows(() => arrays.add(info("a", "f32", [3]), new Float64Array(3)), TypeError, "a");
  assertThrows(() => arrays.add(info("a", "f32", [2, 2]), new Float32Array(3)), TypeError, "f32[2, 2]");
  assert(!arrays.has("a"), "a refused array is not declared");
});

Deno.test("a name is declared once", () => {
  const arrays = new Arrays();
  arrays.add(info("a", "f32", [1]));
  assertThrows(() => arrays.add(info("a", "u8", [1])), Error, '"a"');
});

Deno.test("an array too large to allocate is refused with its name, shape and size", () => {
  assertThrows(() => new Arrays().add(info("huge", "f64", [2 ** 30, 2 ** 20])), RangeError, "1073741824 × 1048576");
});

Deno.test("an array is only given out as the type it has", () => {
  const arrays = new Arrays();
  arrays.add(info("a", "u32", [1]));
  assertThrows(() => arrays.get("a", "f32"), TypeError, "u32");
  assertThrows(() => arrays.get("b", "f32"), Error, '"b"');
  assertThrows(() => arrays.entry("b"), Error, '"b"');
});

Deno.test("arrays come in the order of declaration, with what was declared", () => {
  const arrays = new Arrays();
  arrays.add({ ...info("z", "u8", [2]), derived: true });
  arrays.add(info("a", "f64", [1]));
  assertEquals([...arrays.entries()].map(({ name }) => name), ["z", "a"]);
  const { dtype, shape, unit, derived } = arrays.entry("z");
  assertEquals({ dtype, shape, unit, derived }, { dtype: "u8", shape: [2], unit: "1", derived: true });
});

Deno.test("bytes are counted by the beginning of the name", () => {
  const arrays = new Arrays();
  arrays.add(info("x.a", "f64", [3]));
  arrays.add(info("x.b", "u16", [3]));
  arrays.add(info("y", "u8", [5]));
  assertEquals([arrays.bytes(), arrays.bytes("x."), arrays.bytes("y"), arrays.bytes("q")], [35, 30, 5, 0]);
});

Deno.test("bytes become the same elements again, from any offset of a buffer, as a copy", () => {
  const original = { f32: [1.5, -0, NaN], f64: [Math.PI, -Infinity, 5e-324], i32: [-1, 2 ** 31 - 1, 0] };
  for (const [dtype, values] of Object.entries(original) as [Dtype, number[]][]) {
    const data = new Arrays().add(info("a", dtype, [3]));
    data.set(values);
    const shifted = new Uint8Array(data.byteLength + 3);
    shifted.set(new Uint8Array(data.buffer), 3);
    const view = shifted.subarray(3);
    const again = toArray(dtype, view);
    assertEquals(again, data);
    assertNotEquals(again.buffer as ArrayBufferLike, view.buffer);
    view.fill(7);
    assertEquals(again, data);
  }
});

Deno.test("only the names of element types are element types", () => {
  assert(DTYPES.every(isDtype));
  for (const other of ["f16", "", "toString", "__proto__", undefined, null, 3]) assert(!isDtype(other), String(other));
});
