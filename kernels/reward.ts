/**
 * Reward-modulated weights without a pass over all synapses. Eligibilities share a clock (kernels/traces.ts); `gain` is
 * the integral, since the clock's origin, of learningRate · e^(−(t − origin)/τ_e) · (D − baseline) dt. A synapse whose
 * stored eligibility was e when it was last settled at gain g has since gained e · (gain − g): it need be settled only
 * when one of its neurons spikes, or when dopamine crosses its baseline; between those a weight moves one way only, so
 * that applying the bounds at each settling is exact.
 */

/** Plastic synapses of one projection under reward. All arrays have one element a synapse. */
export interface RewardedSynapses {
  weight: Float32Array;
  /** Stored as of the clock's origin. */
  eligibility: Float32Array;
  /** Gain up to which the weight is settled. */
  settled: Float32Array;
  weightMax: number;
}

/** Weight of one synapse with all that it has gained up to `gain` (a single-precision number). */
export function settledWeight(s: RewardedSynapses, k: number, gain: number): number {
  const w = s.weight[k] + s.eligibility[k] * (gain - s.settled[k]);
  return w <= 0 ? 0 : w > s.weightMax ? s.weightMax : w;
}

/** Settles synapses first … last − 1. Without eligibility a weight is left as it is, bit for bit: it may be lesioned. */
export function settle(s: RewardedSynapses, first: number, last: number, gain: number): void {
  const { weight, eligibility, settled, weightMax } = s;
  for (let k = first; k < last; k++) {
    const gained = gain - settled[k];
    if (gained !== 0) {
      if (eligibility[k] !== 0) weight[k] = Math.max(0, Math.min(weightMax, weight[k] + eligibility[k] * gained));
      settled[k] = gain;
    }
  }
}

/**
 * Moves the origin of the eligibilities: settles everything, decays, and starts the gain from zero.
 * @param factor e^(−period/τ_e)
 */
export function moveEligibilityOrigin(s: RewardedSynapses, gain: number, factor: number): void {
  settle(s, 0, s.weight.length, gain);
  for (let k = 0; k < s.eligibility.length; k++) {
    s.eligibility[k] *= factor;
    s.settled[k] = 0;
  }
}

/**
 * State of one projection's dopamine: five numbers, so that they stand in the registry. LEVEL: dopamine. GAIN: see above.
 * SIGN: of the last change of the gain. GROW: e^(t/τ_e) since the origin; 1/GROW is what an eligibility has decayed to.
 * EXPECTED: the critic's reward.
 */
export const DOPAMINE = { level: 0, gain: 1, sign: 2, grow: 3, expected: 4 } as const;

/** GROW at which the origin moves, after about eight time constants: far from the limits of single precision. */
export const GROW_LIMIT = 3000;

/** Dopamine at rest. */
export function restDopamine(dopamine: Float64Array, tonic: number): void {
  dopamine.set([tonic, 0, 0, 1]);
}

/** The gain as kernels use it: a single-precision number. */
export function gainNow(dopamine: Float64Array): number {
  return Math.fround(dopamine[DOPAMINE.gain]);
}

/** Moves the origin when it is due. */
export function moveOriginOfReward(dopamine: Float64Array, synapses: RewardedSynapses): void {
  if (dopamine[DOPAMINE.grow] < GROW_LIMIT) return;
  moveEligibilityOrigin(synapses, gainNow(dopamine), 1 / dopamine[DOPAMINE.grow]);
  dopamine[DOPAMINE.gain] = 0;
  dopamine[DOPAMINE.grow] = 1;
}

/** Numbers of one projection's dopamine, worked out for a step. */
export interface DopamineConstants {
  tonic: number;
  /** e^(−dt/τ_D). */
  decay: number;
  /** e^(dt/τ_e). */
  grow: number;
  /** Gain of a step, for an eligibility of one, by dopamine being at its tonic level: exact integrals over the step. */
  tonicGain: number;
  /** The same by each unit above the tonic level. */
  phasicGain: number;
}

/** What the constants depend on. */
export interface DopamineParameters {
  tauEligibilityMs: number;
  tauDopamineMs: number;
  tonic: number;
  baseline: number;
  learningRate: number;
}

/**
 * The constants of a step: eligibility and dopamine decay exponentially within it, so that the effect of a reward does
 * not depend on dt.
 */
export function dopamineConstants(p: DopamineParameters, dt: number): DopamineConstants {
  const integral = (tau: number) => tau * -Math.expm1(-dt / tau) * p.learningRate / 1000;
  return {
    tonic: p.tonic,
    decay: Math.exp(-dt / p.tauDopamineMs),
    grow: Math.exp(dt / p.tauEligibilityMs),
    tonicGain: (p.tonic - p.baseline) * integral(p.tauEligibilityMs),
    phasicGain: integral(1 / (1 / p.tauDopamineMs + 1 / p.tauEligibilityMs)),
  };
}

/**
 * Advances dopamine and the gain by one step. When the sign of the gain's change turns, all synapses are settled first:
 * what lies beyond a bound is then cut off as it would be step by step.
 * @param enabled false while plasticity is frozen: dopamine and eligibilities decay without effect
 */
export function advanceDopamine(
  dopamine: Float64Array,
  p: DopamineConstants,
  enabled: boolean,
  synapses: RewardedSynapses,
): void {
  const change = p.tonicGain + (dopamine[DOPAMINE.level] - p.tonic) * p.phasicGain;
  if (enabled && change !== 0) {
    const sign = Math.sign(change);
    if (sign === -dopamine[DOPAMINE.sign]) settle(synapses, 0, synapses.weight.length, gainNow(dopamine));
    dopamine[DOPAMINE.sign] = sign;
    dopamine[DOPAMINE.gain] += change / dopamine[DOPAMINE.grow];
  }
  dopamine[DOPAMINE.level] = p.tonic + (dopamine[DOPAMINE.level] - p.tonic) * p.decay;
  dopamine[DOPAMINE.grow] *= p.grow;
}

/**
 * A reward: dopamine rises by it, or by its prediction error.
 * @param critic how fast the expectation follows; 0: there is none
 */
export function receiveReward(dopamine: Float64Array, amount: number, critic: number): void {
  const surprise = critic > 0 ? amount - dopamine[DOPAMINE.expected] : amount;
  dopamine[DOPAMINE.level] += surprise;
  dopamine[DOPAMINE.expected] += critic * surprise;
}
