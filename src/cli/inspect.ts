/** `brainsim inspect`: what is in a brain, and is it healthy. */

import type { Brain } from "../brain/brain.ts";
import { histogram, type WeightHistogram } from "../brain/histogram.ts";
import type { StructureLog } from "../brain/structure.ts";
import type { Summary } from "../brain/summary.ts";
import { InputError } from "../state/errors.ts";
import { type Command, INDICES, parseIndices } from "./command.ts";
import { EXIT } from "./exit.ts";
import { columns, type Output, simulated, size } from "./output.ts";

/** The command. */
export const inspect: Command = {
  name: "inspect",
  meaning: "shows what is in a brain",
  operands: ["FILE.brain"],
  arity: [1, 1],
  examples: [
    "brainsim create quick.brain --preset quickstart --force && brainsim inspect quick.brain --check",
    "brainsim create quick.brain --preset quickstart --force && brainsim inspect quick.brain --weights 'input->cortex' --json",
  ],
  flags: [
    { name: "check", meaning: "test every invariant; exit code 3 when one fails" },
    { name: "weights", value: "NAME", repeat: true, meaning: "the distribution of a projection's weights" },
    { name: "structure", meaning: "how neurons and synapses came and went over time" },
    { name: "traces", value: "REGION", repeat: true, meaning: "the memory traces of a region" },
    {
      name: "recall",
      value: "REGION=NEURONS",
      repeat: true,
      meaning: "what a cue brings back, such as cortex=3,7..12 (the file stays as it is)",
    },
    { name: "arrays", meaning: "every array: type, shape, unit, meaning, bytes" },
    { name: "spec", meaning: "the description, as JSON for create --spec" },
    { name: "compare", value: "OTHER.brain", meaning: "what differs; exit code 1 when anything does" },
  ],
  async run(given, output) {
    const { readBrain } = await import("./files.ts");
    const brain = await readBrain(given.positionals[0]);
    if (given.has("spec")) {
      const other = ["check", "weights", "structure", "traces", "recall", "arrays", "compare"].find((name) =>
        given.has(name)
      );
      if (other) throw new InputError(`--spec prints the description alone; leave --${other} out`);
      const text = JSON.stringify(brain.spec, null, output.json ? 0 : 2);
      output.result(text);
      output.record("end", { spec: brain.spec });
      return EXIT.done;
    }
    // All that may be refused comes before anything is shown.
    for (const name of given.list("weights")) brain.projection(name);
    const traces = given.list("traces").map((region) => tracesOf(brain, region));
    const recalls = await Promise.all(given.list("recall").map((text) => recallBy(brain, text)));
    const summary = brain.summary();
    const end: Record<string, unknown> = { ...summary };
    let code: number = EXIT.done;
    if (given.has("compare")) {
      const other = await readBrain(given.text("compare")!);
      const { description, step, arrays } = compare(brain, other);
      const differences = [...description.length > 0 ? ["description"] : [], ...step, ...arrays];
      end.identical = differences.length === 0;
      end.differences = differences;
      end.description = description;
      const parts = [
        ...description.length > 0 ? [`description (${description.join("; ")})`] : [],
        ...step,
        ...arrays.length > 0 ? [named(arrays)] : [],
      ];
      output.result(
        parts.length === 0
          ? `identical: description, step and all ${[...brain.arrays.entries()].length} arrays`
          : `different: ${parts.join("; ")}`,
      );
      if (parts.length > 0) code = EXIT.failed;
    } else {
      show(summary, output);
      end.history = brain.history;
    }
    if (given.has("arrays")) {
      const arrays = [...brain.arrays.entries()].map(({ name, dtype, shape, unit, meaning, data, derived }) => ({
        name,
        dtype,
        shape,
        unit,
        meaning,
        bytes: data.byteLength,
        derived: derived ?? false,
      }));
      end.arrays = arrays;
      output.result(columns([
        ["array", "type", "unit", "bytes", "meaning"],
        ...arrays.map((a) => [a.name, `${a.dtype}[${a.shape.join(", ")}]`, a.unit, size(a.bytes), a.meaning]),
      ]));
    }
    if (given.has("structure")) {
      const logs = brain.structureLog;
      // Typed arrays are objects in JSON.
      const plain = (column: string | Uint32Array | Float64Array) => typeof column === "string" ? column : [...column];
      end.structure = logs.map((log) =>
        Object.fromEntries(Object.entries(log).map(([key, column]) => [key, plain(column)]))
      );
      if (logs.length === 0) output.result("\nnothing grows in this brain (options growth and structure)");
      for (const log of logs) output.result(structureTable(log));
    }
    if (traces.length > 0) end.traces = traces.flatMap(({ list }) => list);
    for (const { region, list } of traces) output.result(traceTable(region, list));
    if (recalls.length > 0) end.recalls = recalls;
    for (const recall of recalls) output.result(recallText(recall));
    for (const name of given.list("weights")) {
      const weights = histogram(brain.projection(name));
      output.record("metric", { name: "weights", ...weights });
      output.result(bars(weights));
    }
    if (given.has("check")) {
      const { checkState } = await import("../brain/check.ts");
      const checks = checkState(brain.spec, brain.arrays);
      end.checks = checks;
      for (const { claim, ok } of checks) output.result(`${ok ? "ok    " : "FAILED"}  ${claim}`);
      if (checks.some(({ ok }) => !ok)) code = EXIT.unreadable;
    }
    output.record("end", end);
    return code;
  },
};

