import type { EditorRed } from '../shared/editor/red.js';
import { openDialog } from '../shared/editor/open-dialog.js';
import { takeOnlyAccount } from '../shared/editor/take-only-account.js';
import { accountValidator, isNumberBetween, plainValidator } from '../shared/editor/validators.js';
import { defaults, limitRange, type NanogptInfoConfig } from './config.js';

declare const RED: EditorRed;

RED.nodes.registerType<NanogptInfoConfig>('nanogpt-info', {
  category: 'NanoGPT',
  color: '#B7B1D8',
  icon: 'nanogpt-info.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: defaults.name },
    account: { value: defaults.account, type: 'nanogpt-config', validate: accountValidator() },
    ask: { value: defaults.ask },
    filter: { value: defaults.filter },
    limit: {
      value: defaults.limit,
      validate: plainValidator('limit', isNumberBetween(limitRange.min, limitRange.max, 'whole')),
    },
    listOnly: { value: defaults.listOnly },
  },
  paletteLabel() {
    return this._('label.palette');
  },
  label() {
    return this.name || this._(`ask.${this.ask}`);
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  inputLabels() {
    return this._('label.trigger');
  },
  outputLabels() {
    return this._(`ask.${this.ask}`);
  },
  onadd: takeOnlyAccount,
  oneditprepare() {
    openDialog(this);
  },
});
