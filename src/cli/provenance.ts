/** Where a row of a benchmark comes from. */

import { VERSION } from "./version.ts";

/** What goes with every row. */
export interface Provenance {
  version: string;
  /** Of the checkout, with a mark when something in it was changed; null where there is none. */
  commit: string | null;
  machine: string;
  date: string;
}

/** This program, on this machine, now. */
export async function provenance(): Promise<Provenance> {
  return { version: VERSION, commit: await commit(), machine: await machine(), date: new Date().toISOString() };
}

/** The commit of the checkout this program runs from, if it is one. */
async function commit(): Promise<string | null> {
  try {
    const cwd = new URL(".", import.meta.url);
    const run = async (...args: string[]) => {
      const { success, stdout } = await new Deno.Command("git", { args, cwd, stderr: "null" }).output();
      return success ? new TextDecoder().decode(stdout).trim() : null;
    };
    const head = await run("rev-parse", "--short=12", "HEAD");
    return head && await run("status", "--porcelain", "--untracked-files=no") ? `${head}+changes` : head;
  } catch {
    return null;
  }
}

/** The machine in words: processor, cores, system. */
async function machine(): Promise<string> {
  let processor = Deno.build.arch as string;
  try {
    const { cpus } = await import("../std/node/os.ts");
    processor = cpus()[0]?.model ?? processor;
  } catch { /* not allowed to look */ }
  return `${processor}, ${navigator.hardwareConcurrency} cores, ${Deno.build.os}, Deno ${Deno.version.deno}`;
}
