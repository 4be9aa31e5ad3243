/**
 * The `.brain` format: one msgpack map
 *
 *     format: "brainsim", version: 2, spec: {…}, step, arrays: {name: {dtype, shape, unit, data}},
 *     checksums: {name: CRC-32 of data, …, spec: CRC-32 of its msgpack bytes, step, history, notes likewise},
 *     history: […], notes: {…}
 *
 * Arrays are little-endian binaries, so five lines of Python read them (README). Derived arrays are not in the file. A
 * reader trusts nothing: every length, index and checksum is checked before anything is built from it.
 */

import { Brain, type HistoryEntry } from "../brain/brain.ts";
import { checkIndices } from "../brain/check.ts";
import { declareArrays, planBrain } from "../brain/plan.ts";
import { resolveSpec } from "../brain/resolve.ts";
import type { ResolvedSpec } from "../brain/spec.ts";
import { decode, encode, type ValueMap, type ValueType } from "../deps.ts";
import { crc32 } from "../std/node/zlib.ts";
import { scratchBytes } from "../engine/cpu/simd.ts";
import { type AnyArray, Arrays, bytesPerElement, elements, isDtype, toArray } from "../state/arrays.ts";
import { FileError, show } from "../state/errors.ts";

/** Version of the format that is written. */
export const SNAPSHOT_VERSION = 2;

/** The bytes of a snapshot of a brain. */
export function encodeSnapshot(brain: Brain): Uint8Array {
  const arrays: ValueMap = {}, checksums: ValueMap = {};
  for (const { name, dtype, shape, unit, data, derived } of brain.arrays.entries()) {
    if (derived) continue;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    arrays[name] = { dtype, shape, unit, data: bytes };
    checksums[name] = crc32(bytes);
  }
  const rest = {
    spec: plain(brain.spec),
    step: brain.stepCount,
    history: plain(brain.history),
    notes: plain(brain.notes),
  };
  for (const [name, value] of Object.entries(rest)) checksums[name] = crc32(encode(value));
  const { spec, step, ...after } = rest;
  return encode({ format: "brainsim", version: SNAPSHOT_VERSION, spec, step, arrays, checksums, ...after });
}

/** JSON data without undefined values. */
function plain(value: unknown): ValueType {
  return JSON.parse(JSON.stringify(value));
}

/**
 * The brain in the bytes of a snapshot.
 * @throws {FileError} when they are not a snapshot, are damaged, or come from a newer version
 */
export function decodeSnapshot(bytes: Uint8Array): Brain {
  let map: unknown;
  try {
    map = decode(bytes);
  } catch {
    throw new FileError(looksLikeSnapshot(bytes) ? "it is truncated or damaged" : "it is not a brainsim snapshot");
  }
  if (field(map, "format") !== "brainsim") throw new FileError("it is not a brainsim snapshot");
  const version = field(map, "version");
  if (version !== SNAPSHOT_VERSION) {
    throw new FileError(`it has format version ${show(version)}; this program reads version ${SNAPSHOT_VERSION}`);
  }
  let spec: ResolvedSpec;
  try {
    spec = resolveSpec(field(map, "spec"));
  } catch (error) {
    throw new FileError(`its description is invalid: ${error instanceof Error ? error.message : error}`);
  }
  const step = field(map, "step");
  if (!Number.isInteger(step) || (step as number) < 0 || (step as number) >= 2 ** 31) {
    throw new FileError(`its step is ${show(step)}`);
  }
  const arrays = readArrays(spec, field(map, "arrays"), field(map, "checksums"));
  for (const name of ["spec", "step", "history", "notes"]) checkPart(map, name);
  const history = field(map, "history"), notes = field(map, "notes");
  const brain = Brain.fromState(spec, arrays, step as number);
  try {
    for (const entry of Array.isArray(history) ? plain(history) as unknown as HistoryEntry[] : []) {
      brain.history.push(entry);
    }
    if (isMap(notes)) Object.assign(brain.notes, plain(notes));
  } catch {
    throw new FileError("its history or notes are not plain data");
  }
  return brain;
}

/** Whether bytes begin as a snapshot does: for a better message about damaged ones. */
function looksLikeSnapshot(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(0, 32)).includes("format\xa8brainsim");
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function field(map: unknown, name: string): unknown {
  return isMap(map) && Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Checks the checksum of a part that is no array. */
function checkPart(map: unknown, name: string): void {
  let sum: number | undefined;
  try {
    sum = crc32(encode(field(map, name) as ValueType));
  } catch { /* nothing that a snapshot holds */ }
  if (sum === undefined || sum !== field(field(map, "checksums"), name)) {
    throw new FileError(`its ${name} is damaged (checksum)`);
  }
}

/** Indices that were saved wider than they need be, as older files did. */
function narrowed(name: string, data: AnyArray): Uint16Array {
  for (const index of data) if (index >= 2 ** 16) throw new FileError(`array "${name}" holds ${index}; below 65536`);
  return Uint16Array.from(data);
}

/** Checks all saved arrays against what the description asks for, and makes the registry. */
function readArrays(spec: ResolvedSpec, saved: unknown, checksums: unknown): Arrays {
  const plan = planBrain(spec);
  const shapeOf = (name: string): number[] => {
    const shape = field(field(saved, name), "shape");
    const valid = Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && n >= 0);
    if (!valid) throw new FileError(`array "${name}" is missing or has no shape`);
    return shape as number[];
  };
  const declared = declareArrays(plan, (projection) => elements(shapeOf(`projection.${projection}.target`)));
  const stored = declared.filter(({ derived }) => !derived);
  const known = new Set(stored.map(({ name }) => name));
  const extra = isMap(saved) ? Object.keys(saved).find((name) => !known.has(name)) : undefined;
  if (extra !== undefined) throw new FileError(`it has an array ${show(extra)} that its description does not call for`);
  const data = new Map(stored.map(({ name, dtype, shape }) => {
    const entry = field(saved, name), bytes = field(entry, "data");
    const stored = field(entry, "dtype");
    const fits = isDtype(stored) && (stored === dtype || (stored === "u32" && dtype === "u16")) &&
      shapeOf(name).join() === shape.join() && bytes instanceof Uint8Array &&
      bytes.length === elements(shape) * bytesPerElement(stored);
    if (!fits) throw new FileError(`array "${name}" is not ${dtype}[${shape.join(", ")}]`);
    if (crc32(bytes) !== field(checksums, name)) throw new FileError(`array "${name}" is damaged (checksum)`);
    const data = toArray(stored, bytes);
    return [name, stored === dtype ? data : narrowed(name, data)];
  }));
  const arrays = new Arrays(declared, scratchBytes(plan));
  for (const info of declared) arrays.add(info, data.get(info.name));
  const wrong = checkIndices(plan, arrays);
  if (wrong.length > 0) throw new FileError(wrong[0]);
  return arrays;
}
