/** A tab that knows nothing of the editor. */
export interface NewTab {
  go(page: string): void;
  close(): void;
}

/**
 * Opens a tab for a page that is not known yet: browsers block one that does not open with the click. Undefined where
 * they block it all the same.
 */
export function openTab(text: string): NewTab | undefined {
  const tab = window.open('', '_blank');
  if (!tab) return undefined;
  tab.opener = null;
  tab.document.title = text;
  return {
    go(page) {
      if (tab.closed) return;
      // A link of its own says nothing of the editor's address, as a new location would.
      const link = tab.document.createElement('a');
      Object.assign(link, { href: page, rel: 'noreferrer' });
      tab.document.body.append(link);
      link.click();
    },
    close: () => tab.close(),
  };
}
