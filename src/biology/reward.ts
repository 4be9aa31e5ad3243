/**
 * Reward-modulated STDP (Izhikevich 2007, Cerebral Cortex 17:2443): what STDP would do is not done but remembered in an
 * eligibility per synapse, which decays; dopamine turns what is left of it into a change of weight.
 *
 *     e' = −e/τ_e + STDP events         D' = −(D − tonic)/τ_D + reward         w' = learningRate · e · (D − baseline)
 *
 * D is a concentration per projection; a reward sent to a region reaches all plastic projections onto it, one sent to
 * everywhere reaches all. Time in the last equation is in seconds.
 *
 * With a critic, dopamine carries the reward-prediction error (Schultz, Dayan & Montague 1997, Science 275:1593): a
 * reward r raises D by r − E, and E ← E + critic · (r − E), one E for each projection.
 */

/** Parameters. */
export const REWARD = {
  tauEligibilityMs: {
    default: 1000,
    min: 1,
    max: 1e6,
    unit: "ms",
    meaning: "decay of the eligibility",
  },
  tauDopamineMs: {
    default: 200,
    min: 0.1,
    max: 1e6,
    unit: "ms",
    meaning: "decay of dopamine to its tonic level",
  },
  tonic: { default: 0, min: -1e6, max: 1e6, unit: "1", meaning: "level to which dopamine decays" },
  baseline: {
    default: 0,
    min: -1e6,
    max: 1e6,
    unit: "1",
    meaning: "level at which weights do not move",
  },
  learningRate: {
    default: 1,
    min: 0,
    max: 1e9,
    unit: "1/s",
    meaning: "weight change per eligibility, dopamine and second",
  },
  critic: {
    default: 0,
    min: 0,
    max: 1,
    unit: "1",
    meaning: "how fast the expected reward follows the received; 0: rewards act as they are",
  },
} as const;

/** Resolved parameters. */
export type RewardValues = { [K in keyof typeof REWARD]: number };
