/** What the command line promises of every command: exit codes, one-line errors, streams, JSON Lines. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { PRESETS } from "../../src/brain/presets.ts";
import { saveBrain } from "../../src/snapshot/file.ts";
import { encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { bash, brainsim, inFolder, records, refused, succeeded, within } from "./command_line.ts";

const COMMANDS = ["create", "run", "train", "inspect", "save", "benchmark", "completions"];

/** Commands that read a brain, with what else they need. */
const READERS: [string, ...string[]][] = [
  ["run", "--steps", "1"],
  ["inspect"],
  ["save", "--to", "/nowhere/b.json"],
  ["train", "--resume"],
];

Deno.test("an unknown command exits with 2 and names the known ones", async () => {
  refused(await brainsim(["inspct"]), 2, '"inspct"', COMMANDS.join(", "), 'did you mean "inspect"?');
  refused(await within("toString"), 2, '"toString"');
  refused(await within("__proto__"), 2, '"__proto__"');
  refused(await within(""), 2, '""');
  refused(await within("--foo"), 2, "no flag --foo", "--help, --version");
  refused(await within("--json", "inspect", "a.brain"), 2, "no flag --json before a command", "after the command");
});

Deno.test("an unknown flag exits with 2 and names the known ones, for every command", async () => {
  for (const command of COMMANDS) {
    refused(await within(command, "--jsn"), 2, "--jsn", "--json", 'did you mean "--json"?');
  }
  refused(await within("inspect", "--chek", "a.brain"), 2, "--chek", 'did you mean "--check"?');
  refused(await within("inspect", "a.brain", "-x"), 2, "-x", "known flags");
  refused(await within("run", "--steps=5", "--step=5", "a.brain"), 2, "--step", 'did you mean "--steps"?');
});

Deno.test("a flag without its value exits with 2, and so does a wrong number of arguments", async () => {
  refused(await within("run", "a.brain", "--steps"), 2, "--steps", "value");
  refused(await within("run", "a.brain", "--steps", "--json"), 2, "--steps", "value");
  refused(await within("inspect"), 2, "FILE.brain", "none");
  refused(await within("inspect", "a.brain", "b.brain"), 2, '"a.brain" "b.brain"');
});

Deno.test("a file that is missing, truncated or foreign exits with 3 and is named, for every command that reads one", () =>
  inFolder(async (folder) => {
    const bytes = encodeSnapshot(Brain.fromSpec(PRESETS.quickstart.spec)), damaged = bytes.slice();
    damaged[bytes.length >> 1] ^= 1;
    await Deno.writeFile(`${folder}/half.brain`, bytes.subarray(0, bytes.length >> 1));
    await Deno.writeFile(`${folder}/damaged.brain`, damaged);
    await Deno.writeTextFile(`${folder}/foreign.brain`, "neuron,t_ms\n");
    await Deno.writeTextFile(`${folder}/empty.brain`, "");
    const words = {
      "none.brain": "no such file",
      "half.brain": "truncated",
      "damaged.brain": "damaged",
      "foreign.brain": "not a brainsim snapshot",
      "empty.brain": "not a brainsim snapshot",
    };
    for (const [name, word] of Object.entries(words)) {
      for (const [command, ...rest] of READERS) {
        const next = name === "none.brain" ? [] : ["made by brainsim create or saveBrain"];
        refused(await within(command, `${folder}/${name}`, ...rest), 3, name, word, ...next);
      }
    }
    refused(await within("inspect", folder), 3, folder, "folder");
    await saveBrain(Brain.fromSpec(PRESETS.quickstart.spec), `${folder}/a.brain`);
    refused(await within("inspect", `${folder}/a.brain`, "--compare", `${folder}/half.brain`), 3, "half.brain");
  }));

Deno.test("an error is one line without a stack trace; --debug shows where it came from", async () => {
  const { code, err } = await brainsim(["inspect", "none.brain"]);
  assertEquals([code, err], [3, 'error: Cannot read snapshot "none.brain": no such file or folder\n']);
  const debugged = await within("inspect", "none.brain", "--debug");
  assertEquals(debugged.code, 3);
  assertStringIncludes(debugged.err, 'Cannot read snapshot "none.brain"');
  assertMatch(debugged.err, /\n +at .*\.ts:\d+:\d+/);
});

Deno.test("a name with a line break in it still gives an error of one line", async () => {
  refused(await within("inspect", "no\nne.brain"), 3);
});

