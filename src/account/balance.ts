/** The balance of an account at its service. */
export interface Balance {
  amount: number;
  currency: string;
}
