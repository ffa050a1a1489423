/**
 * When a signed URL expires (ISO 8601), from its `X-Amz-Date` and `X-Amz-Expires` (AWS Signature Version 4, query
 * parameters).
 */
export function readExpiry(url: string): string | undefined {
  // Some servers give only a path.
  if (!URL.canParse(url)) return undefined;
  const { searchParams } = new URL(url);
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(searchParams.get('X-Amz-Date') ?? '');
  const seconds = Number(searchParams.get('X-Amz-Expires') ?? NaN);
  if (!date || !Number.isFinite(seconds)) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = date.slice(1).map(Number);
  const end = new Date(Date.UTC(year, month - 1, day, hour, minute, second) + seconds * 1000);
  return Number.isNaN(end.getTime()) ? undefined : end.toISOString();
}