function show(s: Summary, output: Output): void {
  output.result(
    `${s.neurons} neurons, ${s.synapses} synapses, ${size(s.bytes)}; ${simulated(s.timeMs)} simulated ` +
      `(step ${s.step} of ${s.dtMs} ms), seed ${s.seed}, scheme ${s.scheme}${
        s.asleepMs > 0 ? `; asleep for another ${simulated(s.asleepMs)}` : ""
      }\n`,
  );
  output.result(columns([
    ["region", "type", "neurons", "inhibitory", "running rate (Hz)", "lifetime (Hz)", "silent", "stimulus"],
    ...s.regions.map((r) => [
      r.name,
      r.type,
      String(r.neurons),
      String(r.inhibitory),
      r.rateHz.toFixed(1),
      r.lifetimeRateHz.toFixed(1),
      String(r.silent),
      r.stimulus ?? "–",
    ]),
  ]));
  const mechanisms = s.regions.flatMap(({ name, mechanisms }) =>
    Object.entries(mechanisms).map(([mechanism, state]) => [
      name,
      mechanism,
      Object.entries(state).map(([key, value]) =>
        `${key} ${typeof value === "number" ? Number(value.toPrecision(3)) : value}`
      )
        .join(", ") || "on",
    ])
  );
  if (mechanisms.length > 0) {
    output.result("");
    output.result(columns([["region", "mechanism", "state"], ...mechanisms]));
  }
  output.result("");
  output.result(columns([
    ["projection", "transmitter", "receptor", "synapses", "layout", "plasticity", "mean weight", "saturated", "bytes"],
    ...s.projections.map((p) => [
      p.name,
      p.transmitter,
      p.receptor,
      String(p.synapses),
      p.layout,
      [
        `${p.plasticity ?? "–"}${p.rule && p.rule !== "pair" ? ` ${p.rule}` : ""}${
          p.plasticity && !p.plastic ? " (frozen)" : ""
        }`,
        ...p.shortTerm ? ["short-term"] : [],
        ...p.formed !== null ? [`structure (+${p.formed} −${p.pruned})`] : [],
      ].join(" + "),
      p.meanWeight.toPrecision(3),
      p.saturated === null ? "–" : `${(100 * p.saturated).toFixed(1)} %`,
      size(p.bytes),
    ]),
  ]));
}

/** Neurons of a trace that a person reads. */
const TRACE_NEURONS = 12;

function listed(neurons: readonly number[]): string {
  return neurons.slice(0, TRACE_NEURONS).join(", ") + (neurons.length > TRACE_NEURONS ? ", …" : "");
}

/** A region's memory traces as plain data. */
function tracesOf(brain: Brain, region: string) {
  const list = brain.traces(region).map(({ neurons, latencyMs, strength, seenMs }) => ({
    region,
    neurons: [...neurons],
    latencyMs: [...latencyMs],
    strength,
    seenMs,
  }));
  return { region, list };
}

function traceTable(region: string, list: ReturnType<typeof tracesOf>["list"]): string {
  return `\n${list.length} memory ${list.length === 1 ? "trace" : "traces"} of ${region}\n` + columns([
    ["trace", "neurons", "occurrences", "last seen (s)", "which"],
    ...list.map(({ neurons, strength, seenMs }, k) => [
      ...[k, neurons.length, strength].map(String),
      (seenMs / 1000).toFixed(1),
      listed(neurons),
    ]),
  ]);
}

