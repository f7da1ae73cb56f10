/**
 * Signs that would make markup of a text: tags, comments and addresses in angle brackets, links and what defines them,
 * code, emphasis by stars, strikes; and a backslash that would undo ours. Others stay as they are, so that maths between
 * dollars and the star behind a number do.
 */
const signs = /<(?=[A-Za-z/!?])|(?<=\])[[(:]|`|\*(?=[^\s)])|~(?=~)|\\(?=[\\<[(:`*|~])/g;

/** A text for a cell of a table or a heading of GitHub's Markdown: whatever it holds, it is no markup and on one line. */
export function markdownText(text: string): string {
  return escaped(text).replaceAll('|', '\\|');
}

/** The same for a paragraph, which must not begin as a heading, a list, a quotation, a rule or a table. */
export function markdownParagraph(text: string): string {
  return escaped(text.trim()).replace(/^[#>+=|-]/, '\\$&');
}

/** The text of which `markdownText` or `markdownParagraph` made this, with its line breaks as `\n`. */
export function readMarkdownText(markdown: string): string {
  return markdown
    .replace(/^\\(?=[#>+=-])/, '')
    .replaceAll(/\\([\\<[(:`*|~])|<br>/g, (_, sign: string | undefined) => sign ?? '\n');
}

function escaped(text: string): string {
  return text.replace(signs, '\\$&').replaceAll(/\r\n|[\n\r\u2028\u2029]/g, '<br>');
}
