import { type Channel, createClient, isStatusError } from "@drawbar/grpc";
import {
  type ReflectionAnswer,
  type ReflectionQuestion,
  type ReflectionRequest,
  reflectionService,
  reflectionServiceV1Alpha,
} from "@drawbar/grpc/reflection";
import { CommandError } from "../command-error.ts";
import { descriptorAdvice } from "./descriptor-advice.ts";

/** Asks a server for its services and their schemas. */
export interface ReflectionClient {
  /** `error` for what the server does not know. */
  ask(question: ReflectionQuestion): Promise<ReflectionAnswer>;
}

type Ask = (question: ReflectionQuestion) => Promise<ReflectionAnswer>;

/**
 * Speaks v1, or v1alpha with a server that has only that.
 *
 * @param timeoutMs for each question
 */
export function reflectionClient(channel: Channel, timeoutMs: number): ReflectionClient {
  const versions = [reflectionService, reflectionServiceV1Alpha].map((service): Ask => {
    const { serverReflectionInfo } = createClient(service, channel);
    return async (question) => {
      const requests: ReflectionRequest[] = [{ host: "", question }];
      for await (const { answer } of serverReflectionInfo(requests, { timeoutMs })) return answer;
      throw new CommandError("reflection-failed", "the plugin's reflection ended without an answer");
    };
  });
  return {
    async ask(question) {
      for (const [index, ask] of versions.entries()) {
        try {
          return await ask(question);
        } catch (error) {
          const unknown = isStatusError(error) && error.statusName === "UNIMPLEMENTED";
          if (!unknown || index === versions.length - 1) throw unknown ? noReflection(error) : error;
        }
      }
      throw noReflection(undefined);
    },
  };
}

function noReflection(cause: unknown): CommandError {
  return new CommandError(
    "reflection-missing",
    `the plugin has no gRPC reflection, so it does not tell its services; ${descriptorAdvice}`,
    { cause },
  );
}
