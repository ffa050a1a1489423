import { storedPassword } from '../shared/editor/settings.js';
import type { EditorRed } from '../shared/editor/red.js';
import { openDialog } from '../shared/editor/open-dialog.js';
import { isOneOf, plainValidator } from '../shared/editor/validators.js';
import {
  choices,
  defaults,
  isKeyPrefix,
  isTimeZone,
  leastSecretLength,
  type NanogptClusterConfig,
  parseRedisUrl,
} from './config.js';

declare const RED: EditorRed;

RED.nodes.registerType<NanogptClusterConfig>('nanogpt-cluster', {
  category: 'config',
  defaults: {
    name: { value: defaults.name },
    url: { value: defaults.url, validate: plainValidator('url', isUrl) },
    prefix: { value: defaults.prefix, validate: plainValidator('prefix', isKeyPrefix) },
    role: { value: defaults.role, validate: plainValidator('role', isOneOf(...choices.role)) },
    replicas: { value: defaults.replicas },
    timezone: {
      value: defaults.timezone,
      validate: plainValidator('timezone', (name) => name === '' || isTimeZone(name)),
    },
  },
  credentials: {
    password: { type: 'password' },
    secret: { type: 'password', validate: plainValidator('secret', isSecret) },
  },
  paletteLabel() {
    return this._('label.cluster');
  },
  label() {
    return this.name || this.url.replace(/^rediss?:\/\//, '');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    openDialog(this);
  },
});

/** A password in the URL would be saved in the flow, where everyone can read it. */
function isUrl(value: string): boolean {
  const url = parseRedisUrl(value);
  return url !== undefined && url.password === '';
}

/** Accepts what the editor shows for a stored secret, too, which is shorter. */
function isSecret(value: string): boolean {
  return value === storedPassword || value.length >= leastSecretLength;
}
