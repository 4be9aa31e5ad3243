/**
 * The table of mechanisms in the README: where each has its equations, its loop and its test, and what the test measured.
 * Effects come from the physics tests themselves (tests/physics/measured.ts).
 *
 *     deno task table           runs the physics tests and writes the table
 *     deno task table --check   only checks that the table names every mechanism and every file
 */

import { MECHANISM_NAMES } from "../src/engine/mechanisms.ts";

/** One mechanism: its option, and its files; those of the tests without `tests/physics/` and `_test.ts`. */
interface Row {
  words: string;
  option: string;
  equations: string;
  loops: string[];
  tests: string[];
}

const row = (words: string, option: string, equations: string, loops: string[], ...tests: string[]): Row => ({
  words,
  option,
  equations: `src/biology/${equations}.ts`,
  loops: loops.map((name) => name.startsWith("src/") ? `${name}.ts` : `kernels/${name}.ts`),
  tests,
});
const slow = (name: string) => `src/engine/slow/${name}`;

const ROWS: Row[] = [
  row("Izhikevich neurons, seven patterns", "pattern", "neuron", ["integrate"], "neuron"),
  row("custom and heterogeneous neurons", "pattern, spread", "distribution", ["src/brain/build"], "heterogeneity"),
  row("adaptive threshold", "threshold", "threshold", ["threshold"], "threshold"),
  row(
    "intrinsic excitability with a set point",
    "excitability",
    "excitability",
    [slow("excitability")],
    "excitability",
  ),
  row(
    "maturation: plasticity that falls with use",
    "maturation",
    "maturation",
    ["stdp", slow("maturation")],
    "maturation",
  ),
  row("competition, per region and group", "competition, groups", "competition", ["competition"], "competition"),
  row("delays, layouts, receptors, lateral inhibition", "delay, layout, receptor", "neurotransmitter", [
    "deliver",
    "receptors",
  ], "synapse"),
  row("NMDA and its magnesium block", "receptor", "neurotransmitter", ["receptors"], "nmda"),
  row("short-term plasticity", "shortTerm", "short_term", ["short_term"], "short_term"),
  row("STDP: pair", "plasticity", "stdp", ["stdp", "traces"], "stdp"),
  row("STDP: triplet, presynaptic trace, instar, inhibitory", "plasticity.rule", "stdp", ["stdp"], "stdp_rules"),
  row("R-STDP: eligibility, dopamine per target", "plasticity.reward", "reward", ["reward"], "reward", "lazy_reward"),
  row("reward-prediction error", "plasticity.reward.critic", "reward", ["reward"], "critic"),
  row(
    "metaplasticity (BCM)",
    "plasticity.metaplasticity",
    "metaplasticity",
    [slow("metaplasticity")],
    "metaplasticity",
  ),
  row("normalization of incoming weights", "plasticity.normalization", "normalization", [
    slow("normalize"),
  ], "normalization"),
  row("synaptic scaling", "scaling", "scaling", [slow("scaling")], "scaling"),
  row("acetylcholine, serotonin, dopamine", "modulators, transmitter", "modulators", [
    "src/engine/mechanisms",
    "deliver",
  ], "modulators"),
  row("rhythms, theta–gamma coupling, gating", "oscillation", "oscillation", ["oscillation"], "oscillation"),
  row("field potential (proxy)", "field", "field", ["field"], "oscillation"),
  row("positions, connections and delays by distance", "positions", "space", ["src/brain/connectivity"], "space"),
  row("dendrites", "morphology, compartment", "morphology", ["compartments"], "cable", "morphology"),
  row("birth and death of neurons", "growth, maxNeurons", "growth", [slow("growth")], "growth"),
  row("birth and death of synapses", "structure", "structure", [slow("structure")], "structure", "lesion"),
  row("memory traces, sleep, recall", "memory", "memory", [slow("memory"), "replay"], "memory", "sleep", "recall"),
  row("stimuli: rate, temporal, population, current, noise", "stimulate()", "stimulus", ["stimulus"], "stimulus"),
  row("background: Poisson shot noise", "background", "background", ["stimulus"], "background"),
  row("freezing", "freezePlasticity()", "mechanism", ["src/brain/freeze"], "freeze"),
];

