import { WireReader, WireWriter } from "@drawbar/grpc/wire";

// google.rpc.Status and google.rpc.ErrorInfo, of which only these fields are of use here. By hand, because
// they are three small messages.

const domain = "connect-ca";
const errorInfoUrl = "type.googleapis.com/google.rpc.ErrorInfo";

/** A google.rpc.Status whose details are one ErrorInfo; the reason is `code` in upper case. */
export function encodeErrorInfo(status: number, message: string, code: string): Uint8Array {
  const reason = code.toUpperCase().replaceAll("-", "_");
  const info = new WireWriter().string(1, reason).string(2, domain).finish();
  return new WireWriter()
    .uint32(1, status)
    .string(2, message)
    .message(3, (any) => {
      any.string(1, errorInfoUrl).bytes(2, info);
    })
    .finish();
}

/** The code in a google.rpc.Status; undefined if it has none of ours or is malformed. */
export function decodeErrorInfo(details: Uint8Array): string | undefined {
  try {
    const reader = new WireReader(details);
    for (let field = reader.next(); field !== 0; field = reader.next()) {
      if (field !== 3) reader.skip();
      else {
        const code = codeInAny(reader.message());
        if (code !== undefined) return code;
      }
    }
  } catch {
    // Whoever wrote it, the message that came beside it is what there is.
  }
  return undefined;
}

function codeInAny(reader: WireReader): string | undefined {
  let url = "";
  let value: Uint8Array = new Uint8Array(0);
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) url = reader.string();
    else if (field === 2) value = reader.bytes();
    else reader.skip();
  }
  return url === errorInfoUrl ? codeInInfo(new WireReader(value)) : undefined;
}

function codeInInfo(reader: WireReader): string | undefined {
  let reason = "";
  let of = "";
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) reason = reader.string();
    else if (field === 2) of = reader.string();
    else reader.skip();
  }
  return of === domain ? reason.toLowerCase().replaceAll("_", "-") : undefined;
}
