import type { RichText } from '../text/rich-text.js';

/** An element with a class, holding these nodes; strings become text, never markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  attributes: Readonly<Record<string, string>> = {},
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

/** Nodes that set the text as `drawText` does in a drawing. */
export function richNodes(text: RichText): readonly Node[] {
  return text.map((run) => {
    const span = document.createElement('span');
    span.textContent = run.text;
    if (run.italic) span.style.fontStyle = 'italic';
    if (run.maths) span.style.whiteSpace = 'nowrap';
    if (run.scale !== 1) span.style.fontSize = `${run.scale}em`;
    // `vertical-align` moves by parts of the span's own size.
    if (run.rise !== 0) span.style.verticalAlign = `${run.rise / run.scale}em`;
    return span;
  });
}
