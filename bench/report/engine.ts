/** How fast the engine is, on one core and several, and what it takes. */

import { IMAGE_MS, WORKLOADS } from "../../src/tasks/workloads.ts";
import { median } from "../rows.ts";
import { lines } from "./results.ts";

/** The section. */
export async function peers(): Promise<string> {
  const rows = await lines("peers.jsonl"),
    [against] = await lines("against.jsonl"),
    profiles = await lines("profile.jsonl");
  const number = (x: number | null, digits = 2) => x === null ? "–" : x.toFixed(digits);
  const sizes = [...new Set(rows.map(({ workload, neurons }) => `${workload} ${neurons}`))];
  const line = (size: string) => {
    const own = rows.filter(({ workload, neurons }) => `${workload} ${neurons}` === size),
      [{ workload, neurons }] = own;
    // deno-lint-ignore no-explicit-any
    const middle = (of: (row: any) => number | undefined, digits: number) =>
      of(own[0]) === undefined ? "–" : median(own.map((row) => of(row)!)).toFixed(digits);
    // deno-lint-ignore no-explicit-any
    const range = (of: (row: any) => number | undefined) => {
      if (of(own[0]) === undefined) return "–";
      const values = own.map((row) => of(row)!);
      return `**${median(values).toFixed(2)}** (${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)})`;
    };
    return `| ${workload} | ${neurons} | ${middle((r) => r.ours, 3)} | ${middle((r) => r.first, 2)} | ${
      middle((r) => r.c.s, 3)
    } | ${middle((r) => r.numpy?.s, 3)} | ${range((r) => r.c.ratio)} | ${range((r) => r.numpy?.ratio)} | ${
      own[0].rateHz.map((x: number) => x.toFixed(workload === "W4" ? 3 : 1)).join(", ")
    } | ${own[0].bytesPerSynapse.toFixed(1)} |`;
  };
  // deno-lint-ignore no-explicit-any
  const perImage = (neurons: number, of: (row: any) => number) => {
    const own = rows.filter((row) => row.workload === "W4" && row.neurons === neurons);
    return number(median(own.map((row) => 1000 * of(row) / (row.simMs / IMAGE_MS))));
  };
  const stages = [...new Set(profiles.flatMap(({ us }) => Object.keys(us)))].filter((stage) =>
    profiles.some(({ us }) => us[stage] >= 0.1)
  );
  return `## The engine beside other programs

CPU seconds of the run alone, one thread; in each run of the script medians of ${
    rows[0].rounds
  } alternating rounds, below the medians
(and ranges) over ${
    1 + Math.max(...rows.map(({ run }) => run))
  } such runs; so a ratio is the middle one of those runs, not the ratio of the times beside it. Ours is the
second time of the same work in a process, the compile time of the others is not counted either; \`first\` is the time of
the first over that of the second. Peers: plain C (gcc -O3 -march=native -ffast-math) and numpy (bench/peers), on networks
drawn in the same way. In W2 ours and C change weights at each event, numpy once a second; in W3 the neurons of C fire a
tenth more, which is more work for it.

${Object.entries(WORKLOADS).map(([name, { meaning, simMs }]) => `- ${name}, ${simMs / 1000} s: ${meaning}`).join("\n")}

| workload | neurons | ours (s) | first | plain C (s) | numpy (s) | ours / C | ours / numpy | rate, ours and C (Hz) | bytes a synapse |
|---|---|---|---|---|---|---|---|---|---|
${sizes.map(line).join("\n")}

W4, an image of ${IMAGE_MS} ms: with 400 neurons ${perImage(400, (r) => r.ours)} ms learning, ${
    perImage(400, (r) => r.frozenS)
  } ms with plasticity frozen, C ${perImage(400, (r) => r.c.s)} ms learning; with 1,600
${perImage(1600, (r) => r.ours)}, ${perImage(1600, (r) => r.frozenS)} and ${
    perImage(1600, (r) => r.c.s)
  } ms. C adds sixteen weights at a time there (AVX-512), WebAssembly four; and the V8 of
Deno 2.9.6 asks at each access whether it lies in memory (denoland/deno, issue 35658), which one of Node leaves to the processor.

Where the time of a step goes, by stage (src/engine/step.ts), µs, warm (bench/profile.ts):

| workload | neurons | ${stages.join(" | ")} |
|---|---|${stages.map(() => "---|").join("")}
${
    profiles.map(({ workload, neurons, us }) =>
      `| ${workload} | ${neurons} | ${stages.map((stage) => us[stage]?.toFixed(1) ?? "–").join(" | ")} |`
    ).join("\n")
  }

The quick start costs ${
    number(against.microsecondsNow)
  } µs a step; before all mechanisms of regions but noise were added (commit ${against.revision}), on plain kernels, it
cost ${number(against.microsecondsThen)} (ratio ${number(against.ratio)}; of the fastest runs ${
    number(against.ratioOfFastest)
  }).

Machine: ${rows[0].machine}; commit ${rows[0].commit}; ${
    rows[0].date.slice(0, 10)
  }. Again: \`deno run -A bench/peers.ts --runs 3\`, \`deno run -A bench/profile.ts\`, \`deno run -A bench/against.ts ${against.revision}\`.
`;
}

/** The section. */
export async function workers(): Promise<string> {
  const machines = await Promise.all(["workers.jsonl", "workers_16.jsonl"].map(lines));
  return `## One brain on several cores

Wall time of the same work, warm, medians of alternating rounds; afterwards the two brains, or all answers, are compared.
Time to start the workers counts where they answer. The last column: as many separate brains as workers, one on each core,
at once, over one alone: what the machine itself lets several cores gain (–: not measured). Where a line stands twice the script ran twice
within ten minutes: the host of that machine is shared.

${machines.map(onMachine).join("\n")}`;
}

