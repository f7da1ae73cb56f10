/** Our choice: enough to recognise a value in a message. */
const mostCharacters = 200;

/** A value from a file for a message: whatever it is, it ends up short. */
export function shortJson(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value) ?? 'none';
  } catch {
    return 'values nested too deep to be written out';
  }
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}...` : text;
}
