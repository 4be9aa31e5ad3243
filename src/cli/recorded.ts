/** What a run records, and the files it goes to. */

import type { Brain } from "../brain/brain.ts";
import type { Recording, RecordOptions } from "../brain/recording.ts";
import { seriesToCsv, spikesToCsv } from "../io/csv.ts";
import { encodeNpy } from "../io/npy.ts";
import { plot, PLOTTED, type Plotted, seriesOf } from "../plot/recording.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import type { Flag, Given } from "./command.ts";

/** The flags. */
export const RECORD_FLAGS: readonly Flag[] = [
  {
    name: "record",
    value: "WHAT",
    repeat: true,
    meaning: "notes spikes[:REGION], rates, v:REGION[0..9], lfp:REGION or weights:NAME, separated by commas",
  },
  {
    name: "record-to",
    value: "PREFIX",
    needs: ["record", "plot"],
    meaning: "beginning of the names of recorded files (default: that of --output, or of FILE.brain)",
  },
  {
    name: "record-format",
    value: "NAME",
    choices: ["csv", "npy"],
    needs: ["record", "plot"],
    meaning: "format of recorded files",
  },
  { name: "plot", meaning: "draw what is recorded, as SVG (default: spikes and rates)" },
];

/** One thing to record: `v:cortex[0..9]` → kind v, name cortex, neurons 0 to 9. */
interface Request {
  /** As it was typed. */
  text: string;
  kind: Plotted;
  name?: string;
  first: number;
  last: number;
}

/** What `--record` (and `--plot`) ask for. */
function requests(given: Given): Request[] {
  const asked = given.list("record");
  return (asked.length === 0 && given.has("plot") ? ["spikes,rates"] : asked).flatMap((text) => text.split(",")).map(
    (text) => {
      const [, kind, name, first, last] =
        /^(spikes|rates|v|lfp|weights)(?::([^[]+)(?:\[(\d+)(?:\.\.(\d+))?\])?)?$/.exec(text) ?? [];
      const bad = kind === undefined || (kind === "rates" && name) || ((kind === "v") !== (first !== undefined)) ||
        (name === undefined && (kind === "v" || kind === "lfp" || kind === "weights"));
      if (bad) {
        throw new InputError(
          `--record is ${
            show(text)
          }; expected spikes[:REGION], rates, v:REGION[FIRST..LAST], lfp:REGION or weights:NAME`,
        );
      }
      if (last !== undefined && Number(last) < Number(first)) {
        throw new InputError(`--record is ${show(text)}; expected v:REGION[FIRST..LAST], ascending`);
      }
      return {
        text,
        kind: kind as Request["kind"],
        name,
        first: Number(first ?? 0),
        last: Number(last ?? first ?? 0),
      };
    },
  );
}

/**
 * The options of `brain.record` for what is asked.
 * @throws {InputError} naming what was typed, when the brain has no such region, projection or neuron
 */
export function recordOptions(given: Given, brain: Brain): RecordOptions {
  const all = requests(given), of = (kind: string) => all.filter((r) => r.kind === kind);
  for (const { text, kind, name, last } of all) {
    if (name === undefined) continue;
    const kinds = kind === "weights" ? "projections" : "regions", known = brain[kinds].map((x) => x.name);
    if (!known.includes(name)) {
      throw new InputError(
        `Cannot record ${show(text)}: no such ${kinds.slice(0, -1)}; ${knownNames(kinds, name, known)}`,
      );
    }
    const { neurons } = kind === "v" ? { neurons: brain.region(name).spec.maxNeurons } : { neurons: Infinity };
    if (last >= neurons) {
      throw new InputError(
        `Cannot record ${show(text)}: the neurons of "${name}" are numbered from 0 to ${neurons - 1}`,
      );
    }
  }
  const spikes = of("spikes");
  return {
    spikes: spikes.some((r) => r.name === undefined) || spikes.map((r) => r.name!),
    rates: of("rates").length > 0,
    v: Object.fromEntries(
      of("v").map(({ name, first, last }) => [name!, Array.from({ length: last - first + 1 }, (_, k) => first + k)]),
    ),
    lfp: of("lfp").map((r) => r.name!),
    weights: of("weights").map((r) => r.name!),
  };
}

/** A file to write after the run. */
export interface RecordedFile {
  file: string;
  bytes(recording: Recording, brain: Brain): Uint8Array;
}

/** A file for each thing recorded, and one for its plot. */
export function recordedFiles(given: Given, brainPath: string): RecordedFile[] {
  const named = [given.text("output"), brainPath].find((path) => path !== undefined && path !== "-") ?? "brain";
  const prefix = given.text("record-to") ?? named.replace(/\.brain$/, "");
  const data = given.has("record") ? [given.text("record-format") ?? "csv"] : [];
  const formats = [...data, ...given.has("plot") ? ["svg"] : []];
  const files = requests(given).flatMap((request) => {
    const parts = [request.kind, request.name].filter((x) => x !== undefined);
    const stem = `${prefix}.${
      parts.join(".").replaceAll("->", "-to-").replaceAll("-|", "-inhibits-").replaceAll(/[^A-Za-z0-9_.-]+/g, "_")
    }`;
    return formats.map((format): RecordedFile => ({
      file: `${stem}.${format}`,
      bytes: (recording, brain) => {
        if (format === "npy") return toNpy(recording, request);
        const text = format === "svg"
          ? plot(brain, recording, request.kind, request.name).svg
          : toCsv(recording, request);
        return new TextEncoder().encode(text);
      },
    }));
  });
  const twice = files.find(({ file }, k) => files.findIndex((other) => other.file === file) !== k);
  if (twice) throw new InputError(`--record asks twice for "${twice.file}"; name each thing once`);
  return files;
}

function toCsv(recording: Recording, request: Request): string {
  if (request.kind === "spikes") return spikesToCsv(recording.spikes(request.name));
  return seriesToCsv(seriesOf(recording, request.kind, request.name), PLOTTED[request.kind]);
}

/** Rows of (neuron, t_ms), or of (t_ms, values …). */
function toNpy(recording: Recording, request: Request): Uint8Array {
  if (request.kind === "spikes") {
    const { neuron, timeMs } = recording.spikes(request.name), n = neuron.length;
    return encodeNpy("f64", [n, 2], Float64Array.from({ length: 2 * n }, (_, k) => (k % 2 ? timeMs : neuron)[k >> 1]));
  }
  const { timeMs, columns, values } = seriesOf(recording, request.kind, request.name), width = columns.length + 1;
  const rows = new Float64Array(timeMs.length * width);
  for (let r = 0; r < timeMs.length; r++) {
    rows[r * width] = timeMs[r];
    rows.set(values.subarray(r * (width - 1), (r + 1) * (width - 1)), r * width + 1);
  }
  return encodeNpy("f64", [timeMs.length, width], rows);
}
