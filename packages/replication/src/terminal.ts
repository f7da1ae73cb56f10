/**
 * Control characters but for ends of lines and tabs, and what turns the direction of reading: a terminal would obey them,
 * wherever they come from. In JSON they are what JSON itself would write.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** The text with `\u001b` in place of what a terminal would obey. */
export function printable(text: string): string {
  return text.replace(obeyed, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Characters of an error: our choice, a screen. Some hold what a file said, and that may be megabytes. */
const mostOfMessage = 2000;

/** A message of an error, printable and of bearable length. */
export function printableMessage(message: string): string {
  const more = message.length - mostOfMessage;
  const short = more > 0 ? `${message.slice(0, mostOfMessage)}... and ${more} characters more` : message;
  return printable(short);
}

/** To standard output: what was asked for. */
export function print(text: string): void {
  console.log(printable(text));
}

/** To standard error: how far it is. */
export function printAside(text: string): void {
  console.error(printable(text));
}
