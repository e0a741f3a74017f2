import { pluginLogger, serve } from "drawbar";
import { handshake, plugins } from "./shared.ts";

const logger = pluginLogger();

await serve({
  handshake,
  plugins: {
    greeter: plugins.greeter.implement({
      Greet: () => {
        logger.debug("message from the greeter");
        return "Hello!";
      },
    }),
  },
});
