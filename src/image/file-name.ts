import { localTime } from '../local-time.js';

/** The place of an image in its request, and when it was received (milliseconds since the epoch). */
export interface NamedImage {
  time: number;
  index: number;
  count: number;
  extension: string;
}

/** Characters of a prompt that are read for the name: normalizing a long one takes time. */
const longestPrompt = 200;

/** A file name that is valid everywhere: the first words of the prompt, the local time, the number. */
export function nameFile(prompt: string, { time, index, count, extension }: NamedImage): string {
  const { year, month, day, hour, minute, second } = localTime(time);
  const number = count > 1 ? `-${index + 1}` : '';
  return `${firstWords(prompt) || 'image'}-${year}${month}${day}-${hour}${minute}${second}${number}.${extension}`;
}

function firstWords(prompt: string): string {
  const words = prompt
    .slice(0, longestPrompt)
    .normalize('NFKD')
    .replace(/[^\w\s-]/g, '')
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '-');
  if (words.length <= 40) return words;
  return words
    .slice(0, 41)
    .replace(/-[^-]*$/, '')
    .slice(0, 40);
}
