/** `node scripts/pack.mjs FOLDER`: packs the compiled packages into FOLDER and prints them as JSON. */
import { packAll } from "./lib/pack.mjs";
import { main, PlainError } from "./lib/say.mjs";

await main(async () => {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new PlainError("usage: node scripts/pack.mjs FOLDER");
  console.log(JSON.stringify(await packAll(folder), null, 2));
});
