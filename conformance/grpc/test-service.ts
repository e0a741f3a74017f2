import { type Implementation, Metadata, StatusError, statusName } from "@drawbar/grpc";
import { fromProtobuf } from "@drawbar/grpc/protobuf";
import type { StreamingOutputCallRequest } from "./gen/grpc/testing/messages_pb.ts";
import { TestService, UnimplementedService } from "./gen/grpc/testing/test_pb.ts";

export const testService = fromProtobuf(TestService);
export const unimplementedService = fromProtobuf(UnimplementedService);

type Handlers = Implementation<typeof testService>;
type Context = Parameters<Handlers["unaryCall"]>[1];

const echoInitial = "x-grpc-test-echo-initial";
const echoTrailing = "x-grpc-test-echo-trailing-bin";

const payload = (size: number): { body: Uint8Array } => ({ body: new Uint8Array(size) });

// custom_metadata: what comes in goes out, at the beginning and at the end.
function echoMetadata({ metadata, responseHeaders, responseTrailers }: Context): void {
  const initial = metadata.get(echoInitial);
  if (initial !== undefined) responseHeaders.set(echoInitial, initial);
  const trailing = metadata.getBinary(echoTrailing);
  if (trailing !== undefined) responseTrailers.set(echoTrailing, trailing);
}

function throwStatus(status: { code: number; message: string } | undefined): void {
  if (status === undefined || status.code === 0) return;
  throw new StatusError(statusName(status.code) ?? "UNKNOWN", status.message, { metadata: new Metadata() });
}

async function* outputs(request: StreamingOutputCallRequest) {
  for (const { size, intervalUs } of request.responseParameters) {
    if (intervalUs > 0) await new Promise((resolve) => setTimeout(resolve, intervalUs / 1000));
    yield { payload: payload(size) };
  }
}

/** grpc.testing.TestService as the interop suite describes it. */
export const testServiceHandlers: Omit<Handlers, "unimplementedCall"> = {
  emptyCall: () => ({}),
  unaryCall(request, context) {
    echoMetadata(context);
    throwStatus(request.responseStatus);
    if (request.responseCompressed?.value === true) context.compress = "gzip";
    return { payload: payload(request.responseSize) };
  },
  cacheableUnaryCall: ({ responseSize }) => ({ payload: payload(responseSize) }),
  streamingOutputCall: (request) => outputs(request),
  async streamingInputCall(requests) {
    let aggregatedPayloadSize = 0;
    for await (const request of requests) aggregatedPayloadSize += request.payload?.body.length ?? 0;
    return { aggregatedPayloadSize };
  },
  async *fullDuplexCall(requests, context) {
    echoMetadata(context);
    for await (const request of requests) {
      throwStatus(request.responseStatus);
      yield* outputs(request);
    }
  },
  async *halfDuplexCall(requests) {
    const all: StreamingOutputCallRequest[] = [];
    for await (const request of requests) all.push(request);
    for (const request of all) yield* outputs(request);
  },
};
