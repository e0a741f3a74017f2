import { StatusError } from "@drawbar/grpc";
import { serve } from "drawbar";
import { askPassword } from "./ask-password.ts";
import { handshake, plugins } from "./shared.ts";

await serve({
  handshake,
  plugins: {
    vault: plugins.vault.implement({
      unlock: async (user) => {
        try {
          const password = await askPassword(`Password for ${user}: `);
          return `${user}'s password has ${password.length} characters`;
        } catch (error) {
          throw new StatusError(
            "FAILED_PRECONDITION",
            error instanceof Error ? error.message : String(error),
          );
        }
      },
    }),
  },
});
