/** Numbers that are the same for the same seed: whole ones, 0 and more, under the limit given at each call. */
export function seededRandom(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    // mulberry32, of Tommy Ettinger; in the public domain.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** The seed of a run: `DRAWBAR_SEED`, so that a run can be repeated, or one of the moment's. */
export const seed: number = Number(process.env["DRAWBAR_SEED"] ?? Date.now() % 2 ** 32);
