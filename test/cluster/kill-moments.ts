import type { ServiceStep } from '../helpers/counting-service.js';
import type { TapMoment } from '../helpers/redis-tap.js';

/** When a process of a cluster is killed. */
export interface KillMoment {
  /** In the words of the table. */
  moment: string;
  /** Of the request that it works on or waits for. */
  state: 'queued' | 'reserved' | 'sent' | 'answered' | 'claimed' | 'delivered';
  killed: 'asker' | 'worker';
  /** An operation of the state script, by the asker or a worker, or a step of the service. */
  at: { operation: string; by: 'asker' | 'worker'; when: TapMoment } | { step: ServiceStep };
  /** Whether the service answers with addresses. */
  givesAddress?: true;
  /** What follows for that request. */
  follows: string;
}

const another = 'another sends it';
const replica = 'its next start or a replica delivers it';
const unknown = '`connection_lost`, charged: unknown';

/** Two in a row are of different kinds, so that the first few of them show most. */
export const killMoments: KillMoment[] = [
  {
    ...{ moment: 'while it downloads the image', state: 'answered', killed: 'worker', givesAddress: true },
    ...{ at: { step: 'download' }, follows: 'who asked downloads it' },
  },
  {
    ...{ moment: 'has the result, and has not sent it on', state: 'claimed', killed: 'asker' },
    ...{ at: { operation: 'claim', by: 'asker', when: 'after' }, follows: replica },
  },
  {
    ...{ moment: 'may send, and has not begun', state: 'reserved', killed: 'worker' },
    ...{ at: { operation: 'reserve', by: 'worker', when: 'after' }, follows: another },
  },
  {
    ...{ moment: 'its request is with the service', state: 'sent', killed: 'asker' },
    ...{ at: { step: 'request' }, follows: replica },
  },
  {
    ...{ moment: 'its request is with the service', state: 'sent', killed: 'worker' },
    ...{ at: { step: 'request' }, follows: unknown },
  },
  {
    ...{ moment: 'its request is in the queue, which it has not heard', state: 'queued', killed: 'asker' },
    ...{ at: { operation: 'enqueue', by: 'asker', when: 'after' }, follows: replica },
  },
  {
    ...{ moment: 'has booked the request, and has not sent it', state: 'sent', killed: 'worker' },
    ...{ at: { operation: 'send', by: 'worker', when: 'after' }, follows: unknown },
  },
  {
    ...{ moment: 'has sent the image on, and has not said so', state: 'claimed', killed: 'asker' },
    ...{ at: { operation: 'delivered', by: 'asker', when: 'before' }, follows: 'it may leave the node once more' },
  },
  {
    ...{ moment: 'the service answers', state: 'sent', killed: 'worker' },
    ...{ at: { step: 'answer' }, follows: unknown },
  },
  {
    ...{ moment: 'is about to put its request into the queue', state: 'queued', killed: 'asker' },
    ...{
      at: { operation: 'enqueue', by: 'asker', when: 'before' },
      follows: 'the message dies with it; nothing was sent',
    },
  },
  {
    ...{ moment: 'has stored the address, and has not begun to download', state: 'answered', killed: 'worker' },
    ...{
      at: { operation: 'receive', by: 'worker', when: 'after' },
      givesAddress: true,
      follows: 'who asked downloads it',
    },
  },
  {
    ...{ moment: 'a worker is about to send its request', state: 'reserved', killed: 'asker' },
    ...{ at: { operation: 'send', by: 'worker', when: 'before' }, follows: replica },
  },
  {
    ...{ moment: 'is about to hand the image in', state: 'answered', killed: 'worker' },
    ...{ at: { operation: 'finish', by: 'worker', when: 'before' }, follows: `the image dies with it: ${unknown}` },
  },
  {
    ...{ moment: 'is about to take the result', state: 'answered', killed: 'asker' },
    ...{ at: { operation: 'claim', by: 'asker', when: 'before' }, follows: replica },
  },
  {
    ...{ moment: 'has handed the image in', state: 'answered', killed: 'worker' },
    ...{ at: { operation: 'finish', by: 'worker', when: 'after' }, follows: 'who asked delivers it' },
  },
  {
    ...{ moment: 'has said that the image was sent on', state: 'delivered', killed: 'asker' },
    ...{ at: { operation: 'delivered', by: 'asker', when: 'after' }, follows: 'delivered once' },
  },
];
