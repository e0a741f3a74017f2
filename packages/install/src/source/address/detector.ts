/** Knows a short spelling of some kind of source. Users may add their own; theirs are asked first. */
export interface Detector {
  readonly name: string;
  /**
   * The whole spelling that `text` stands for, as `GETTER::LOCATION`, a URL or an absolute path; it may hold `//` and
   * parameters of its own. Undefined if the detector does not know it.
   * @param text without `GETTER::`, subfolder and parameters
   */
  detect(text: string, context: DetectContext): string | undefined;
}

export interface DetectContext {
  /** The getter that the user forced by `GETTER::`, which stays whatever is detected. */
  readonly forced: string | undefined;
  /** The registry of addresses that name none. */
  readonly defaultRegistry: string;
  readonly windows: boolean;
}
