import type { Node, NodeAPI } from 'node-red';
import { defined } from '../../src/defined.js';
import { ImageError } from '../../src/errors.js';
import { isOn, toNumber } from '../../src/json.js';
import type { Account } from '../../src/account/account.js';
import type { RequestOptions } from '../../src/account/send-request.js';
import type { Generation, GenerationRequest, Warning } from '../../src/generation.js';
import { inspect } from '../../src/image/inspect.js';
import { announcePreview, editorId } from '../shared/announce-preview.js';
import { generateTracked } from '../shared/generate-tracked.js';
import type { Message, Outcome } from '../shared/message.js';
import type { Task } from '../shared/on-message.js';
import { takeRecovered, toRecovery } from '../shared/recover-message.js';
import { type NanogptImageConfig, defaults, ranges } from './config.js';
import { type Finish, prepareFinish } from './finish-images.js';
import { formatMoney } from '../shared/money.js';
import { readRequest } from './read-request.js';
import { toMessages } from './to-messages.js';
import { withDefaults } from '../shared/with-defaults.js';

/**
 * Handles the messages of a node: returns those with the images. Settings
 * that an older flow lacks are absent in the saved ones.
 */
export function imageGenerator(
  RED: NodeAPI,
  node: Node,
  saved: Partial<NanogptImageConfig>,
): (msg: Message, task: Task) => Promise<Outcome> {
  const config = withDefaults(defaults, saved);
  return (msg, task) => generate({ RED, node, config }, msg, task);
}

interface ImageNode {
  RED: NodeAPI;
  node: Node;
  config: NanogptImageConfig;
}

/** A message that was read. */
interface PreparedMessage {
  account: Account;
  request: GenerationRequest;
  warnings: Warning[];
  options: RequestOptions;
  finish: Finish;
  /** Has `onSent` once the result is there, where a replica may deliver it too. */
  delivery: Pick<Outcome, 'onSent'>;
}

/** Little is kept here: thousands of messages may wait for their turn. */
async function generate(imageNode: ImageNode, msg: Message, task: Task): Promise<Outcome> {
  const prepared = await prepare(imageNode, msg, task);
  const { account, request, options } = prepared;
  const requester = { RED: imageNode.RED, account, accountId: task.account.id, stop: task.stop };
  const received = await generateTracked(requester, request, options);
  return toOutcome(imageNode, msg, { prepared, received, task });
}

/** Reads the message and the settings, before anything is sent and paid for. */
async function prepare(
  { RED, node, config }: ImageNode,
  msg: Message,
  { account, signal, onState }: Task,
): Promise<PreparedMessage> {
  const opened = await account.open();
  const fetchAddress = (address: string, field: string): Promise<Buffer> => opened.fetchInput(address, field, signal);
  const recovered = opened.isShared ? takeRecovered(msg) : undefined;
  const { request, warnings } = recovered
    ? { request: recovered.request, warnings: [] }
    : await readRequest({ RED, node, fetchAddress }, config, msg);
  const reuse = readReuse(config);
  if (reuse !== undefined && !opened.history.isOn)
    throw new ImageError('invalid_input', 'reuse_without_history', { field: 'reuse' });
  const finish = await prepareFinish(config);
  const onKept = config.preview ? ({ id }: { id: string }): void => announcePreview(RED, node, id) : undefined;
  const onDraft = config.preview && isOn(config.drafts) ? announceDraft(RED, node, opened, request) : undefined;
  const delivery: PreparedMessage['delivery'] = {};
  const shared = opened.isShared && {
    recovery: toRecovery(node, msg),
    onResult: (confirm: () => void): void => void (delivery.onSent = confirm),
    ...defined({ recovered }),
  };
  const options = { signal, nodeId: editorId(node), onState, ...defined({ reuse, onKept, onDraft }), ...shared };
  return { account: opened, request, warnings, options, finish, delivery };
}

/** The outcome of a message whose images are there. */
async function toOutcome(
  { RED, config }: ImageNode,
  msg: Message,
  { prepared, received, task }: { prepared: PreparedMessage; received: Generation; task: Task },
): Promise<Outcome> {
  const { request, finish, delivery } = prepared;
  const { service } = task.account;
  const generation = await finish(request, received, service);
  const warnings = [...prepared.warnings, ...generation.warnings].map(task.translate);
  return {
    messages: toMessages(RED, config, msg, { request, generation, service, warnings }),
    warnings,
    ...(generation.reused && { state: 'reused' }),
    ...defined({ summary: costText(generation, service), onSent: delivery.onSent }),
  };
}

/** Shows partial images where the node's preview is; a draft that cannot be read is passed over. */
function announceDraft(
  RED: NodeAPI,
  node: Node,
  { history }: Account,
  request: GenerationRequest,
): (bytes: Buffer) => void {
  return (bytes) => {
    const header = inspect(bytes);
    const draft = header && history.keepDraft(request, { bytes, ...header }, editorId(node));
    if (draft) announcePreview(RED, node, draft.id);
  };
}

/** The cost of the request; undefined where it is unknown, or play money of the built-in service. */
function costText({ cost, currency }: Generation, service: string): string | undefined {
  return cost === undefined || currency === undefined || service === 'sandbox'
    ? undefined
    : formatMoney(cost, currency);
}

/** How long images may be reused, in milliseconds; undefined = never. */
function readReuse({ reuse }: NanogptImageConfig): number | undefined {
  if (String(reuse).trim() === '') return undefined;
  const { min, max } = ranges.reuse;
  const hours = toNumber(reuse);
  if (hours === undefined || hours < min || hours > max)
    throw new ImageError('invalid_input', 'bad_range', { field: 'reuse', min, max, found: String(reuse) });
  return hours * 3600_000;
}
