/** Headline numbers of the physics tests, kept for the table of effects when somebody asks for them. */

/**
 * Appends one line of JSON to the file that BRAINSIM_EFFECTS names; does nothing when it names none.
 * @param mechanism the name of its option, such as "threshold"
 * @param effect what was measured, in a few words
 * @param test the caller's `import.meta`
 */
export function measured(mechanism: string, effect: string, value: number, unit: string, test: { url: string }): void {
  const path = Deno.env.get("BRAINSIM_EFFECTS");
  if (!path) return;
  const testFile = test.url.slice(test.url.lastIndexOf("/tests/") + 1);
  Deno.writeTextFileSync(path, JSON.stringify({ mechanism, effect, value, unit, testFile }) + "\n", { append: true });
}
