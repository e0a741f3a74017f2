import * as gob from "@drawbar/gob";
import { answerRequests } from "./measure.ts";

// The value is that of conformance/peers/bench/gob.go.
const Record = gob.struct("Record", {
  ID: gob.uint64,
  Name: gob.string,
  Score: gob.float64,
  Tags: gob.slice(gob.string),
  Labels: gob.record(gob.string),
  Payload: gob.bytes,
});
const value: gob.Infer<typeof Record> = {
  ID: 123_456_789,
  Name: "a record of moderate size",
  Score: 0.75,
  Tags: ["one", "two", "three", "four"],
  Labels: { color: "green", shape: "round" },
  Payload: new Uint8Array(64).fill(7),
};

// Values of one stream, after which it begins anew: types are sent once a stream.
const streamValues = 1000;

function encodeStream(): Uint8Array {
  const encoder = new gob.Encoder();
  for (let index = 0; index < streamValues; index++) encoder.encode(Record, value);
  return encoder.take();
}

const encoded = encodeStream();

function decodeStream(): void {
  const decoder = new gob.Decoder();
  decoder.push(encoded);
  for (let index = 0; index < streamValues; index++) decoder.decode(Record);
}

await answerRequests({
  encode: () => {
    encodeStream();
    return streamValues;
  },
  decode: () => {
    decodeStream();
    return streamValues;
  },
});
