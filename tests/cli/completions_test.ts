/** brainsim completions */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { inFolder, program, refused, succeeded, within } from "./command_line.ts";

const COMMANDS = ["create", "run", "train", "inspect", "save", "benchmark", "completions"];

/** Whether a shell is installed. */
async function has(shell: string): Promise<boolean> {
  return await program(shell, ["-c", "true"]).then(({ code }) => code === 0, () => false);
}

for (const shell of ["bash", "zsh", "fish"]) {
  Deno.test({
    name: `completions for ${shell} are a script that ${shell} can read`,
    ignore: !await has(shell),
    fn: () =>
      inFolder(async (folder) => {
        const { out } = succeeded(await within("completions", shell));
        await Deno.writeTextFile(`${folder}/script`, out);
        succeeded(await program(shell, ["-n", `${folder}/script`]));
      }),
  });

  Deno.test(`completions for ${shell} know every command and its flags`, async () => {
    const { out, err } = succeeded(await within("completions", shell));
    assertEquals(err, "");
    for (const command of COMMANDS) assertStringIncludes(out, command);
    for (const flag of ["preset", "stimulate", "checkpoint-every", "compare", "verify", "shard", "json"]) {
      assertStringIncludes(out, flag);
    }
  });
}

Deno.test("bash completes commands, and the flags of the command that was typed", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/script`, succeeded(await within("completions", "bash")).out);
    const complete = async (...words: string[]) => {
      const script = `source ${folder}/script; COMP_WORDS=(brainsim ${words.map((w) => `'${w}'`).join(" ")}); ` +
        `COMP_CWORD=${words.length}; _brainsim; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return succeeded(await program("bash", ["-c", script])).out.split("\n").filter((line) => line !== "");
    };
    assertEquals(await complete("in"), ["inspect"]);
    assertEquals((await complete("")).sort(), [...COMMANDS].sort());
    assertEquals(await complete("inspect", "--che"), ["--check"]);
    assertEquals(await complete("run", "--st"), ["--steps", "--stimulate"]);
    assert(!(await complete("run", "--")).includes("--check"));
  }));

Deno.test("another shell is refused with the known ones", async () => {
  refused(await within("completions", "tcsh"), 2, '"tcsh"', "bash, zsh, fish");
});
