import { defined } from '../../../src/defined.js';
import { isObject } from '../../../src/json.js';
import { type NanogptClusterConfig, defaults as clusterDefaults } from '../../nanogpt-cluster/config.js';
import { type NanogptConfigConfig, defaults as accountDefaults } from '../../nanogpt-config/config.js';
import { type NanogptImageConfig, defaults as imageDefaults } from '../../nanogpt-image/config.js';
import { storedPassword } from '../../shared/stored-password.js';
import { BadRequest } from './admin-request.js';
import type { NodeLocation } from './variables.js';

/** An account in the editor, deployed or not, with defaults for missing settings. */
export interface PostedAccount {
  place: NodeLocation;
  config: NanogptConfigConfig;
  /** The key typed since the last deploy; absent = the stored one. */
  apiKey?: string;
  /** Of the sign-in whose key stands in place of the stored one. */
  ticket?: string;
}

/** A cluster in the editor, deployed or not, with defaults for missing settings. */
export interface PostedCluster {
  place: NodeLocation;
  config: NanogptClusterConfig;
  /** What was typed since the last deploy; absent = what is stored. */
  password?: string;
  secret?: string;
}

/** An image node in its dialog, and the properties of the sample message by path. */
export interface TryRequest {
  account: PostedAccount;
  place: NodeLocation;
  config: NanogptImageConfig;
  sample: Record<string, unknown>;
  /** By which the dialog recognises partial images of its try; absent = it shows none. */
  tryId?: string;
}

/**
 * The account in a body `{account, apiKey?, ticket?}`.
 *
 * @throws BadRequest
 */
export function readAccount(body: unknown): PostedAccount {
  const { account, apiKey, ticket } = objectIn(body);
  if (ticket !== undefined && typeof ticket !== 'string') throw new BadRequest();
  const posted = objectIn(account);
  return {
    place: readPlace(posted),
    config: readConfig(posted, accountDefaults),
    ...defined({ apiKey: readCredential(apiKey), ticket }),
  };
}

/**
 * The cluster in a body `{cluster, password?, secret?}`.
 *
 * @throws BadRequest
 */
export function readCluster(body: unknown): PostedCluster {
  const { cluster, password, secret } = objectIn(body);
  const posted = objectIn(cluster);
  return {
    place: readPlace(posted),
    config: readConfig(posted, clusterDefaults),
    ...defined({ password: readCredential(password), secret: readCredential(secret) }),
  };
}

/**
 * The id in a body `{model?}`, for the one model that is asked about.
 *
 * @throws BadRequest
 */
export function readModelId(body: unknown): string | undefined {
  const { model } = objectIn(body);
  if (model !== undefined && typeof model !== 'string') throw new BadRequest();
  return model;
}

/**
 * The ticket in a body `{ticket}`.
 *
 * @throws BadRequest
 */
export function readTicket(body: unknown): string {
  const { ticket } = objectIn(body);
  if (typeof ticket !== 'string') throw new BadRequest();
  return ticket;
}

/**
 * A body `{account, apiKey?, node, sample, tryId?}`.
 *
 * @throws BadRequest
 */
export function readTryRequest(body: unknown): TryRequest {
  const account = readAccount(body);
  const { node, sample, tryId } = objectIn(body);
  if (tryId !== undefined && (typeof tryId !== 'string' || !/^\w{8,40}$/.test(tryId))) throw new BadRequest();
  const posted = objectIn(node);
  return {
    account,
    place: readPlace(posted),
    config: readConfig(posted, imageDefaults),
    sample: objectIn(sample),
    ...defined({ tryId }),
  };
}

/** A credential that was typed; undefined = the stored one. */
function readCredential(value: unknown): string | undefined {
  if (value !== undefined && typeof value !== 'string') throw new BadRequest();
  return value === storedPassword ? undefined : value;
}

function objectIn(value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw new BadRequest();
  return value;
}

/** The id becomes part of a file name: only ids like those of the editor are accepted. */
function readPlace({ id, z, name }: Record<string, unknown>): NodeLocation {
  if (typeof id !== 'string' || !/^\w[\w.-]{0,99}$/.test(id)) throw new BadRequest();
  return { id, ...(typeof z === 'string' && z !== '' && { z }), ...(typeof name === 'string' && { name }) };
}

/** Numbers may be text, and text may stand for a number or a checkbox (`${NAME}`). */
function readConfig<Config extends object>(posted: Record<string, unknown>, defaults: Config): Config {
  const read = ([name, usual]: [string, unknown]): [string, unknown] => {
    const value = posted[name] ?? usual;
    if (typeof value !== 'string' && typeof value !== (typeof usual === 'boolean' ? 'boolean' : 'number'))
      throw new BadRequest();
    return [name, typeof value === 'number' ? String(value) : value];
  };
  return Object.fromEntries(Object.entries(defaults).map(read)) as Config;
}
