/** `brainsim create`: makes a brain from a preset, a description, or regions and connections on the command line. */

import { PRESETS } from "../brain/presets.ts";
import { type MorphologySpec, type TemplateName, TEMPLATES } from "../biology/morphology.ts";
import type { BrainSpec, ProjectionSpec, RegionSpec } from "../brain/spec.ts";
import { FileError, InputError, knownNames, show } from "../state/errors.ts";
import { type Command, type Given, parseNumber, SHARED } from "./command.ts";
import { EXIT } from "./exit.ts";
import { columns, shellWord, size } from "./output.ts";
import { warnOfRounding } from "./steps.ts";

/** The command. */
export const create: Command = {
  name: "create",
  meaning: "makes a brain",
  operands: ["FILE.brain"],
  arity: [0, 1],
  examples: [
    "brainsim create quick.brain --preset quickstart --seed 1 --force",
    "brainsim create small.brain --region eye:sensory:20 --region cortex:association:100 --connect eye:cortex:0.2:2 --force",
  ],
  flags: [
    {
      name: "preset",
      value: "NAME",
      choices: Object.keys(PRESETS),
      meaning: "a brain to begin with",
    },
    { name: "spec", value: "FILE", meaning: "a description as JSON (BrainSpec); - for standard input" },
    {
      name: "region",
      value: "NAME:TYPE:NEURONS[:PATTERN]",
      repeat: true,
      meaning: "adds a region",
    },
    {
      name: "connect",
      value: "FROM:TO[:DENSITY[:DELAYMS]]",
      repeat: true,
      meaning: "connects two regions; without a density by the default, or by a rule that --set gives",
    },
    {
      name: "morphology",
      value: "REGION=TEMPLATE|FILE.swc",
      repeat: true,
      meaning: `gives a region's neurons dendrites: ${Object.keys(TEMPLATES).join(", ")}, or a reconstructed neuron`,
    },
    {
      name: "set",
      value: "NAME.OPTION=JSON",
      repeat: true,
      meaning:
        "an option of a region or projection, such as cortex.threshold=true or 'a->b.plasticity=\"stdp\"'; also of the projections inside a region with connectivity, cortex->cortex and cortex-|cortex",
    },
    {
      name: "options",
      value: "[OPTION]",
      optional: true,
      meaning: "makes no brain, but tells which options there are, or the parameters of one with defaults and ranges",
    },
    SHARED.seed,
    { name: "dt", value: "MS", meaning: "time step (default 1)" },
    { name: "dry-run", meaning: "print counts and bytes, write nothing" },
    SHARED.force,
  ],
  more: async () => (await import("./options.ts")).optionNames(),
  async run(given, output) {
    if (given.has("options")) {
      if (given.positionals.length > 0) throw new InputError("--options makes no brain; leave FILE.brain out");
      (await import("./options.ts")).showOptions(given.text("options")!, output);
      return EXIT.done;
    }
    const { Brain } = await import("../brain/brain.ts");
    const { planBrain, declareArrays } = await import("../brain/plan.ts");
    const { expectedSynapses } = await import("../brain/connectivity.ts");
    const { resolveSpec } = await import("../brain/resolve.ts");
    const { bytesPerElement, elements } = await import("../state/arrays.ts");
    const { refuseExisting, writeBrain } = await import("./files.ts");
    const [path] = given.positionals;
    if (path === undefined && !given.has("dry-run")) {
      throw new InputError("brainsim create takes FILE.brain; got none (with --dry-run it may be left out)");
    }
    const described = await describe(given);
    const spec = ofFile(given, () => resolveSpec(described));
    if (spec.regions.length === 0) {
      throw new InputError("Cannot create a brain without regions; give --preset, --spec or --region");
    }
    for (const { name, delay } of spec.projections) {
      if (typeof delay === "number") warnOfRounding(`delay of "${name}"`, delay, spec.dt, output);
    }
    const plan = planBrain(spec), expected = new Map(plan.projections.map((p) => [p.spec.name, expectedSynapses(p)]));
    const synapses = [...expected.values()].reduce((a, b) => a + b, 0);
    const bytes = declareArrays(plan, (name) => expected.get(name)!)
      .reduce((sum, { dtype, shape }) => sum + elements(shape) * bytesPerElement(dtype), 0);
    if (given.has("dry-run")) {
      output.result(`${plan.neurons} neurons, about ${synapses} synapses, ${size(bytes)}`);
      output.record("end", { neurons: plan.neurons, synapses, bytes });
      return EXIT.done;
    }
    const { available } = Deno.systemMemoryInfo();
    if (bytes > available) {
      throw new InputError(
        `Cannot create a brain of about ${synapses} synapses: it takes ${size(bytes)}, and ${
          size(available)
        } are free; ` +
          "lower neurons or densities (--dry-run tells the size)",
      );
    }
    await refuseExisting(path, given);
    for (const { name, neurons, maxNeurons, growth } of spec.regions) {
      const births = growth !== undefined && growth.births > 0;
      if (births && maxNeurons === neurons) {
        output.warning(`region "${name}" has growth but no room: set maxNeurons above ${neurons}`);
      } else if (!growth && maxNeurons > neurons) {
        output.warning(`region "${name}" has room for ${maxNeurons - neurons} more neurons, but no growth to fill it`);
      }
    }
    const brain = Brain.fromSpec(spec);
    brain.history.push({ step: 0, action: "create", preset: given.text("preset") ?? null });
    const summary = brain.summary();
    await writeBrain(path, brain, output);
    if (path !== "-") {
      output.report(columns([
        ["region", "neurons", "excitatory", "inhibitory"],
        ...summary.regions.map((r) => [`${r.name} (${r.type})`, r.neurons, r.excitatory, r.inhibitory].map(String)),
      ]));
      output.report(columns([
        ["projection", "synapses", "layout", "mean weight"],
        ...summary.projections.map((p) => [p.name, String(p.synapses), p.layout, p.meanWeight.toPrecision(3)]),
      ]));
      output.report(
        `${path}: ${summary.neurons} neurons, ${summary.synapses} synapses, ${size(summary.bytes)}\n` +
          `next: brainsim run ${shellWord(path)} --for 5s --stimulate ${summary.regions[0].name}=0.8,0.3 --in-place`,
      );
      output.record("end", { ...summary, snapshot: path });
    }
    return EXIT.done;
  },
};

