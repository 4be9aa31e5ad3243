/**
 * What it takes to begin: time and memory of building 100 million static synapses, bytes of a synapse, and the time of
 * short commands from start to end. Each in a process of its own.
 *
 *     deno run -A bench/footprint.ts [--neurons 125000] [--write]
 */

import { parseArgs } from "../src/deps.ts";
import { provenance } from "../src/cli/provenance.ts";
import { Brain } from "../mod.ts";
import { WORKLOADS } from "../src/tasks/workloads.ts";
import { writeRows } from "./rows.ts";

const flags = parseArgs(Deno.args, {
  string: ["neurons", "only"],
  boolean: ["write"],
  default: { neurons: "125000" },
});

/** A static network of 1,000 synapses a neuron, four fifths of them excitatory. */
async function build(neurons: number) {
  const started = performance.now(), brain = new Brain({ seed: 1 });
  brain.addRegion("cortex", "association", { neurons });
  brain.connect("cortex", "cortex", { outDegree: 800, weight: 0.1 });
  brain.connect("cortex", "cortex", { transmitter: "gaba", outDegree: 800, weight: 0.4 });
  const bytes = brain.arrays.bytes("projection."), buildS = (performance.now() - started) / 1000;
  const status = await Deno.readTextFile("/proc/self/status"), [, peakKb] = /VmHWM:\s*(\d+)/.exec(status)!;
  const synapses = brain.projections.reduce((sum, { weights }) => sum + weights.length, 0);
  return { what: "build", synapses, buildS, peakMb: Number(peakKb) / 1024, bytesPerSynapse: bytes / synapses };
}

/** Bytes of a synapse in the registry, by what it can do. */
function bytesPerSynapse() {
  const kinds = { static: undefined, STDP: "stdp", "R-STDP": "rstdp" } as const;
  return Object.entries(kinds).map(([kind, plasticity]) => {
    const brain = new Brain();
    brain.addRegion("a", "input", { neurons: 1000 });
    brain.addRegion("b", "association", { neurons: 1000 });
    brain.connect("a", "b", { density: 0.5, plasticity });
    return { what: "synapse", kind, bytesPerSynapse: brain.arrays.bytes("projection.") / brain.summary().synapses };
  });
}

/** Median time of a program from start to end, s. */
async function timed(args: string[]): Promise<number> {
  const times: number[] = [];
  for (let k = 0; k < 11; k++) {
    const started = performance.now();
    const { success } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", ...args] }).output();
    if (!success) throw new Error(args.join(" "));
    times.push((performance.now() - started) / 1000);
  }
  return times.sort((a, b) => a - b)[5];
}

const command = (...args: string[]) => timed([new URL("../src/cli/main.ts", import.meta.url).href, ...args]);

if (flags.only === "W1") await WORKLOADS.W1.create(10_000).run(1000);
else if (flags.only === "build") {
  console.log(JSON.stringify(await build(Number(flags.neurons))));
} else {
  const own = ["run", "-A", import.meta.url, "--only", "build", "--neurons", flags.neurons];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: own }).output();
  const brain = `${await Deno.makeTempDir()}/quick.brain`;
  await command("create", brain, "--preset", "quickstart", "--force");
  const here = await provenance();
  const rows = [
    JSON.parse(new TextDecoder().decode(stdout)),
    ...bytesPerSynapse(),
    { what: "command", command: "--help", seconds: await command("--help") },
    { what: "command", command: "inspect quick.brain", seconds: await command("inspect", brain) },
    { what: "process", workload: "W1", neurons: 10_000, seconds: await timed([import.meta.url, "--only", "W1"]) },
  ].map((row) => ({ ...row, ...here }));
  for (const row of rows) console.log(JSON.stringify(row));
  if (flags.write) {
    await writeRows("footprint", rows);
  }
}
