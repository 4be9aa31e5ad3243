/**
 * Constants that stay in registers, in AssemblyScript. V8 makes a constant that it knows anew at each use, in three
 * instructions; it cannot know what comes from an exported variable. To be taken before a loop.
 */

/** Zero. */
export let zero: i32 = 0;

/** A number in all lanes. */
@inline
export function held(x: f32): v128 {
  return f32x4.splat(x + <f32>zero);
}

/** A whole number in all lanes. */
@inline
export function heldInteger(x: i32): v128 {
  return i32x4.splat(x + zero);
}
