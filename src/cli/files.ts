/** Brains and texts from and to files, `-` being standard input or output. */

import type { Brain } from "../brain/brain.ts";
import { dirname } from "../deps.ts";
import { FileError, InputError } from "../state/errors.ts";
import { exists, reason, writeWhole } from "../snapshot/file.ts";
import { decodeSnapshot, encodeSnapshot } from "../snapshot/snapshot.ts";
import type { Given } from "./command.ts";
import type { Output } from "./output.ts";

/** All of standard input. */
async function standardInput(): Promise<Uint8Array> {
  return new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer());
}

/**
 * The bytes of a file, or of standard input for `-`.
 * @param kind what it is, for the message
 * @throws {FileError} when it cannot be read
 */
export async function readBytes(kind: string, path: string): Promise<Uint8Array> {
  try {
    return path === "-" ? await standardInput() : await Deno.readFile(path);
  } catch (error) {
    throw new FileError(`Cannot read ${kind} "${path}": ${reason(error)}`);
  }
}

/** The text of a file, or of standard input for `-`. */
export async function readText(kind: string, path: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(kind, path));
}

/**
 * The brain in a file, or in standard input for `-`.
 * @throws {FileError} when it cannot be read
 */
export async function readBrain(path: string): Promise<Brain> {
  const bytes = await readBytes("snapshot", path);
  try {
    return decodeSnapshot(bytes);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new FileError(
      `Cannot read snapshot "${path}": ${error.message}; expected a whole file made by brainsim create or saveBrain`,
    );
  }
}

/**
 * Refuses an output that exists or cannot be written, before any work is done.
 * @param remedy how to give it another name
 * @throws {InputError} when the file exists and `--force` was not given, or bytes would mix with records
 * @throws {Error} when its folder is missing
 */
export async function refuseExisting(path: string, given: Given, remedy = "choose another name"): Promise<void> {
  if (path === "-") {
    if (given.has("json")) {
      throw new InputError("standard output cannot hold both --json records and a brain; give one");
    }
    return;
  }
  await writing(async () => {
    if (!await exists(dirname(path))) throw new FileError(`Cannot write "${path}": no folder "${dirname(path)}"`);
    if (!given.has("force") && await exists(path)) {
      throw new InputError(`Cannot write "${path}": the file exists; ${remedy}, or overwrite it with --force`);
    }
  });
}

/** A file that cannot be written is a failure of the run; only one that cannot be read has an exit code of its own. */
async function writing(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw error instanceof FileError ? new Error(error.message) : error;
  }
}

/** Writes a file whole, or standard output for `-`. What may be overwritten was settled by {@linkcode refuseExisting}. */
export async function writeBytes(path: string, bytes: Uint8Array, output: Output): Promise<void> {
  if (path === "-") output.bytes(bytes);
  else await writing(() => writeWhole(path, bytes, { overwrite: true }));
}

/** Writes a brain to a file, or to standard output for `-`. */
export async function writeBrain(path: string, brain: Brain, output: Output): Promise<void> {
  await writeBytes(path, encodeSnapshot(brain), output);
}
