import { figureStyles } from '@hessian-rmt/plotting/browser';
import type { PageIndex } from '../page-data.js';
import { claimsView } from './claims-view.js';
import { h } from './dom.js';
import { folderView } from './folder-view.js';
import { claimsHash, folderHash, type Route, routeOf } from './route.js';
import { themeSwitch } from './theme.js';
import { canUnpack, unpack } from './unpack.js';
import type { View } from './view.js';

/** The results page: reads its claims, and shows what its address asks for. */
async function start(): Promise<void> {
  const content = document.getElementById('content')!;
  document.getElementById('top')!.append(h('a', { class: 'home', href: claimsHash({}) }, 'hessian-rmt'), themeSwitch());
  if (!canUnpack) {
    showLedgers(
      content,
      'This page needs a browser that was released since May 2023. The ledgers are readable without it:',
    );
    return;
  }
  const styles = new CSSStyleSheet();
  styles.replaceSync(figureStyles);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, styles];
  let index: PageIndex;
  try {
    index = await unpack<PageIndex>('index');
  } catch (error) {
    showLedgers(
      content,
      `The claims cannot be unpacked (${(error as Error).message}). The ledgers are beside this page:`,
    );
    return;
  }
  // Its address would be taken for that of a view.
  document.querySelector('.skip')!.addEventListener('click', (event) => {
    event.preventDefault();
    content.focus();
  });
  const navigation = navigationOf(index);
  document.querySelector('#top .home')!.after(navigation.element);
  document
    .getElementById('foot')!
    .append(
      'Made from the files beside it by ',
      h('code', {}, 'npx hessian-rmt report'),
      '. Nothing here is typed by hand, and nothing is loaded from elsewhere.',
    );

  let current: View | undefined;
  let asked = 0;
  const show = async (isFirst: boolean): Promise<void> => {
    const ask = ++asked;
    const route = routeOf(location.hash);
    const view = await viewOf(index, route);
    if (ask !== asked) {
      view.destroy();
      return;
    }
    current?.destroy();
    current = view;
    content.replaceChildren(view.element);
    document.title = `${view.title} · hessian-rmt`;
    navigation.mark(route);
    if (view.shown() || isFirst) return;
    window.scrollTo(0, 0);
    content.focus({ preventScroll: true });
  };
  window.addEventListener('hashchange', () => void show(false));
  window.addEventListener('beforeprint', () => {
    for (const details of content.querySelectorAll<HTMLDetailsElement>('.run details')) details.open = true;
  });
  await show(true);
}

async function viewOf(index: PageIndex, route: Route): Promise<View> {
  if (route.view === 'claims') return claimsView(index, route);
  const { experiment, folder, at } = route;
  const paper = index.papers.find((one) => one.experiment === experiment);
  const found = paper?.folders.find((one) => one.folder === folder);
  if (paper && found) return folderView(paper, found, at);
  const element = h(
    'div',
    {},
    h('h1', {}, 'Not here'),
    h('p', {}, `The page was built without results in ${experiment}/${folder}.`),
  );
  return { element, title: 'not here', shown: () => false, destroy() {} };
}

function navigationOf({ papers }: PageIndex): { element: HTMLElement; mark(route: Route): void } {
  const claims = h('a', { href: '#claims' }, 'Claims');
  const links = papers.map(({ experiment, name, main }) => ({
    experiment,
    link: h('a', { href: folderHash(experiment, main) }, name),
  }));
  const items = [claims, ...links.map(({ link }) => link)].map((link) => h('li', {}, link));
  return {
    element: h('nav', { 'aria-label': 'Papers' }, h('ul', {}, ...items)),
    mark(route) {
      const marked =
        route.view === 'claims' ? claims : links.find(({ experiment }) => experiment === route.experiment)?.link;
      for (const link of [claims, ...links.map((one) => one.link)]) {
        if (link === marked) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
      }
    },
  };
}

function showLedgers(content: HTMLElement, why: string): void {
  const ledgers = document.getElementById('ledgers') as HTMLTemplateElement;
  content.replaceChildren(h('p', { class: 'status' }, why), ledgers.content);
}

void start();
