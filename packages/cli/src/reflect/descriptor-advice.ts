/** What to do where a plugin does not tell its services. */
export const descriptorAdvice =
  "give their descriptors with --descriptor FILE (protoc --include_imports -o FILE, or buf build -o FILE)";