/** The description that the flags ask for. */
async function describe(given: Given): Promise<BrainSpec> {
  const sources = ["preset", "spec"].filter((name) => given.has(name));
  if (sources.length > 1) throw new InputError("--preset and --spec exclude each other; give one");
  let spec: BrainSpec = { regions: [] };
  if (given.has("preset")) spec = structuredClone(PRESETS[given.text("preset")!].spec);
  if (given.has("spec")) {
    const { readText } = await import("./files.ts");
    const path = given.text("spec")!, text = await readText("description", path);
    try {
      spec = JSON.parse(text);
    } catch (error) {
      throw new InputError(`Cannot read description "${path}": ${error instanceof Error ? error.message : error}`);
    }
    if ((spec as { format?: unknown } | null)?.format === "brainsim-json") {
      throw new InputError(
        `"${path}" is an export of a whole brain; a description is what inspect --spec prints of a .brain file`,
      );
    }
    const lists = [spec?.regions ?? [], spec?.projections ?? []];
    if (!isObject(spec) || !lists.every((list) => Array.isArray(list) && list.every(isObject))) {
      throw new InputError(
        `"${path}" is no description; expected an object with lists of objects "regions" and "projections"`,
      );
    }
  }
  const seed = given.number("seed", { min: 0, max: 2 ** 32 - 1, whole: true });
  const dt = given.number("dt");
  spec = { ...spec, ...(seed !== undefined && { seed }), ...(dt !== undefined && { dt }) };
  const regions = given.list("region").map(parseRegion), projections = given.list("connect").map(parseConnection);
  if (regions.length > 0) spec.regions = [...spec.regions ?? [], ...regions];
  if (projections.length > 0) spec.projections = [...spec.projections ?? [], ...projections];
  for (const text of given.list("morphology")) {
    const { name, morphology } = await readMorphology(text, (spec.regions ?? []).map(({ name }) => name));
    spec.regions = spec.regions.map((region) => region.name === name ? { ...region, morphology } : region);
  }
  return await setOptions(given, spec, given.list("set").map(parseSetting));
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** `NAME.OPTION=JSON`: an option of a region or a projection, which may have any mechanism. */
function parseSetting(text: string): { text: string; name: string; option: Record<string, unknown> } {
  const [, name, option, json] = /^(.+?)\.([A-Za-z]+)=(.+)$/s.exec(text) ?? [];
  const expected = 'expected NAME.OPTION=JSON, such as cortex.growth={"births":2}';
  if (name === undefined) throw new InputError(`--set is ${show(text)}; ${expected}`);
  try {
    return { text, name, option: { [option]: JSON.parse(json) } };
  } catch {
    throw new InputError(`--set ${text}: ${show(json)} is no JSON; ${expected} (text needs quotes: '"stdp"')`);
  }
}

/** The description with options set: of regions first, for the projections inside them follow from these. */
async function setOptions(
  given: Given,
  described: BrainSpec,
  settings: readonly ReturnType<typeof parseSetting>[],
): Promise<BrainSpec> {
  const regions = (described.regions ?? []).map((region) => ({ ...region })), spec = { ...described, regions };
  const left = settings.filter(({ name, option }) => {
    const region = regions.find((r) => r.name === name);
    if (region) Object.assign(region, option);
    return !region;
  });
  if (left.length === 0) return spec;
  const { writeOutConnectivity } = await import("../brain/resolve.ts");
  const written = ofFile(given, () => writeOutConnectivity(spec));
  const projections = written.projections!.map((projection) => ({ ...projection }));
  const nameOf = (p: ProjectionSpec) => p.name ?? `${p.from}${p.transmitter === "gaba" ? "-|" : "->"}${p.to}`;
  const names = projections.map(nameOf);
  for (const { text, name, option } of left) {
    const target = projections[names.indexOf(name)];
    if (!target) {
      const known = knownNames("names", name, [...regions.map((r) => r.name), ...names]);
      throw new InputError(`--set ${text}: no such region or projection ${show(name)}; ${known}`);
    }
    Object.assign(target, option);
  }
  return { ...written, projections };
}

/** Does something with the description; what is refused of one in a file is said of the file. */
function ofFile<T>(given: Given, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof InputError) || !given.has("spec")) throw error;
    throw new InputError(`description "${given.text("spec")}": ${error.message}`);
  }
}

