/** Help: every command opens with two examples, and they work when pasted into a shell. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseCommand } from "../../src/cli/command.ts";
import { benchmark } from "../../src/cli/benchmark.ts";
import { bash, brainsim, inFolder, list, succeeded, within } from "./command_line.ts";

const COMMANDS = ["create", "run", "train", "inspect", "save", "benchmark", "completions"];

/** The examples in a help text: the first indented lines. */
function examples(help: string): string[] {
  const lines = help.split("\n"), first = lines.findIndex((line) => /^Examples/.test(line)) + 1;
  assert(first > 0 && first < 5, `help opens with examples: ${lines.slice(0, 5)}`);
  return lines.slice(first, lines.indexOf("", first)).map((line) => line.trim());
}

Deno.test("help of the program names every command and opens with two examples", async () => {
  const { out, err } = succeeded(await brainsim(["--help"]));
  for (const command of COMMANDS) assertStringIncludes(out, `  ${command} `);
  assertEquals([examples(out).length, err], [2, ""]);
  assertEquals(succeeded(await within("-h")).out, out);
});

Deno.test("help of every command names its flags and opens with two examples", async () => {
  for (const command of COMMANDS) {
    const { out, err } = succeeded(await within(command, "--help"));
    assertEquals([examples(out).length, err], [2, ""], command);
    for (const flag of ["--help", "--json", "--quiet", "--debug"]) assertStringIncludes(out, flag);
    assert(out.startsWith(`brainsim ${command} `), out.split("\n")[0]);
    assertEquals(succeeded(await within(command, "-h")).out, out);
    assertEquals(succeeded(await within(command, "too", "many", "words", "--help")).out, out);
  }
});

/** Runs examples in an empty folder, each in its first part if it goes on in another shell's words. */
async function work(...lines: string[]): Promise<void> {
  await inFolder(async (folder) => {
    for (const line of lines) {
      const { code, out, err } = await bash(line.replace(/ \| source$/, " > script.fish"), folder);
      assertEquals(code, 0, `${line}\n${out}${err}`);
    }
  });
}

for (const command of COMMANDS) {
  if (command === "benchmark") continue;
  Deno.test(`the examples of ${command} work when pasted in an empty folder, one after the other and again`, async () => {
    const lines = examples((await within(command, "--help")).out);
    await work(...lines, ...lines);
  });
}

Deno.test("the examples of the program work when pasted in an empty folder, one after the other and again", async () => {
  const lines = examples((await within("--help")).out);
  await work(...lines, ...lines);
});

Deno.test("the README's command lines work when pasted in a checkout, in its order", async () => {
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const [, part] = /\n## Five minutes on the command line\n(.*?)\n## /s.exec(readme)!;
  const [define, lines] = [...part.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block);
  assert(define.startsWith("checkout=$PWD\nbrainsim() { npx -y deno@"), define);
  await inFolder(async (folder) => {
    // Defined in the checkout as written, but with the Deno that runs this, and then used in an empty folder.
    const own = define.replace(/npx -y deno@[\d.]+/, `"${Deno.execPath()}"`);
    const root = new URL("../..", import.meta.url).pathname;
    const short = lines.replace("--seeds 10", "--quick --seeds 1 --arms untrained");
    const { code, out, err } = await bash(`set -e\ncd "${root}"\n${own}\ncd "${folder}"\n${short}`, folder);
    assertEquals(code, 0, out + err);
    for (const name of ["quick", "later", "iris", "flowers"]) assert(list(folder).includes(`${name}.brain`), name);
  });
});

Deno.test("the quick example of benchmark works, and the long one is understood", async () => {
  const [quick, long] = examples((await within("benchmark", "--help")).out);
  await work(quick, quick);
  const [program, name, ...args] = long.split(" ");
  assertEquals([program, name], ["brainsim", "benchmark"]);
  const given = parseCommand(benchmark, args);
  assertEquals(given.positionals, ["iris"]);
  assert(given.has("seeds") && given.has("output"));
});

Deno.test("the version is that of the package", async () => {
  const { version } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  assertEquals(succeeded(await within("--version")).out, `brainsim ${version}\n`);
});

Deno.test("no command at all shows the help and exits with 2", async () => {
  const { code, out } = await within();
  assertEquals([code, out], [2, (await within("--help")).out]);
});
