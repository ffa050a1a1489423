import { type KillMoment, killMoments } from './kill-moments.js';

/** One kill, with what was asked for before it. */
export interface Round {
  moment: KillMoment;
  prompts: string[];
  /** Redis was emptied behind it. */
  isFlushed: boolean;
  /** The prompt whose request was at the moment, where that is known. */
  hit?: string | undefined;
}

/** What has become of all messages. */
export interface Ends {
  /** Prompts that the service has answered with an image. */
  answered: Set<string>;
  /** Prompts as often as they left a node with an image. */
  delivered: string[];
  failed: { prompt: string; code: string; charged: string }[];
  /** Prompts of images in any history. */
  kept: Set<string>;
}

/** A whole series; images are charged by the service, and booked in the ledgers. */
export interface Series {
  rounds: Round[];
  ends: Ends;
  charged: number;
  booked: number;
}

let last: Series | undefined;

/** Notes a series for the tables. */
export function notePlayed(series: Series): void {
  last = series;
}

/** The part of docs/reliability.md on kills; without numbers where no series was played in this process. */
export function describeKills(): string {
  const head = ['State', 'Killed', 'When it', 'What follows', 'Kills', 'Messages', ...outcomes];
  const rows = killMoments.map((moment) => {
    const { killed, state, moment: when, follows } = moment;
    const played = last?.rounds.filter((round) => round.moment === moment) ?? [];
    return [state, killed, when, follows, String(played.length), ...countOutcomes(played)];
  });
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return ['', ...table, '', describeSums(last), '', ''].join('\n');
}

const outcomes = ['Delivered', 'Twice', 'In a history alone', 'Said to be unknown', 'Free', 'Gone, not sent'];

function countOutcomes(rounds: Round[]): string[] {
  const prompts = rounds.flatMap((round) => round.prompts);
  const { delivered = [], failed = [], kept = new Set<string>() } = last?.ends ?? {};
  const times = (prompt: string): number => delivered.filter((each) => each === prompt).length;
  const rest = prompts.filter((prompt) => times(prompt) === 0);
  const isKept = (prompt: string): boolean => kept.has(prompt);
  const verdict = (prompt: string): string | undefined => failed.find((each) => each.prompt === prompt)?.charged;
  const lost = rest.filter((prompt) => !isKept(prompt));
  const counts = [
    prompts.length,
    prompts.length - rest.length,
    prompts.filter((prompt) => times(prompt) > 1).length,
    rest.filter(isKept).length,
    lost.filter((prompt) => (verdict(prompt) ?? 'no') !== 'no').length,
    lost.filter((prompt) => verdict(prompt) === 'no').length,
    lost.filter((prompt) => verdict(prompt) === undefined).length,
  ];
  return counts.map(String);
}

function describeSums({ rounds = [], charged = 0, booked = 0 }: Partial<Series> = {}): string {
  const asked = rounds.reduce((sum, { prompts }) => sum + prompts.length, 0);
  return [
    `${rounds.length} kills, ${asked} messages, 0 requests that reached the service twice.`,
    `The service charged ${charged} images; ledgers and Redis hold ${booked}, of which ${booked - charged} were booked and never left a dead worker.`,
  ].join(' ');
}
