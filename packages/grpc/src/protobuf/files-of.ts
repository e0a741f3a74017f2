import { type DescFile, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

/** A file and all that it imports, each as a serialized FileDescriptorProto. */
export function filesOf(file: DescFile): Uint8Array[] {
  const files = new Set([file]);
  for (const { dependencies } of files) for (const dependency of dependencies) files.add(dependency);
  return [...files].map((one) => toBinary(FileDescriptorProtoSchema, one.proto));
}
