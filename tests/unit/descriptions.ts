/** Small descriptions, of which only the part that a test is about has to be given. */

/** A description of an input of 20 lines and a cortex of 20 neurons (16 of them excitatory), joined by what is given. */
export function withProjection(projection: unknown, dt = 1): unknown {
  return {
    dt,
    regions: [{ name: "input", type: "input", neurons: 20 }, { name: "cortex", type: "association", neurons: 20 }],
    projections: [projection],
  };
}

/** The same with options of a projection from the input to the cortex. */
export const between = (options: unknown, dt?: number) =>
  withProjection({ from: "input", to: "cortex", ...options as object }, dt);
/** The same with options of a projection inside the cortex. */
export const inside = (options: unknown) => withProjection({ from: "cortex", to: "cortex", ...options as object });
/** A description of one region with these options. */
export const region = (options: unknown) => ({
  regions: [{ name: "cortex", type: "association", neurons: 20, ...options as object }],
});
