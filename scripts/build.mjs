/**
 * `npm run build`: compiles everything. `npm run build -- packages/http2 …` compiles these folders and
 * what they stand on.
 */
import { prepare } from "./lib/prepare.mjs";
import { main } from "./lib/say.mjs";

await main(async () => {
  const projects = process.argv.slice(2);
  await prepare(projects.length > 0 ? projects : undefined);
});
