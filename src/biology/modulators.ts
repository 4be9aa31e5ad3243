/**
 * Neuromodulators: acetylcholine and serotonin have a concentration in each region that receives them. Spikes of a
 * projection that releases one add its weight to the concentration (volume transmission: no synapse of its own), which
 * decays, and changes something defined; c is the concentration, every strength can be 0.
 *
 *     acetylcholine: plasticity onto the region, and what its excitability learns, × (1 + learning · c);
 *                    adaptation d of its neurons × 1/(1 + adaptation · c)
 *                    (Hasselmo 2006, Curr. Opin. Neurobiol. 16:710; McCormick 1992)
 *     serotonin:     inhibition of the region × (1 + inhibition · c);  τ of eligibilities onto it × (1 + patience · c)
 *                    (Miyazaki et al. 2014, Curr. Biol. 24:2033, on waiting for rewards)
 *
 * The third, dopamine, acts on the projections that learn from reward (src/biology/reward.ts): a projection that
 * releases it rewards every such projection onto its target.
 */

import { type Biology, local } from "./mechanism.ts";
import { checkKeys, resolveParameters, type ValuesOf } from "./parameters.ts";

const tauMs = { default: 500, min: 1, max: 1e9, unit: "ms", meaning: "decay of the concentration" } as const;
const strength = (
  value: number,
  meaning: string,
) => ({ default: value, min: 0, max: 1000, unit: "1", meaning } as const);

/** Parameters by modulator. */
export const MODULATORS = {
  acetylcholine: {
    tauMs,
    learning: strength(1, "how far plasticity is raised"),
    adaptation: strength(0.5, "how far adaptation is lowered"),
  },
  serotonin: {
    tauMs,
    inhibition: strength(0.5, "how far inhibition is raised"),
    patience: strength(1, "how far eligibilities last longer"),
  },
} as const;

/** Name of a modulator with a concentration in a region. */
export type ModulatorName = keyof typeof MODULATORS;

/** Place of each modulator among a region's concentrations. */
export const MODULATOR_INDEX = { acetylcholine: 0, serotonin: 1 } as const satisfies Record<ModulatorName, number>;

/** Resolved parameters of the modulators that a region has. */
export type ModulatorValues = { [M in ModulatorName]?: ValuesOf<typeof MODULATORS[M]> };

const arrays = () => ({
  level: local("f64", [2], "1", "concentrations of acetylcholine and serotonin"),
});

/** The option `modulators` of a region; added by a projection that releases one onto it. */
export const modulators: Biology<ModulatorValues, ReturnType<typeof arrays>> = {
  parameters: MODULATORS,
  resolve(what, given) {
    checkKeys(what, given, Object.keys(MODULATORS));
    return Object.fromEntries(
      Object.entries(given).map(([name, values]) => {
        const table = MODULATORS[name as ModulatorName], where = `${what}: ${name}`;
        checkKeys(where, values, Object.keys(table));
        return [name, resolveParameters(where, table, values)];
      }),
    );
  },
  arrays,
};
