import type { Codec } from "../definition.ts";
import { WireReader } from "../wire/wire-reader.ts";
import { WireWriter } from "../wire/wire-writer.ts";

/** `grpc.health.v1.HealthCheckResponse.ServingStatus` by number. */
const statuses = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"] as const;

export type ServingStatus = (typeof statuses)[number];

export interface HealthCheckRequest {
  /** The empty string stands for the server as a whole. */
  readonly service: string;
}

export interface HealthCheckResponse {
  readonly status: ServingStatus;
}

export type HealthListRequest = Readonly<Record<never, never>>;

export interface HealthListResponse {
  readonly statuses: Readonly<Record<string, HealthCheckResponse>>;
}

export const checkRequest: Codec<HealthCheckRequest> = {
  encode: ({ service }) => new WireWriter().string(1, service).finish(),
  decode: (bytes) => {
    const reader = new WireReader(bytes);
    let service = "";
    for (let field = reader.next(); field !== 0; field = reader.next()) {
      if (field === 1) service = reader.string();
      else reader.skip();
    }
    return { service };
  },
};

export const checkResponse: Codec<HealthCheckResponse> = {
  encode: (response) => writeStatus(new WireWriter(), response).finish(),
  decode: (bytes) => readStatus(new WireReader(bytes)),
};

export const listRequest: Codec<HealthListRequest> = {
  encode: () => new WireWriter().finish(),
  decode: () => ({}),
};

export const listResponse: Codec<HealthListResponse> = {
  encode: (response) => {
    const writer = new WireWriter();
    for (const [service, status] of Object.entries(response.statuses)) {
      writer.message(1, (entry) => {
        entry.string(1, service).message(2, (value) => writeStatus(value, status));
      });
    }
    return writer.finish();
  },
  decode: (bytes) => {
    const reader = new WireReader(bytes);
    const entries: [string, HealthCheckResponse][] = [];
    for (let field = reader.next(); field !== 0; field = reader.next()) {
      if (field === 1) entries.push(readEntry(reader.message()));
      else reader.skip();
    }
    return { statuses: Object.fromEntries(entries) };
  },
};

function writeStatus(writer: WireWriter, { status }: HealthCheckResponse): WireWriter {
  return writer.uint32(1, statuses.indexOf(status));
}

function readStatus(reader: WireReader): HealthCheckResponse {
  let number = 0;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) number = reader.uint32();
    else reader.skip();
  }
  return { status: statuses[number] ?? "UNKNOWN" };
}

function readEntry(reader: WireReader): [string, HealthCheckResponse] {
  let service = "";
  let status: HealthCheckResponse = { status: "UNKNOWN" };
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) service = reader.string();
    else if (field === 2) status = readStatus(reader.message());
    else reader.skip();
  }
  return [service, status];
}
