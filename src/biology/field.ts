/**
 * A proxy of the local field potential: the mean over a region's neurons of the net synaptic and injected current in a
 * step, (1/n) Σ I_syn. Dipoles of pyramidal cells are proportional to their synaptic currents (Mazzoni et al. 2015, PLoS
 * Comput. Biol. 11:e1004584, compare such proxies); there is no geometry in it.
 */

import { type Biology, fromTable, local } from "./mechanism.ts";
import type { ValuesOf } from "./parameters.ts";

/** Parameters: none. */
export const FIELD: Readonly<Record<never, never>> = {};

/** Resolved parameters. */
export type FieldValues = ValuesOf<typeof FIELD>;

const arrays = () => ({ lfp: local("f32", [1], "mV/ms", "mean net current of the region's neurons in the last step") });

/** The option `field` of a region. */
export const field: Biology<FieldValues, ReturnType<typeof arrays>> = { resolve: fromTable(FIELD), arrays };