Deno.test("a pipe that is closed before the end is no error", () =>
  inFolder(async (folder) => {
    // 100,000 neurons have more than any pipe holds.
    const spec = { regions: [{ name: "a", type: "input", neurons: 100_000 }] };
    await Deno.writeTextFile(`${folder}/spec.json`, JSON.stringify(spec));
    for (const command of ["create - --spec spec.json", "inspect a.brain --arrays --json"]) {
      if (command.startsWith("inspect")) await saveBrain(Brain.fromSpec(PRESETS.quickstart.spec), `${folder}/a.brain`);
      const closed = await bash(
        `${command.startsWith("inspect") ? "sleep 0.1; " : ""}brainsim ${command} | head -c 1 > /dev/null
        echo "\${PIPESTATUS[0]}"`,
        folder,
      );
      assertEquals([closed.out, closed.err], ["0\n", ""], command);
    }
  }));

Deno.test("a reader that is gone from the beginning is no error either, for words, records and help", () =>
  inFolder(async (folder) => {
    await saveBrain(Brain.fromSpec(PRESETS.quickstart.spec), `${folder}/a.brain`);
    for (const command of ["inspect a.brain", "inspect a.brain --json", "--help", "inspect --help"]) {
      const { out, err } = await bash(`{ sleep 0.1; brainsim ${command}; echo "$?" >&2; } | true`, folder);
      assertEquals([out, err], ["", "0\n"], command);
    }
  }));

Deno.test("with --json every line of every command parses, has type and v, and the last one is end", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.brain`;
    const commands = [
      ["create", path, "--preset", "quickstart"],
      ["create", "--preset", "quickstart", "--dry-run"],
      ["run", path, "--for", "100ms", "--in-place", "--stimulate", "input=0.5"],
      ["inspect", path, "--check", "--arrays", "--weights", "input->cortex"],
      ["inspect", path, "--spec"],
      ["inspect", path, "--compare", path],
      ["save", path, "--to", `${folder}/b.json`, "--verify"],
      ["train", "--task", "iris", "--samples", "3", "--output", `${folder}/t.brain`],
      ["benchmark", "--list"],
      ["benchmark", "iris", "--quick", "--arms", "untrained", "--seeds", "1", "--jobs", "1"],
    ];
    for (const command of commands) {
      const outcome = succeeded(await within(...command, "--json"));
      assertEquals(records(outcome).at(-1)!.type, "end", command.join(" "));
      assertEquals(outcome.err, "", `${command[0]} says nothing beside its records`);
    }
  }));

Deno.test("completions are a script, and with --json a record that holds it", async () => {
  const outcome = succeeded(await within("completions", "bash", "--json"));
  assertEquals(records(outcome).at(-1)!.type, "end");
});

Deno.test("results are on stdout, messages on stderr", () =>
  inFolder(async (folder) => {
    const args = ["train", "--task", "iris", "--samples", "3", "--output", `${folder}/t.brain`];
    const { out, err } = succeeded(await within(...args));
    assertStringIncludes(out, "held-out accuracy");
    assertStringIncludes(err, "training on iris");
  }));

Deno.test("--quiet leaves nothing of commands that make files, and what was asked to be shown of the others", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.brain`, region = ["--region", "a:input:5"];
    const makers = [
      ["create", path, ...region],
      ["run", path, "--steps", "5", "--in-place", "--record", "rates"],
      ["save", path, "--to", `${folder}/a.json`],
      ["train", "--task", "iris", "--samples", "3", "--output", `${folder}/t.brain`],
    ];
    for (const command of makers) {
      for (const flag of ["--quiet", "-q"]) {
        const { out, err } = succeeded(await within(...command, "--force", flag));
        assertEquals(out + err, "", command[0]);
      }
    }
    const showers = [
      ["create", "--dry-run", ...region],
      ["inspect", path],
      ["benchmark", "iris", "--quick", "--arms", "untrained", "--seeds", "1", "--jobs", "1"],
      ["completions", "fish"],
    ];
    for (const command of showers) {
      const { out, err } = succeeded(await within(...command, "-q"));
      assert(out !== "" && err === "", `${command[0]}: ${out}${err}`);
    }
    refused(await within("create", path, ...region, "-q"), 2, "exists");
  }));

Deno.test("errors go to stderr with --json too, and no record says that all is well", async () => {
  const { code, out, err } = await within("inspect", "none.brain", "--json");
  assertEquals([code, out], [3, ""]);
  assertMatch(err, /^error: [^\n]+\n$/);
});

Deno.test("flags may come before or after the file, and with = or without", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.brain`;
    await saveBrain(Brain.fromSpec(PRESETS.quickstart.spec), path);
    for (
      const args of [["--steps", "5", path], [path, "--steps", "5"], ["--steps=5", path], [path, "--json", "--steps=5"]]
    ) {
      assert(succeeded(await within("run", ...args)).out.length > 0, args.join(" "));
    }
  }));
