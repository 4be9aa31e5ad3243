/**
 * A proxy of the local field potential: the mean over a region's living neurons of the net current into the soma in a
 * step: synapses, stimuli and injected currents, noise and background, rhythmic drive, and what flows in from dendrites. Dipoles of pyramidal cells are proportional to their synaptic currents (Mazzoni et al. 2015, PLoS
 * Comput. Biol. 11:e1004584, compare such proxies); there is no geometry in it.
 */

import { type Biology, fromTable, local } from "./mechanism.ts";

/** Resolved parameters: there are none. */
export type FieldValues = Record<never, never>;

const arrays = () => ({ lfp: local("f32", [1], "mV/ms", "mean net current of the region's neurons in the last step") });

/** The option `field` of a region. */
export const field: Biology<FieldValues, ReturnType<typeof arrays>> = { ...fromTable({}), arrays };
