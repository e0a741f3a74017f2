import { serve } from "drawbar";
import { handshake, plugins } from "./shared.ts";

await serve({
  handshake,
  plugins: {
    who: plugins.who.implement({ ami: () => `uid ${process.getuid?.()}, gid ${process.getgid?.()}` }),
  },
});
