/** What the editor shows, and sends, in the place of a stored password. */
export const storedPassword = '__PWRD__';
