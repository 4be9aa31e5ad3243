/** Ways to run the command line from tests: as a process of its own, or within this one. */

import { assert, assertEquals } from "@std/assert";
import { main } from "../../src/cli/main.ts";

/** The program's file. */
export const MAIN = new URL("../../src/cli/main.ts", import.meta.url).pathname;

/** What a command left behind. */
export interface Outcome {
  code: number;
  out: string;
  err: string;
  /** Standard output as it was. */
  bytes: Uint8Array<ArrayBuffer>;
}

/** Joins pieces of bytes. */
function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((n, piece) => n + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Runs `brainsim …` as a process. */
export function brainsim(
  args: readonly string[],
  options: { cwd?: string; stdin?: Uint8Array; env?: Record<string, string> } = {},
): Promise<Outcome> {
  return program(Deno.execPath(), ["run", "-A", MAIN, ...args], options);
}

/** Runs lines of bash in which `brainsim` is the command. */
export function bash(script: string, cwd: string): Promise<Outcome> {
  const call = `brainsim() { "${Deno.execPath()}" run -A "${MAIN}" "$@"; }`;
  return program("bash", ["-c", `${call}\n${script}`], { cwd });
}

/** Runs any program. */
export async function program(
  name: string,
  args: readonly string[],
  { cwd, stdin, env }: { cwd?: string; stdin?: Uint8Array; env?: Record<string, string> } = {},
): Promise<Outcome> {
  const command = new Deno.Command(name, {
    args: [...args],
    cwd,
    stdin: stdin ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1", ...env },
  });
  const child = command.spawn();
  if (stdin) {
    const writer = child.stdin.getWriter();
    // A program that does not read its input to the end is its own affair.
    await writer.write(stdin).then(() => writer.close()).catch(() => {});
  }
  const { code, stdout, stderr } = await child.output();
  return { code, out: text(stdout), err: text(stderr), bytes: stdout.slice() };
}

/** Runs `brainsim …` within this process: faster, with the same words on the same streams. */
export async function within(...args: string[]): Promise<Outcome> {
  const out: Uint8Array[] = [], err: Uint8Array[] = [];
  const take = (pieces: Uint8Array[]) => (data: Uint8Array) => pieces.push(data.slice()) && data.length;
  const line = (pieces: Uint8Array[]) => (...words: unknown[]) =>
    void pieces.push(new TextEncoder().encode(`${words.join(" ")}\n`));
  const own = { log: console.log, error: console.error };
  const { stdout, stderr } = Deno as { stdout: { writeSync?: unknown }; stderr: { writeSync?: unknown } };
  stdout.writeSync = take(out);
  stderr.writeSync = take(err);
  Object.assign(console, { log: line(out), error: line(err) });
  try {
    const code = await main(args), bytes = joined(out);
    return { code, out: text(bytes), err: text(joined(err)), bytes };
  } finally {
    Object.assign(console, own);
    // Uncovers the methods of the prototypes again.
    delete stdout.writeSync;
    delete stderr.writeSync;
  }
}

/** Claims that a command succeeded, and returns what it left. */
export function succeeded(outcome: Outcome): Outcome {
  assertEquals(outcome.code, 0, outcome.err + outcome.out);
  return outcome;
}

/** Claims that a command failed with a code and one line on stderr that holds all these words, and said nothing else. */
export function refused(outcome: Outcome, code: number, ...words: string[]): void {
  assertEquals(outcome.code, code, outcome.err + outcome.out);
  assertEquals(outcome.out, "", "nothing on stdout");
  assert(/^error: [^\n]+\n$/.test(outcome.err), `one line: ${outcome.err}`);
  assert(!/\bat .*\.ts:\d+/.test(outcome.err), `no stack trace: ${outcome.err}`);
  for (const word of words) assert(outcome.err.includes(word), `"${word}" in: ${outcome.err}`);
}

/** A JSON record of a command. */
export interface JsonRecord {
  type: string;
  v: number;
  // deno-lint-ignore no-explicit-any
  [key: string]: any;
}

/** The records of a command run with --json: every line parses, has a known type and v 1, and the last is `end`. */
export function records({ out }: Outcome): JsonRecord[] {
  assert(out.endsWith("\n"), `lines: ${out}`);
  const all = out.trimEnd().split("\n").map((line) => JSON.parse(line) as JsonRecord);
  for (const { type, v } of all) {
    assert(["begin", "progress", "metric", "checkpoint", "warning", "end"].includes(type), `type ${type}`);
    assertEquals(v, 1);
  }
  assertEquals(all.findIndex(({ type }) => type === "end"), all.length - 1, "one end, and it is last");
  return all;
}

/** The `end` record of a command that succeeded. */
export function end(outcome: Outcome): JsonRecord {
  return records(succeeded(outcome)).at(-1)!;
}

/** Runs with the path of an empty folder, which is removed afterwards. */
export async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Names in a folder, sorted. */
export function list(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** Whether two files' contents are equal: in a failed claim about bytes, nobody wants to see them all. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, k) => byte === b[k]);
}
