import * as gob from "@drawbar/gob";
import { type Implementation, method, service } from "@drawbar/netrpc";

// The types and the service of conformance/peers/netrpc/main.go.

export const Args = gob.struct("Args", { A: gob.int, B: gob.int });
export const Quotient = gob.struct("Quotient", { Quo: gob.int, Rem: gob.int });

interface PersonOut {
  Name: string;
  Age: number;
  Tags: string[];
  Scores: Record<string, number>;
  Boss: PersonOut | null;
}
interface PersonIn {
  readonly Name?: string;
  readonly Age?: number;
  readonly Tags?: readonly string[];
  readonly Scores?: Readonly<Record<string, number>>;
  readonly Boss?: PersonIn | null;
}
export const Person: gob.Schema<PersonOut, PersonIn> = gob.struct("Person", {
  Name: gob.string,
  Age: gob.uint8,
  Tags: gob.slice(gob.string),
  Scores: gob.record(gob.float64),
  Boss: gob.pointer(gob.lazy((): gob.Schema<PersonOut, PersonIn> => Person)),
}) as gob.Schema<PersonOut, PersonIn>;

export const arith = service("Arith", {
  Multiply: method(Args, gob.int),
  Divide: method(Args, Quotient),
  Sleep: method(gob.int, gob.int),
  Bytes: method(gob.bytes, gob.bytes),
  Person: method(Person, Person),
  Greet: method(gob.any, gob.string),
});

export const arithmetic: Implementation<typeof arith.methods> = {
  Multiply: ({ A, B }) => A * B,
  Divide({ A, B }) {
    if (B === 0) throw new Error("divide by zero");
    return { Quo: Math.trunc(A / B), Rem: A % B };
  },
  Sleep: (ms) => new Promise((resolve) => setTimeout(() => resolve(ms), ms)),
  Bytes: (data) => data,
  Person: (person) => ({ ...person, Age: person.Age + 1, Boss: { Name: `Boss of ${person.Name}` } }),
  Greet: (args) => `hello ${args === null ? "<nil>" : String(args)}`,
};
