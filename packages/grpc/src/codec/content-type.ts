/** The content type that this implementation sends. */
export const grpcContentType = "application/grpc";

/**
 * True for `application/grpc`, with or without a message format (`+proto`) or parameters (`; charset`).
 * `application/grpc-web` is another protocol.
 */
export function isGrpcContentType(value: string | undefined): boolean {
  if (value === undefined) return false;
  if (value === grpcContentType) return true;
  const lower = value.toLowerCase();
  if (!lower.startsWith(grpcContentType)) return false;
  const next = lower[grpcContentType.length];
  return next === undefined || next === "+" || next === ";" || next === " ";
}