/** What was measured on one machine. */
// deno-lint-ignore no-explicit-any
function onMachine(rows: any[]): string {
  const [first] = rows, of = (what: string) => rows.filter((row) => row.what === what);
  const ceiling = (r: typeof first) =>
    of("sideBySide").find((s) => s.workload === r.workload && s.neurons === r.neurons && s.workers === r.workers);
  const line = (r: typeof first, work: string) =>
    `| ${r.workload} | ${r.neurons} | ${work} | ${r.oneS.toFixed(3)} | ${r.workers} | ${r.severalS.toFixed(3)} | ${
      r.ratio.toFixed(2)
    } | ${r.same ? "yes" : "no"} | ${ceiling(r)?.ratio.toFixed(2) ?? "–"} |`;
  const stages = [...new Set(of("split").flatMap(({ eachUs }) => Object.keys(eachUs[0])))];
  const total = (us: Record<string, number>) => Object.values(us).reduce((a, b) => a + b, 0);
  const part = (r: typeof first, where: string, us: Record<string, number>) =>
    `| ${r.workload} | ${r.neurons} | ${where} | ${stages.map((stage) => us[stage]?.toFixed(1) ?? "–").join(" | ")} | ${
      total(us).toFixed(1)
    } |`;
  const halved = ({ oneUs, workers }: typeof first) =>
    Object.fromEntries(Object.entries<number>(oneUs).map(([stage, us]) => [stage, us / workers]));
  return `| workload | neurons | work | one core (s) | workers | with them (s) | ratio | same bytes | separate brains |
|---|---|---|---|---|---|---|---|---|
${
    [
      ...of("run").map((r) => line(r, `runs ${r.simMs} ms`)),
      ...of("answers").map((r) => line(r, `answers ${r.samples} images, frozen`)),
    ].join("\n")
  }

Where the time of a step goes, µs, with ${
    of("split")[0].workers
  } workers: what one core needs, divided by their number, and
what each of them needs. \`exchange\` is telling each other the spikes and listing them, \`wait\` until the slower one has come.

| workload | neurons | where | ${stages.join(" | ")} | sum |
|---|---|---|${stages.map(() => "---|").join("")}---|
${
    of("split").filter(({ workers }) => workers === of("split")[0].workers).flatMap((r) => [
      part(r, `one core / ${r.workers}`, halved(r)),
      ...r.eachUs.map((us: Record<string, number>, me: number) => part(r, `worker ${me + 1}`, us)),
    ]).join("\n")
  }

Machine: ${first.machine}; ${first.date.slice(0, 10)}, ${
    [...new Set(of("run").map(({ rounds }) => rounds))].join(" and ")
  } rounds. Again: \`deno run -A bench/workers.ts --workers ${
    [...new Set(of("run").map(({ workers }) => workers))].join(",")
  }\`.
`;
}

/** The section. */
export async function footprint(): Promise<string> {
  const rows = await lines("footprint.jsonl"), build = rows.find(({ what }) => what === "build");
  const of = (what: string) => rows.filter((row) => row.what === what), [binary] = await lines("binary.jsonl");
  const ms = ({ medianMs }: { medianMs: number }) => medianMs.toFixed(0);
  return `## What it takes to begin

Building ${(build.synapses / 1e6).toFixed(0)} million static synapses: ${build.buildS.toFixed(1)} s, ${
    build.peakMb.toFixed(0)
  } MB of resident memory at most.

Bytes of a synapse, 1,000 × 1,000 neurons: ${
    of("synapse").map(({ kind, bytesPerSynapse }) => `${kind} ${bytesPerSynapse.toFixed(1)}`).join(", ")
  }.

From start to end in a checkout: ${
    of("command").map(({ command, seconds }) => `\`brainsim ${command}\` ${(1000 * seconds).toFixed(0)} ms`).join(", ")
  }; a process that builds and runs W1 with ${of("process")[0].neurons} neurons, cold, ${
    of("process")[0].seconds.toFixed(2)
  } s.

The compiled program, in which the runtime is that of ${/Deno [\d.]+/.exec(binary.program)![0]}: ${
    (binary.bytes / 1e6).toFixed(1)
  } MB, ${(binary.gzipBytes / 1e6).toFixed(1)} MB packed with gzip; from start to end \`--help\` ${
    ms(binary.help)
  } ms, \`inspect\` of the quick
start ${ms(binary.inspect)} ms (from sources ${ms(binary.helpOfSources)} and ${
    ms(binary.inspectOfSources)
  } ms; medians of ${binary.runs}).

Machine: ${rows[0].machine}; ${
    rows[0].date.slice(0, 10)
  }. Again: \`deno run -A bench/footprint.ts\`, \`deno task compile && deno run -A bench/binary.ts\`.
`;
}

/** The section. */
export async function scaling(): Promise<string> {
  const rows = await lines("scaling.jsonl");
  return `## Work follows activity, not synapses

The same network with the same spikes, with S and with 10 S synapses (the additional ones between silent neurons), time
per step, medians of ${rows[0].usPerStep.length} alternating runs. R-STDP: with dopamine above baseline all the time.

| synapses | S | 10 S | µs a step | µs a step, 10 S | ratio |
|---|---|---|---|---|---|
${
    rows.map((r) =>
      `| ${r.kind} | ${r.synapses} | ${r.manySynapses} | ${median(r.usPerStep).toFixed(1)} | ${
        median(r.manyUsPerStep).toFixed(1)
      } | ${r.ratio.toFixed(2)} |`
    ).join("\n")
  }

Machine: ${rows[0].machine}; ${rows[0].date.slice(0, 10)}. Again: \`deno run -A bench/scaling.ts\`.
`;
}
