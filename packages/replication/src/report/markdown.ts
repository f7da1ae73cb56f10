/** A text for Markdown, in a table or outside: its signs mean nothing, and it stays on its line. */
export function plain(text: string): string {
  return text.replace(/[\\|<[\]*_`]/g, '\\$&').replace(/\s+/g, ' ');
}

/** The path of a file as the address of a link: none of its signs means anything, so `javascript:` is a folder's name. */
export function linkPath(path: string): string {
  const encoded = path
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  return encoded.replace(/[()']/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

/** Of rows of cells, the first being the header. @param alignRight  numbers of the columns that end at one position */
export function markdownTable(rows: readonly (readonly string[])[], alignRight: readonly number[] = []): string {
  const [header, ...body] = rows;
  const rule = header.map((_, column) => (alignRight.includes(column) ? '--:' : '---'));
  return [header, rule, ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** As GitHub names the heading in links. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}
