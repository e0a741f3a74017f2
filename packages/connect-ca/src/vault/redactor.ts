// Fields of requests whose values are secret or stand for an identity. A name too many costs nothing.
const secretNames =
  /token|secret|password|passcode|jwt|private|signature|pkcs7|identity|_key$|^key$|role_id|headers|request_url|request_body/i;

// Shorter ones would blot out ordinary words, such as "root", the token of a Vault in dev mode; they are no
// secrets.
const shortestSecret = 5;

/** Takes secrets out of texts that may repeat them, such as the messages of a proxy in front of Vault. */
export class Redactor {
  readonly #secrets: string[] = [];

  add(secret: string): void {
    if (secret.length >= shortestSecret) this.#secrets.push(secret);
  }

  /** Adds the values of a request's secret fields, at any depth. */
  addFields(body: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(body)) {
      if (typeof value === "string" && secretNames.test(name)) this.add(value);
      else if (typeof value === "object" && value !== null) this.addFields(value as Record<string, unknown>);
    }
  }

  redact(text: string): string {
    return this.#secrets.reduce((redacted, secret) => redacted.replaceAll(secret, "[redacted]"), text);
  }
}
