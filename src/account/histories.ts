import type { History, HistorySettings } from '../history/history.js';
import { openHistory } from './open-history.js';
import type { AccountOptions } from './settings.js';

/** Histories by the id of their config node, the longest untouched first; all accounts with that id share one. */
const histories = new Map<string, History>();

/** The ids of config nodes that are deployed. */
const deployed = new Set<string>();

/** So many histories of config nodes that are not deployed are kept for what was tried with them. */
const mostDrafts = 5;

/**
 * The history of a deployed config node with its current settings. `options` are used only when the history is created.
 */
export function deployHistory(id: string, settings: HistorySettings, options: AccountOptions): History {
  deployed.add(id);
  const history = shareHistory(id, settings, options);
  history.configure(settings);
  return history;
}

/** The history of a config node that need not be deployed; the settings are used only when the history is created. */
export function shareHistory(id: string, settings: HistorySettings, options: AccountOptions): History {
  const history = histories.get(id) ?? openHistory(settings, options);
  histories.delete(id);
  histories.set(id, history);
  for (const oldest of [...listDraftHistories().keys()].slice(0, -mostDrafts)) histories.delete(oldest);
  return history;
}

/** The histories of config nodes that were tried and are not deployed, by their ids. */
export function listDraftHistories(): Map<string, History> {
  return new Map([...histories].filter(([id]) => !deployed.has(id)));
}

/** Forgets the history of a config node that was removed; its files stay. */
export function forgetHistory(id: string): void {
  deployed.delete(id);
  histories.delete(id);
}
