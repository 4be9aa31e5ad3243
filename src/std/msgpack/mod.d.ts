/** A value that MessagePack can hold. */
export type ValueType =
  | number
  | bigint
  | string
  | boolean
  | null
  | Uint8Array
  | ValueType[]
  | ValueMap;

/** A map of MessagePack: a plain object. Keys are written as text; a key read as a number becomes text. */
export interface ValueMap {
  [key: string]: ValueType;
}

/**
 * Writes a value as MessagePack.
 *
 * Whole numbers from −2³¹ to 2³² − 1 take the smallest integer form, all other numbers float64, `bigint` 64 bits,
 * `Uint8Array` the binary form. Only plain objects are maps.
 *
 * @param object The value.
 * @returns The bytes, in a buffer of their own.
 * @throws {Error} When something is no {@linkcode ValueType} (`undefined`: a TypeError), or longer than 32 bits allow.
 */
export function encode(object: ValueType): Uint8Array<ArrayBuffer>;

/**
 * Reads one MessagePack value.
 *
 * Binary values are views into `data`, not copies, and start at any offset: copy before making, say, a Float32Array of
 * them. 64-bit integers come as `bigint`. The structure is not limited in depth, so hostile data can overflow the stack
 * (RangeError); a key `__proto__` sets the prototype of the one object that it stands in.
 *
 * @param data The bytes; all of them have to belong to the value.
 * @throws {EvalError} When the bytes end too early or go on after the value.
 * @throws {Error} On a form that is not supported (extension types).
 */
export function decode(data: Uint8Array): ValueType;
