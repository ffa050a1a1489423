/** The parts of a local date and time, each with its leading zero. */
export interface LocalTime {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
}

/** The local date and time of `time`, which is in milliseconds since the epoch. */
export function localTime(time: number): LocalTime {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    year: String(date.getFullYear()),
    month: two(date.getMonth() + 1),
    day: two(date.getDate()),
    hour: two(date.getHours()),
    minute: two(date.getMinutes()),
    second: two(date.getSeconds()),
  };
}
