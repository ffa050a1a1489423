/**
 * The tickets of sign-ins by the ids of their accounts: with one the runtime takes a key that the browser never has.
 */
const tickets = new Map<string, string>();

/** The ticket that stands for the key of an account. */
export function readTicket(id: string): string | undefined {
  return tickets.get(id);
}

/** Sets the ticket of an account; undefined forgets it. */
export function setTicket(id: string, ticket: string | undefined): void {
  if (ticket === undefined) tickets.delete(id);
  else tickets.set(id, ticket);
}
