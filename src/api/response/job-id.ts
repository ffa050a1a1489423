import { isObject } from '../../json.js';
import type { ResponseHead } from '../http/transport.js';

/** Names that only the id of a job has. */
const idKey = /^(task|job|prediction|generation|prompt)_?id$/i;

/** States of a job that makes the images still. */
const begun =
  /^(queued|pending|running|processing|notrunning|not_started|starting|submitted|in_progress|in_queue|accepted|created|waiting|scheduled|generating|enqueued)$/i;

/** States of a job that has ended without images. */
const ended = /fail|error|cancel|reject/i;

/** Names of addresses to ask at. */
const pollKeys = ['polling_url', 'status_url', 'urls'];

/** The most objects that are looked at. */
const mostPlaces = 30;

/**
 * The id of a job that has only begun: Azure's 202, `task_id`, a job
 * that is queued; undefined where the response names none.
 */
export function readJobId({ status, headers }: ResponseHead, body: Record<string, unknown>): string | undefined {
  const places = nestedObjects(body);
  const states = places.flatMap((place) => [place.status, place.task_status, place.state]).filter(isText);
  if (states.some((state) => ended.test(state)) || places.some(({ success }) => success === false)) return undefined;
  const isBegun =
    status === 202 ||
    states.some((state) => begun.test(state)) ||
    places.some((place) => pollKeys.some((key) => key in place));
  const found = [
    ...places.flatMap((place) => Object.entries(place).map(([key, value]) => (idKey.test(key) ? value : undefined))),
    ...(isBegun ? places.flatMap(({ id, request_id: requestId }) => [id, requestId]) : []),
    ...(isBegun ? [headers['operation-location']?.split('/').at(-1)?.replace(/\?.*$/, ''), headers.location] : []),
  ].find(isId);
  return found === undefined ? undefined : String(found);
}

/** A body and the objects in it, up to two levels deep; of a list the first. */
function nestedObjects(body: Record<string, unknown>): Record<string, unknown>[] {
  const places = [body];
  let level = [body];
  for (let depth = 0; depth < 2; depth++) {
    level = level.flatMap((place) =>
      Object.values(place)
        .map((value): unknown => (Array.isArray(value) ? value[0] : value))
        .filter(isObject),
    );
    places.push(...level);
  }
  return places.slice(0, mostPlaces);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isId(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '' && value.length <= 200) || typeof value === 'number';
}
