/** The name in `${NAME}`, or in the old form `$(NAME)`; undefined for any other text. */
export function variableIn(text: string): string | undefined {
  return (/^\$\{(\S+)\}$/.exec(text) ?? /^\$\((\S+)\)$/.exec(text))?.[1];
}
