/**
 * Go sends only exported struct fields: those whose first character is an upper-case letter. A name on
 * the wire that is not exported is skipped, and can therefore never be `__proto__`.
 */
export function isExportedName(name: string): boolean {
  return upperFirst.test(name);
}

const upperFirst = /^\p{Lu}/u;
