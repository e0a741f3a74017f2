export { addReflection, type ReflectionOptions } from "./add-reflection.ts";
export type {
  ReflectionAnswer,
  ReflectionQuestion,
  ReflectionRequest,
  ReflectionResponse,
} from "./reflection-messages.ts";
export {
  type ReflectionService,
  reflectionService,
  reflectionServiceV1Alpha,
} from "./reflection-services.ts";
