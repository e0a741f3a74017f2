/** What a run has to put away, last things first: processes, servers, folders. */
export class Cleanup {
  readonly #steps: (() => PromiseLike<unknown>)[] = [];
  #end: Promise<void> | undefined;

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Keeps something until the end. What comes after the end, as after Ctrl-C, is put away at once. */
  async keep<T>(thing: T, putAway: (thing: T) => PromiseLike<unknown>): Promise<T> {
    if (this.hasEnded) {
      await putAway(thing);
      throw new Error("interrupted");
    }
    this.#steps.push(() => putAway(thing));
    return thing;
  }

  /** Puts everything away; what cannot be does not keep the rest from it. */
  end(): Promise<void> {
    this.#end ??= this.#putAllAway();
    return this.#end;
  }

  async #putAllAway(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await Promise.resolve(step()).catch(() => undefined);
  }
}
