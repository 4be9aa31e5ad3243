/**
 * What the present tree costs against an earlier revision: the quick start, with no mechanism beyond the foundation's,
 * timed in fresh processes of both trees in turn. Mechanisms that are off must cost nothing.
 *
 *     deno run -A bench/against.ts REVISION [--runs 9]
 */

import { parseArgs } from "../src/deps.ts";
import { provenance } from "../src/cli/provenance.ts";
import { median, writeRows } from "./rows.ts";

const { _: [revision], runs } = parseArgs(Deno.args, { string: ["_", "runs"], default: { runs: "9" } });
if (revision === undefined) throw new Error("give a revision, such as HEAD~5");

/** Prints microseconds a step of the quick start, second run in its process. */
const PROGRAM = `
const { Brain, PRESETS } = await import(Deno.args[0] + "/mod.ts");
const brain = Brain.fromSpec({ ...PRESETS.quickstart.spec, seed: 1 });
brain.stimulate("input", [0.8, 0.3, 0.5]);
await brain.run(20000);
const started = performance.now();
await brain.run(100000);
console.log((performance.now() - started) / 100);
`;

const here = new URL("..", import.meta.url).pathname, there = await Deno.makeTempDir({ prefix: "brainsim-against-" });
const git = async (...args: string[]) => {
  const { success, stdout, stderr } = await new Deno.Command("git", { args: ["-C", here, ...args] }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
};
const commit = await git("rev-parse", "--short=12", String(revision));
await git("worktree", "add", "--detach", "--force", there, commit);
try {
  const file = `${there}/against_program.ts`;
  await Deno.writeTextFile(file, PROGRAM);
  const time = async (tree: string): Promise<number> => {
    const args = ["run", "-A", "--config", `${tree}/deno.json`, file, `file://${tree}`];
    return Number(new TextDecoder().decode((await new Deno.Command(Deno.execPath(), { args }).output()).stdout));
  };
  const now: number[] = [], then: number[] = [];
  for (let k = 0; k < Number(runs); k++) {
    then.push(await time(there));
    now.push(await time(here));
  }
  const row = {
    bench: "against",
    revision: commit,
    head: await git("rev-parse", "--short=12", "HEAD"),
    microsecondsThen: median(then),
    microsecondsNow: median(now),
    ratio: median(now) / median(then),
    ratioOfFastest: Math.min(...now) / Math.min(...then),
    runs: Number(runs),
    ...await provenance(),
  };
  console.log(JSON.stringify(row));
  await writeRows("against", [row]);
} finally {
  await git("worktree", "remove", "--force", there);
}
