/** What stands in the page's main part. */
export interface View {
  readonly element: HTMLElement;
  readonly title: string;
  /** Called when the element is in the document. @returns whether it moved the focus to what was asked for */
  shown(): boolean;
  /** Called when another view takes its place. */
  destroy(): void;
}
