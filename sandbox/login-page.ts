/** What the page is about: a code with the client that waits, a decision, or a code without a client that waits. */
export interface LoginPage {
  code?: string;
  client?: string | undefined;
  decision?: 'approved' | 'denied';
}

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:28em;margin:15vh auto;padding:0 1em;color-scheme:light dark}' +
  'strong{font:2em/1.5 monospace;letter-spacing:.1em}button,input{font:inherit;padding:.4em 1.2em;margin:0 .5em .5em 0}';

/** The page on which a person approves a login to the built-in service. */
export function loginPage(page: LoginPage): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in to the built-in service</title>
<style>${style}</style>
<h1>Built-in service</h1>
${content(page)}
</html>
`;
}

function content({ code = '', client, decision }: LoginPage): string {
  if (decision === 'approved') return '<p>Signed in. You can close this page and go back to Node-RED.</p>';
  if (decision === 'denied') return '<p>Denied. No key was given out.</p>';
  if (client === undefined)
    return '<p>No program is waiting for this code.</p><form><input name="code" aria-label="Code" autofocus> <button>Next</button></form>';
  return `<p><em>${escape(client)}</em> wants a key for this service, with the code</p>
<p><strong>${escape(code)}</strong></p>
<p>Approve it only if this is the code that you see there. The key opens nothing: no account, no money.</p>
<form method="post">
<input type="hidden" name="code" value="${escape(code)}">
<button name="decision" value="approved">Approve</button>
<button name="decision" value="denied">Deny</button>
</form>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
