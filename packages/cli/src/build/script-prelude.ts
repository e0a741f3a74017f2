// What stands in a built script for the names that only modules have. All are loaded when they are used.

/** What the compiler puts in the place of `import.meta`'s properties. */
export const metaNames: Readonly<Record<string, string>> = {
  "import.meta.url": "__drawbar.url",
  "import.meta.filename": "__filename",
  "import.meta.dirname": "__dirname",
};

/** The name under which a built script loads what stays outside of it. */
export const requireName = "__drawbarRequire";

/** The beginning of the function that holds a program. */
export const opening: string =
  `(function(exports,require,module,__filename,__dirname){"use strict";const ${requireName}=require,` +
  '__drawbar={get url(){return require("node:url").pathToFileURL(__filename).href}};return(async()=>{';

/** Its end. */
export const closing = "})()})";
