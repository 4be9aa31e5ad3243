/**
 * The main job from beginning to end, with the program's own commands: a brain is made and driven, another learns to
 * tell three species of iris by reward, is saved, looked at, loaded again, and classifies flowers it never saw.
 *
 *     deno task demo
 */

import { loadBrain } from "../mod.ts";
import { main } from "../src/cli/main.ts";
import { iris } from "../src/tasks/iris.ts";

const folder = await Deno.makeTempDir({ prefix: "brainsim-demo-" });

/** Runs a command line and shows it. */
async function brainsim(line: string): Promise<void> {
  console.log(`\n$ brainsim ${line}`);
  const code = await main(line.split(" ").map((word) => word.replace("@", `${folder}/`)));
  if (code !== 0) throw new Error(`brainsim ${line} ended with code ${code}`);
}

console.log("A brain of three regions, stimulated for five seconds:");
await brainsim("create @quick.brain --preset quickstart --seed 1");
await brainsim("run @quick.brain --for 5s --stimulate input=0.8,0.3,0.5 --output @later.brain");

console.log(
  "\nA brain that learns to classify flowers, each class rewarded or punished for its own share of the spikes:",
);
await brainsim("train --task iris --seed 0 --output @iris.brain");
await brainsim("inspect @iris.brain --check");

console.log("\nLoaded again, it classifies the flowers it never saw:");
const trainer = await iris.resume(await loadBrain(`${folder}/iris.brain`));
const { score, tested, ties, silent } = await trainer.evaluate();
console.log(`${Math.round(score * tested)} of ${tested} right, ${ties} ties, ${silent} without an answer`);
await Deno.remove(folder, { recursive: true });
if (score < 0.8) throw new Error(`accuracy ${score} is far below what this task reaches`);
