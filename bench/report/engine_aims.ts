/** The aims of the engine: time beside other programs, cores, memory, and the time to begin. */

import { IMAGE_MS } from "../../src/tasks/workloads.ts";
import { median } from "../rows.ts";
import { lines } from "./results.ts";

/** One aim, measured once or over runs, not over seeds. */
export interface EngineAim {
  what: string;
  aim: string;
  shown: string;
  met: boolean;
}

/** Times as long as the peers, at most, by workload and neurons. */
const PEERS: Record<string, { c: number; numpy?: number }> = {
  "W1 10000": { c: 1.8, numpy: 0.3 },
  "W1 100000": { c: 1.6, numpy: 0.6 },
  "W2 1000": { c: 3, numpy: 0.04 },
  "W3 20000": { c: 1.8 },
};

/** At most. */
function atMost(what: string, most: number, value: number, unit: string, digits = 2): EngineAim {
  const shown = value.toFixed(digits);
  return { what: `engine: ${what}`, aim: `≤ ${most} ${unit}`, shown: `${shown} ${unit}`, met: value <= most };
}

/** All of them. */
export async function engineAims(): Promise<EngineAim[]> {
  const runs = Map.groupBy(await lines("peers.jsonl"), (r) => `${r.workload} ${r.neurons}`);
  const middle = (size: string, of: (row: Record<string, { ratio: number }> & Record<string, number>) => number) =>
    median(runs.get(size)!.map(of));
  const peers = Object.entries(PEERS).flatMap(([size, { c, numpy }]) => [
    atMost(`${size} neurons`, c, middle(size, (r) => r.c.ratio), "× plain C"),
    ...numpy === undefined
      ? []
      : [atMost(`${size} neurons`, numpy, middle(size, (r) => r.numpy.ratio), "× numpy", numpy < 0.1 ? 3 : 2)],
  ]);
  const first = Math.max(
    ...[...runs.keys()].map((size) => middle(size, (r) => r.first)),
  );
  const image = middle("W4 400", ({ ours, simMs }) => 1000 * ours / (simMs / IMAGE_MS));
  const runsOnTwo = (await lines("workers.jsonl")).filter((r) => r.what === "run" && r.neurons > 10_000);
  const cores = Map.groupBy(runsOnTwo, ({ workload, neurons }) => `${workload} ${neurons}`);
  const taken = await lines("footprint.jsonl"), of = (what: string) => taken.filter((row) => row.what === what);
  const bytes = (kind: string) => of("synapse").find((row) => row.kind === kind).bytesPerSynapse;
  const [build] = of("build"), [cold] = of("process");
  return [
    ...peers,
    atMost("W4, 400 neurons, an image", 0.5, image, "ms"),
    atMost("first run of a process, worst workload", 1.7, first, "× the second"),
    ...[...cores].map(([size, own]) => {
      // Of several runs the mean.
      const ratio = own.reduce((sum, row) => sum + row.ratio, 0) / own.length;
      return {
        what: `engine: ${size} neurons, 2 workers on as many cores`,
        aim: "≥ 1.6 × one core",
        shown: `${ratio.toFixed(2)} × one core (${own.length} runs)`,
        met: ratio >= 1.6,
      };
    }),
    atMost("a static synapse", 9, bytes("static"), "bytes", 1),
    atMost("a synapse with reward", 21, bytes("R-STDP"), "bytes", 1),
    atMost("building 100 million synapses", 10, build.buildS, "s", 1),
    atMost("memory of that", 1200, build.peakMb, "MB", 0),
    ...of("command").map(({ command, seconds }) => atMost(`\`brainsim ${command}\``, 100, 1000 * seconds, "ms", 0)),
    atMost(`a process that runs W1 ${cold.neurons}, cold`, 0.4, cold.seconds, "s"),
  ];
}
