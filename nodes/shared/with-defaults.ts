/**
 * Saved settings over their defaults. Flows come from older versions and from people who edit them as text: what is
 * missing or null has its default, and what the dialog saves as text becomes text.
 */
export function withDefaults<Config extends object, Saved extends object>(
  defaults: Config,
  saved: Saved,
): Config & Omit<Saved, keyof Config> {
  const given = saved as Record<string, unknown>;
  const settings = Object.entries(defaults).map(([name, usual]) => [name, toSetting(given[name], usual)]);
  return { ...saved, ...(Object.fromEntries(settings) as Config) };
}

function toSetting(value: unknown, usual: unknown): unknown {
  if (value === undefined || value === null) return usual;
  if (typeof usual !== 'string' || typeof value === 'string') return value;
  return JSON.stringify(value);
}
