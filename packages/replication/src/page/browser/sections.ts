/** The id in the document of a figure's or table's section. */
export function sectionId(name: string): string {
  return `at/${name}`;
}

/** A table may be called as a figure is: `figure-5`. */
export function tableName(id: string): string {
  return id.startsWith('table-') ? id : `table ${id}`;
}
