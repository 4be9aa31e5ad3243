/**
 * Renders BENCHMARKS.md from the raw rows under bench/results: all that was measured here stands in them. A section is a
 * function of bench/report.
 *
 *     deno task bench:render
 */

import { diagnosis } from "./report/diagnosis.ts";
import { footprint, peers, scaling, workers } from "./report/engine.ts";
import { gpu } from "./report/gpu.ts";
import { degradation, mnist, mnistLocal, mnistReward } from "./report/images.ts";
import { fewShot, forgetting, growth, sleep } from "./report/lasting.ts";
import { association, gridNavigation, iris } from "./report/reward.ts";
import { summary } from "./report/summary.ts";

/** The text of BENCHMARKS.md; figures are written beside. */
export async function benchmarks(): Promise<string> {
  return `# Benchmarks

Rendered by bench/render.ts from the raw rows under bench/results; not edited by hand. Mean ± standard deviation over
seeds; intervals are Student's t. Times are those of one core, from seconds (Iris) to twenty minutes (digits, some arms)
a seed and arm, in most tables; what arms share counts to the first of them. A command repeated from here prints its table;
\`--output DIR\` keeps its rows.

${await summary()}
${await iris()}
${await gridNavigation()}
${await association()}
${await mnist()}
${await diagnosis()}
${await mnistLocal()}
${await mnistReward()}
${await degradation()}
${await fewShot()}
${await forgetting()}
${await sleep()}
${await growth()}
${await peers()}
${await workers()}
${await gpu()}
${await footprint()}
${await scaling()}`;
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL("../BENCHMARKS.md", import.meta.url), await benchmarks());
}