const README = new URL("../README.md", import.meta.url), ROOT = new URL("..", import.meta.url);
const BEGIN = "<!-- mechanisms: written by `deno task table` -->", END = "<!-- end of mechanisms -->";
const testFile = (name: string) => `tests/physics/${name}_test.ts`;

/** What a test measured. */
interface Effect {
  mechanism: string;
  effect: string;
  value: number;
  unit: string;
  testFile: string;
}

/** Effects that a row shows at most. */
const SHOWN = 2;

function number(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(0);
  return String(Number(value.toPrecision(3)));
}

function describe(effects: readonly Effect[]): string {
  return effects.slice(0, SHOWN).map(({ effect, value, unit }) =>
    `${effect}: ${number(value)}${unit === "1" ? "" : ` ${unit}`}`
  ).join("; ");
}

/** The first five columns of a row. */
function cells({ words, option, equations, loops, tests }: Row): string {
  return [words, `\`${option}\``, equations, loops.join(", "), tests.map(testFile).join(", ")].join(" | ");
}

async function runPhysics(): Promise<Effect[]> {
  const path = await Deno.makeTempFile();
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--quiet", "tests/physics/"],
    cwd: ROOT,
    env: { BRAINSIM_EFFECTS: path },
    stdout: "null",
  }).output();
  if (!success) throw new Error("a physics test fails; run `deno task test`");
  return (await Deno.readTextFile(path)).trim().split("\n").map((line) => JSON.parse(line));
}

/** Complaints about rows and files. */
async function faults(): Promise<string[]> {
  const list: string[] = [];
  for (const { equations, loops, tests } of ROWS) {
    for (const file of [equations, ...loops, ...tests.map(testFile)]) {
      await Deno.stat(new URL(file, ROOT)).catch(() => list.push(`there is no ${file}`));
    }
  }
  const options = ROWS.flatMap(({ option }) => option.split(", "));
  for (const name of MECHANISM_NAMES) if (!options.includes(name)) list.push(`the table has no row for ${name}`);
  for await (const { name } of Deno.readDir(new URL("tests/physics", ROOT))) {
    const known = ROWS.some(({ tests }) => tests.some((test) => name === `${test}_test.ts`)) ||
      name === "quickstart_test.ts";
    if (name.endsWith("_test.ts") && !known) list.push(`tests/physics/${name} has no row in the table`);
  }
  return list;
}

const wrong = await faults(), text = await Deno.readTextFile(README);
const begin = text.indexOf(BEGIN), end = text.indexOf(END);
if (begin < 0 || end < begin) wrong.push("the README has no place for the table");
if (Deno.args.includes("--check")) {
  const table = text.slice(begin, end).replaceAll(/ +/g, " ");
  for (const row of ROWS) {
    if (!table.includes(`| ${cells(row)} |`)) {
      wrong.push(`the README has no row for ${row.words}; run \`deno task table\``);
    }
  }
}
for (const fault of wrong) console.error(fault);
if (wrong.length > 0) Deno.exit(1);
if (!Deno.args.includes("--check")) {
  const effects = await runPhysics();
  const lines = ROWS.map((row) => {
    const own = effects.filter(({ testFile: file }) => row.tests.some((test) => file === testFile(test)));
    const named = own.filter(({ mechanism }) => row.option.split(", ").includes(mechanism));
    return `| ${cells(row)} | ${describe(named.length > 0 ? named : own)} |`;
  });
  const head =
    "| mechanism | option | equations and parameters | loop | test | effect that the test measured |\n|---|---|---|---|---|---|";
  await Deno.writeTextFile(
    README,
    `${text.slice(0, begin)}${BEGIN}\n\n${head}\n${lines.join("\n")}\n\n${text.slice(end)}`,
  );
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", README.pathname] }).output();
}
