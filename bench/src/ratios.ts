import { Contender } from "./contender.ts";
import type { Effort } from "./effort.ts";
import type { Question } from "./questions.ts";
import { median } from "./statistics.ts";

/** A question's answer, with the medians it was made of (microseconds or calls a second). */
export interface Ratio {
  readonly question: Question;
  readonly ratio: number;
  readonly ours: number;
  readonly peer: number;
}

type Samples = Map<string, number[]>;

/**
 * Measures every contender that a question names, interleaved: each round measures all of them once,
 * so that whatever else the machine does falls on both sides of each ratio.
 */
export async function measureRatios(
  questions: readonly Question[],
  commands: Readonly<Record<string, readonly string[]>>,
  effort: Effort,
): Promise<readonly Ratio[]> {
  const names = [...new Set(questions.flatMap(({ ours, peer }) => [ours, peer]))];
  const contenders = names.map((name) => new Contender(name, commandOf(commands, name)));
  try {
    const samples: Samples = new Map();
    await sampleRound(contenders, effort, new Map());
    for (let round = 0; round < effort.rounds; round++) await sampleRound(contenders, effort, samples);
    return questions.map((question) => answer(question, samples));
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
}

async function sampleRound(
  contenders: readonly Contender[],
  effort: Effort,
  samples: Samples,
): Promise<void> {
  for (const contender of contenders) {
    add(samples, `${contender.name} p50`, await contender.measure({ mode: "p50", calls: effort.calls }));
    // The raw socket is the floor of one call; many at once over it have no meaning.
    if (contender.name === "raw socket") continue;
    const { inFlight, rpsMs: ms } = effort;
    add(samples, `${contender.name} rps`, await contender.measure({ mode: "rps", inFlight, ms }));
  }
}

function add(samples: Samples, key: string, value: number): void {
  const values = samples.get(key);
  if (values === undefined) samples.set(key, [value]);
  else values.push(value);
}

function answer(question: Question, samples: Samples): Ratio {
  const ours = samples.get(`${question.ours} ${question.mode}`) ?? [];
  const peer = samples.get(`${question.peer} ${question.mode}`) ?? [];
  const ratios = ours.map((value, round) => value / (peer[round] ?? Number.NaN));
  return { question, ratio: median(ratios), ours: median(ours), peer: median(peer) };
}

function commandOf(commands: Readonly<Record<string, readonly string[]>>, name: string): readonly string[] {
  const command = commands[name];
  if (command === undefined) throw new Error(`bench: no contender is called "${name}"`);
  return command;
}
