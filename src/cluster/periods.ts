/** The names under which an hour, a day and a month are summed. */
export interface PeriodNames {
  hour: string;
  day: string;
  month: string;
}

/** The offsets of all time zones are multiples of it. */
export const quarter = 15 * 60_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The names of the periods that a time lies in, in a time zone. An hour that the clock repeats counts as one. */
export function namePeriods(time: number, timezone: string): PeriodNames {
  let format = formats.get(timezone);
  if (!format) formats.set(timezone, (format = openFormat(timezone)));
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  const month = `${parts.year}-${parts.month}`;
  const day = `${month}-${parts.day}`;
  return { hour: `h:${day} ${parts.hour}`, day: `d:${day}`, month: `m:${month}` };
}

/** The names around a time by quarter of an hour: Redis chooses by its own clock. */
export function periodsAround(time: number, timezone: string): Record<string, PeriodNames> {
  const index = Math.floor(time / quarter);
  return Object.fromEntries(
    [index - 1, index, index + 1].map((each) => [String(each), namePeriods(each * quarter, timezone)]),
  );
}

/** When the period that a time lies in ends, in milliseconds since the epoch. */
export function endOfPeriod(period: keyof PeriodNames, time: number, timezone: string): number {
  const name = namePeriods(time, timezone)[period];
  const isIn = (index: number): boolean => namePeriods(index * quarter, timezone)[period] === name;
  // By bisection: a month has at most 2980 quarters.
  let [inside, outside] = [Math.floor(time / quarter), Math.floor(time / quarter) + 3100];
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (isIn(middle)) inside = middle;
    else outside = middle;
  }
  return outside * quarter;
}

function openFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, hourCycle: 'h23' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' },
  });
}
