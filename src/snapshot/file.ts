/** Snapshots on disk: written whole or not at all. */

import { checkKeys } from "../biology/parameters.ts";
import type { Brain } from "../brain/brain.ts";
import { basename, dirname, join } from "../deps.ts";
import { FileError, InputError } from "../state/errors.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot.ts";

/** How to save. */
export interface SaveOptions {
  /** Replace an existing file (default false). */
  overwrite?: boolean;
}

/**
 * Saves the whole state of a brain. The file appears complete or not at all.
 *
 * @param path by convention ending in `.brain`
 * @throws {InputError} when the file exists and `overwrite` is not set
 * @throws {FileError} when it cannot be written
 */
export async function saveBrain(brain: Brain, path: string, options: SaveOptions = {}): Promise<void> {
  checkKeys("Cannot save: options", options as unknown, ["overwrite"]);
  await writeWhole(path, encodeSnapshot(brain), options);
}

/**
 * Loads a brain. It goes on exactly where it was saved: the same arrays, byte for byte, as if it had never stopped.
 * @throws {FileError} when the file cannot be read or is not a valid snapshot
 */
export async function loadBrain(path: string): Promise<Brain> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    throw new FileError(`Cannot read snapshot "${path}": ${reason(error)}`);
  }
  try {
    return decodeSnapshot(bytes);
  } catch (error) {
    if (error instanceof FileError) throw new FileError(`Cannot read snapshot "${path}": ${error.message}`);
    throw error;
  }
}

/**
 * Writes a file under a temporary name beside it, flushes it, and renames it.
 * @throws {InputError} when the file exists and `overwrite` is not set
 * @throws {FileError} when it cannot be written
 */
export async function writeWhole(
  path: string,
  bytes: Uint8Array,
  { overwrite = false }: SaveOptions = {},
): Promise<void> {
  if (!overwrite && await exists(path)) {
    throw new InputError(`Cannot write "${path}": the file exists; choose another name, or give { overwrite: true }`);
  }
  const temporary = join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}.tmp`);
  try {
    using file = await Deno.open(temporary, { write: true, create: true, truncate: true });
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at, at + (1 << 24)));
    await file.sync();
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw new FileError(`Cannot write "${path}": ${reason(error)}`);
  }
}

/** Whether there is a file or folder of this name. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw new FileError(`Cannot look at "${path}": ${reason(error)}`);
  }
}

/** Why the system refused, in words. */
export function reason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file or folder";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.NotCapable) {
    return 'this program has no permission for it ("-" means standard input or output)';
  }
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  return error instanceof Error ? error.message : String(error);
}
