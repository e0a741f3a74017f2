/** `npm run check`: style, file lengths, layers, and the packages as they would be published. */
import { build } from "./lib/build.mjs";
import { check } from "./lib/check.mjs";
import { install } from "./lib/install.mjs";
import { main } from "./lib/say.mjs";

await main(async () => {
  await install();
  await build();
  await check();
});
