import type { RequestState } from '../account/send-request.js';
import { defined } from '../defined.js';
import { isObject, parseJson } from '../json.js';
import type { Member } from './member.js';
import { tryUnseal, unsealJob } from './sealed-request.js';

/** A request that another instance of the account waits for. */
export interface RemoteRequest {
  id: string;
  /** In the flows of that instance. */
  nodeId?: string;
  prompt: string;
  model?: string;
  /** Number of images asked for. */
  count: number;
  phase: RequestState['phase'];
  /** When it was asked, in milliseconds since the epoch by the clock of this machine. */
  started: number;
  /** Host names: of the instance that asked, and of the one that sends it. */
  askedBy: string;
  sentBy?: string;
}

/** The most requests that are listed. */
const most = 100;

const fields = ['state', 'created', 'askedBy', 'worker', 'job'] as const;

/** What waits and runs on the account, wherever it was asked. */
export class RunningRequests {
  readonly #member: Member;

  constructor(member: Member) {
    this.#member = member;
  }

  /** The requests of the other instances, the oldest first. @throws where Redis does not answer. */
  async list(): Promise<RemoteRequest[]> {
    const { redis, tag } = this.#member;
    const last = String(most - 1);
    const [sent, waiting, orphans, announcements] = await Promise.all([
      redis.zrange(`${tag}:slots`, '0', last),
      redis.zrange(`${tag}:waiting`, '0', last),
      redis.zrange(`${tag}:orphans`, '0', last),
      redis.hgetall(`${tag}:instances`),
    ]);
    const ids = [...new Set([...sent, ...waiting, ...orphans])].slice(0, most);
    const found = await Promise.all(ids.map((id) => this.#read(id, announcements)));
    return found.filter((request) => request !== undefined).sort((one, other) => one.started - other.started);
  }

  /**
   * Ends a request for all that wait for it: what was sent may be paid for all the same. False where there is none, or
   * it has ended.
   */
  async stop(id: string): Promise<boolean> {
    const { state, ended } = await this.#member.call<{ state: string; ended?: boolean }>('cancel', { id, all: true });
    return state === 'sent' || ended === true;
  }

  async #read(id: string, announcements: Record<string, string>): Promise<RemoteRequest | undefined> {
    const member = this.#member;
    const [state, created, askedBy = '', worker, sealed] = await member.redis.hmget(
      `${member.tag}:request:${id}`,
      ...fields,
    );
    const isOpen = state === 'queued' || state === 'reserved' || state === 'sent';
    if (!isOpen || typeof sealed !== 'string' || askedBy === member.nonce) return undefined;
    const job = tryUnseal(() => unsealJob(member, id, sealed));
    const host = (nonce: string | null): string | undefined => readHost(announcements[nonce ?? '']);
    return (
      job && {
        ...{ id, prompt: job.request.prompt, count: job.request.n ?? 1 },
        ...{ phase: state === 'sent' ? 'running' : 'waiting', askedBy: host(askedBy) ?? '?' },
        started: member.clock.toLocal(Number(created)),
        ...defined({ nodeId: job.nodeId, model: job.request.model }),
        ...defined({ sentBy: state === 'sent' ? host(worker ?? null) : undefined }),
      }
    );
  }
}

/** Undefined where an instance has left. */
function readHost(announcement = ''): string | undefined {
  const said = parseJson(announcement);
  return isObject(said) && typeof said.host === 'string' ? said.host : undefined;
}