function parseRegion(text: string): RegionSpec {
  const [name, type, neurons, pattern, ...rest] = text.split(":");
  if (neurons === undefined || rest.length > 0) {
    throw new InputError(
      `--region is ${show(text)}; expected NAME:TYPE:NEURONS[:PATTERN], such as cortex:association:200`,
    );
  }
  const region = { name, type, neurons: parseNumber(`--region ${text}: neurons`, neurons) } as RegionSpec;
  return pattern === undefined ? region : { ...region, pattern: pattern as RegionSpec["pattern"] };
}

/** The morphology that `REGION=TEMPLATE` or `REGION=FILE.swc` names. */
async function readMorphology(
  text: string,
  regions: readonly string[],
): Promise<{ name: string; morphology: TemplateName | MorphologySpec }> {
  const [, name, what] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (what === undefined) {
    throw new InputError(
      `--morphology is ${show(text)}; expected REGION=TEMPLATE or REGION=FILE.swc, such as cortex=pyramidal`,
    );
  }
  if (!regions.includes(name)) {
    throw new InputError(`--morphology ${text}: no such region ${show(name)}; ${knownNames("regions", name, regions)}`);
  }
  if (Object.hasOwn(TEMPLATES, what)) return { name, morphology: what as TemplateName };
  if (!/\.swc$/i.test(what)) {
    const known = knownNames("templates", what, Object.keys(TEMPLATES));
    throw new InputError(`--morphology ${text}: no such template ${show(what)}; ${known}; or a file that ends in .swc`);
  }
  const { readText } = await import("./files.ts"), { parseSwc } = await import("../io/swc.ts");
  const swc = await readText("morphology", what);
  try {
    return { name, morphology: { compartments: parseSwc(swc) } };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new FileError(`Cannot read morphology "${what}": ${error.message}`);
  }
}

function parseConnection(text: string): ProjectionSpec {
  const [from, to, density, delay, ...rest] = text.split(":");
  if (to === undefined || rest.length > 0) {
    throw new InputError(
      `--connect is ${show(text)}; expected FROM:TO[:DENSITY[:DELAYMS]], such as input:cortex:0.1:2 or input:cortex::2`,
    );
  }
  const hasDensity = density !== undefined && (density !== "" || delay === undefined);
  return {
    from,
    to,
    ...hasDensity && { density: parseNumber(`--connect ${text}: density`, density) },
    ...delay !== undefined && { delay: parseNumber(`--connect ${text}: delay`, delay) },
  };
}
