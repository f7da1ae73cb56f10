import { createHash } from 'node:crypto';

/** What is put together to a page. Nothing of it comes from results but the packed blocks and the links for readers without scripts. */
export interface PageParts {
  /** What the page was made from: equal inputs, equal page. */
  readonly inputs: string;
  readonly script: string;
  readonly style: string;
  /** The block with all claims, which is put before the script. */
  readonly index: string;
  readonly blocks: ReadonlyMap<string, string>;
  /** Where a reader without scripts finds the same. */
  readonly ledgers: readonly { readonly text: string; readonly href: string }[];
}

/**
 * The page: one file that needs no other and no network. Its policy lets nothing run but its own script and style, named
 * by their sums, so that a text from a ledger could not become a script even if it got into the markup; and none does,
 * since texts stand in packed blocks and are set as text.
 */
export function pageHtml({ inputs, script, style, index, blocks, ledgers }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `script-src '${sumOf(script)}'`,
    `style-src '${sumOf(style)}'`,
    "img-src 'self' file: data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const block = (id: string, packed: string) =>
    `<script type="application/octet-stream" id="${id}">${packed}</script>\n`;
  const links = ledgers.map(({ text, href }) => `<li><a href="${escaped(href)}">${escaped(text)}</a></li>`).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="inputs" content="${inputs}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>hessian-rmt: what replicated</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header id="top"></header>
<main id="content" tabindex="-1"><p id="loading" class="status" role="status">Unpacking the claims &#8230;</p></main>
<footer id="foot"></footer>
<template id="ledgers"><ul>
${links}
</ul></template>
<noscript><p class="status">This page unpacks its data by a script, which is turned off here. The ledgers are readable without:</p>
<ul>
${links}
</ul></noscript>
${block('index', index)}<script>${script}</script>
${[...blocks].map(([id, packed]) => block(id, packed)).join('')}</body>
</html>
`;
}

function sumOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
