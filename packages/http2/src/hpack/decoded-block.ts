import type { HeaderList } from "../header-list.ts";
import type { MessageCheck } from "../messages/message-check.ts";

/** A decoded header block. The same block may stand for many messages, so it holds nothing of any one. */
export class DecodedBlock {
  /** Names and values alternating; frozen. Cut off where the limit was passed. */
  readonly list: HeaderList;
  /** True when the list is longer than was allowed (RFC 9113 §10.5.1); `list` is then incomplete. */
  readonly overLimit: boolean;
  /** What a check of the list found, kept so that a repeated block is checked once. */
  check: MessageCheck | undefined;

  constructor(list: HeaderList, overLimit: boolean) {
    this.list = list;
    this.overLimit = overLimit;
  }
}
