/**
 * `npm run build`: compiles everything. `npm run build -- packages/http2 …` compiles these folders and
 * what they stand on.
 */
import { build } from "./lib/build.mjs";
import { install } from "./lib/install.mjs";
import { main } from "./lib/say.mjs";

await main(async () => {
  const projects = process.argv.slice(2);
  await install();
  await build(projects.length > 0 ? projects : undefined);
});