/** Gives a cue, `REGION=NEURONS`, to a copy of the brain. */
async function recallBy(brain: Brain, text: string) {
  const [, region, neurons] = new RegExp(`^([^=]+)=(${INDICES})$`).exec(text) ?? [];
  if (region === undefined) {
    throw new InputError(`--recall is ${JSON.stringify(text)}; expected REGION=NEURONS, such as cortex=3,7..12`);
  }
  const [begin, end] = brain.region(region).range, cue = parseIndices(`--recall ${text}: neuron`, neurons, end - begin);
  const { trace, overlap, precision, recalled } = await brain.clone().recall(region, cue);
  return { cue: text, region, trace, overlap, precision, recalled: [...recalled] };
}

function recallText({ cue, trace, overlap, recalled }: Awaited<ReturnType<typeof recallBy>>): string {
  if (trace < 0) return `\n${cue}: no memory trace holds these neurons; ${recalled.length} others fired`;
  if (recalled.length === 0) return `\n${cue}: trace ${trace}, but nothing came back`;
  const share = `${(100 * overlap).toFixed(0)} % of its other neurons`;
  return `\n${cue}: trace ${trace}, ${share}, among ${recalled.length} that fired: ${listed(recalled)}`;
}

/** Rows of a structure log that a person reads. */
const STRUCTURE_ROWS = 10;

function structureTable({ target, timeMs, count, born, died, lesioned }: StructureLog): string {
  const shown = Array.from(
    { length: Math.min(STRUCTURE_ROWS, timeMs.length) },
    (_, k, n = Math.min(STRUCTURE_ROWS, timeMs.length)) => Math.round((timeMs.length - 1) * (n > 1 ? k / (n - 1) : 1)),
  );
  const [things, births, deaths] = target.startsWith("region")
    ? ["neurons", "births", "deaths"]
    : ["synapses", "formed", "pruned"];
  const tallies = [count, born, died, ...lesioned ? [lesioned] : []];
  const looks = shown.length < timeMs.length ? ` (${shown.length} of ${timeMs.length} looks; --json has all)` : "";
  return `\n${target}${looks}\n` + columns([
    ["time (s)", things, births, deaths, ...lesioned ? ["lesioned"] : []],
    ...shown.map((r) => [(timeMs[r] / 1000).toFixed(0), ...tallies.map((tally) => String(tally[r]))]),
  ]);
}

/** Arrays that are named in words; JSON has them all. */
const NAMED_ARRAYS = 5;

function named(arrays: readonly string[]): string {
  const more = arrays.length - NAMED_ARRAYS;
  return `${arrays.length} ${arrays.length === 1 ? "array" : "arrays"}: ${arrays.slice(0, NAMED_ARRAYS).join(", ")}` +
    (more > 0 ? ` and ${more} more` : "");
}

/** What differs between two brains: fields of the description, the step, and arrays by name. */
function compare(a: Brain, b: Brain): { description: string[]; step: string[]; arrays: string[] } {
  const one: Record<string, unknown> = { ...a.spec }, two: Record<string, unknown> = { ...b.spec };
  const description = [...new Set([...Object.keys(one), ...Object.keys(two)])].flatMap((field) => {
    const [x, y] = [one[field], two[field]].map((value) => JSON.stringify(value));
    return x === y ? [] : [typeof one[field] === "object" ? field : `${field}: ${x} and ${y}`];
  });
  const step = a.stepCount === b.stepCount ? [] : [`step (${a.stepCount} and ${b.stepCount})`];
  const arrays: string[] = [];
  for (const { name, data } of a.arrays.entries()) {
    if (!b.arrays.has(name)) arrays.push(`${name} (missing in the second)`);
    else if (!equalBytes(data, b.arrays.entry(name).data)) arrays.push(name);
  }
  for (const { name } of b.arrays.entries()) {
    if (!a.arrays.has(name)) arrays.push(`${name} (missing in the first)`);
  }
  return { description, step, arrays };
}

function equalBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  if (a.byteLength !== b.byteLength) return false;
  const x = new Uint8Array(a.buffer, a.byteOffset, a.byteLength),
    y = new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}

function bars({ projection, synapses, min, max, mean, sd, binWidth, counts }: WeightHistogram): string {
  const most = Math.max(1, ...counts);
  return [
    `\nweights of ${projection}: ${synapses}, ${min.toPrecision(3)} to ${max.toPrecision(3)}, mean ${
      mean.toPrecision(3)
    }, sd ${sd.toPrecision(3)}`,
    ...counts.map((n, k) =>
      `${(k * binWidth).toFixed(2).padStart(8)}  ${"█".repeat(Math.round(40 * n / most))}${n > 0 ? ` ${n}` : ""}`
    ),
  ].join("\n");
}
