/**
 * Rows of texts as lines with aligned columns, two blanks apart, without trailing blanks.
 *
 * @param alignRight  numbers of the columns that end, rather than begin, at one position
 */
export function textTable(rows: readonly (readonly string[])[], alignRight: readonly number[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((text, column) => {
      widths[column] = Math.max(widths[column] ?? 0, text.length);
    });
  }
  return rows.map((row) =>
    row
      .map((text, column) =>
        alignRight.includes(column) ? text.padStart(widths[column]) : text.padEnd(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  );
}
