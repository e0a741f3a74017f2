/**
 * What proves to one host who we are. It shows itself in no log, no JSON and no error: only `header` tells it, to
 * whoever sends it.
 */
export class Credentials {
  readonly #scheme: "Basic" | "Bearer";
  readonly #user: string;
  readonly #secret: string;

  private constructor(scheme: "Basic" | "Bearer", user: string, secret: string) {
    this.#scheme = scheme;
    this.#user = user;
    this.#secret = secret;
  }

  static basic(user: string, password: string): Credentials {
    return new Credentials("Basic", user, password);
  }

  static bearer(token: string): Credentials {
    return new Credentials("Bearer", "", token);
  }

  /** The value of an `Authorization` header. */
  header(): string {
    return this.#scheme === "Bearer" ? `Bearer ${this.#secret}` : `Basic ${base64(this.#user, this.#secret)}`;
  }

  /** User and password, for programs that ask for these: a token stands as the password of a stand-in user. */
  login(): { readonly user: string; readonly password: string } {
    return { user: this.#scheme === "Bearer" ? "x-access-token" : this.#user, password: this.#secret };
  }

  toString(): string {
    return "[credentials]";
  }

  toJSON(): string {
    return this.toString();
  }
}

function base64(user: string, password: string): string {
  return Buffer.from(`${user}:${password}`, "utf8").toString("base64");
}
