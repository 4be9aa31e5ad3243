/**
 * Builds kernels/simd/*.ts (AssemblyScript) into binary.ts. The binary is kept in the repository, so that nobody needs
 * the compiler; a test builds it again and compares.
 *
 *     deno task simd
 */

/** Version of the compiler; another may give other bytes. */
const COMPILER = "npm:assemblyscript@0.28.20";
const HERE = new URL(".", import.meta.url);
/** All sources; one module. */
const SOURCES = ["dense.ts", "held.ts", "integrate.ts", "receptors.ts", "sparse.ts", "stimulus.ts"];

/** Compiles the sources; the bytes of the module. */
export async function buildSimd(): Promise<Uint8Array> {
  const target = await Deno.makeTempFile({ suffix: ".wasm" });
  try {
    const flags = "--enable simd --optimizeLevel 3 --runtime stub --importMemory --noAssert".split(" ");
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--quiet",
        "--no-config",
        "--no-lock",
        `${COMPILER}/asc`,
        ...SOURCES,
        "-o",
        target,
        ...flags,
      ],
      cwd: HERE,
      env: { NO_COLOR: "1" },
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return await Deno.readFile(target);
  } finally {
    await Deno.remove(target);
  }
}

/** The text of binary.ts for a module's bytes. */
export function binaryFile(bytes: Uint8Array): string {
  const lines = btoa(String.fromCharCode(...bytes)).replaceAll(/(.{100})/g, "$1\n").trimEnd().split("\n");
  return `/** The module that build.ts makes of the sources beside it, in base64; not edited by hand. */\nexport const SIMD_BINARY = \`\n${
    lines.join("\n")
  }\n\`;\n`;
}

if (import.meta.main) {
  const bytes = await buildSimd();
  await Deno.writeTextFile(new URL("binary.ts", HERE), binaryFile(bytes));
  console.log(`${bytes.length} bytes`);
}
