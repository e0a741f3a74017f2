/** How a field's value is laid out (protobuf encoding guide, "Message Structure"). */
export const WireType = { varint: 0, i64: 1, bytes: 2, startGroup: 3, endGroup: 4, i32: 5 } as const;
