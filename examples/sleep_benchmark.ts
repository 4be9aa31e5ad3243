/**
 * Digits of five classes, then of five others by a rule that overwrites them, with rests in between (src/tasks/sleep.ts):
 * what replay in sleep keeps of the first. Draws what is left of both tasks, a line a seed. The benchmark with all arms is
 * `brainsim benchmark sleep`.
 *
 *     deno run -A examples/sleep_benchmark.ts [--seeds 1] [--quick] [--draw DIR]
 */

import { COLOURS } from "../src/plot/figure.ts";
import { xyPlot } from "../src/plot/plots.ts";
import { claim, draw, flags, mean } from "./claim.ts";
import { meanValue, outcomes, printMeans } from "./outcomes.ts";

const ARMS = ["replay", "silent", "shuffled", "no-rest"], own = flags({ seeds: 1 });
const found = await outcomes("sleep", ARMS, own);
printMeans(found);
const curves = ARMS.flatMap((arm, k) =>
  found[arm].map(({ details }, n) => ({
    name: n > 0 ? "" : arm,
    x: [1, 2],
    y: (details.retention as number[][]).map(([first]) => first),
    colour: COLOURS[k],
  }))
);
draw("sleep.svg", xyPlot("First task", { label: "tasks learnt" }, { label: "accuracy", min: 0, max: 1 }, curves));
const rests = (arm: string, what: string) =>
  mean(found[arm].map(({ details }) => (details.rests as Record<string, number>)[what]));
claim("replays make the network fire in its sleep", rests("replay", "spikes") > 0, rests("replay", "spikes"));
claim("and weights learn from it", rests("replay", "weights") > 0, rests("replay", "weights"));
const changes = rests("silent", "weights") + rests("silent", "thresholds");
claim("a silent sleep has the same replays, and changes nothing", changes === 0, rests("silent", "replays"));
// The short form has too few neurons and images for the rest.
if (!own.quick) {
  const [replay, silent, shuffled] = ["replay", "silent", "shuffled"].map((arm) => meanValue(found[arm]));
  claim("with replay more is left of the first digits than after silent sleep", replay > silent, replay - silent);
  claim("or after shuffled episodes", replay > shuffled, replay - shuffled);
}
