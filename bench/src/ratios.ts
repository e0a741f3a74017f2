import { Contender } from "./contender.ts";
import type { MeasureRequest } from "./contenders/measure.ts";
import type { Effort } from "./effort.ts";
import type { Mode, Question } from "./questions.ts";
import { median } from "./statistics.ts";

/** A question's answer, with the medians it was made of (microseconds, calls, megabytes or values a second). */
export interface Ratio {
  readonly question: Question;
  readonly ratio: number;
  readonly ours: number;
  readonly peer: number;
}

type Samples = Map<string, number[]>;

/**
 * Measures every contender that a question names in every way that one asks of it, interleaved: each round
 * measures all of them once, so that whatever else the machine does falls on both sides of each ratio.
 */
export async function measureRatios(
  questions: readonly Question[],
  commands: Readonly<Record<string, readonly string[]>>,
  effort: Effort,
): Promise<readonly Ratio[]> {
  const tasks = tasksOf(questions);
  const contenders = new Map(
    [...tasks.keys()].map((name) => [name, new Contender(name, commandOf(commands, name))] as const),
  );
  try {
    const samples: Samples = new Map();
    await sampleRound(tasks, contenders, effort, new Map());
    for (let round = 0; round < effort.rounds; round++) await sampleRound(tasks, contenders, effort, samples);
    return questions.map((question) => answer(question, samples));
  } finally {
    await Promise.all([...contenders.values()].map((contender) => contender.stop()));
  }
}

type Tasks = ReadonlyMap<string, ReadonlySet<Mode>>;

function tasksOf(questions: readonly Question[]): Tasks {
  const tasks = new Map<string, Set<Mode>>();
  for (const { ours, peer, mode } of questions) {
    for (const name of [ours, peer]) tasks.set(name, (tasks.get(name) ?? new Set()).add(mode));
  }
  return tasks;
}

async function sampleRound(
  tasks: Tasks,
  contenders: ReadonlyMap<string, Contender>,
  effort: Effort,
  samples: Samples,
): Promise<void> {
  for (const [name, modes] of tasks) {
    for (const mode of modes) {
      const value = await contenders.get(name)?.measure(requestOf(mode, effort));
      add(samples, `${name} ${mode}`, value ?? Number.NaN);
    }
  }
}

function requestOf(mode: Mode, { calls, inFlight, spanMs }: Effort): MeasureRequest {
  switch (mode) {
    case "p50":
      return { mode, calls };
    case "rps":
      return { mode, inFlight, ms: spanMs };
    case "server_stream":
    case "client_stream":
    case "encode":
    case "decode":
      return { mode, ms: spanMs };
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
