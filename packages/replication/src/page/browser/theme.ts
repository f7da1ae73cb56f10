import { h } from './dom.js';

const key = 'hessian-rmt-colours';
const choices = [
  ['', 'as the system'],
  ['light', 'light'],
  ['dark', 'dark'],
] as const;

/** The switch between light and dark, kept for the next visit where the browser lets a file keep anything. */
export function themeSwitch(): HTMLElement {
  const select = h('select', { id: 'colours' }, ...choices.map(([value, text]) => h('option', { value }, text)));
  select.value = kept();
  apply(select.value);
  select.addEventListener('change', () => {
    apply(select.value);
    try {
      localStorage.setItem(key, select.value);
    } catch {
      // Private windows keep nothing; the switch works all the same.
    }
  });
  return h('label', { class: 'colours', for: 'colours' }, 'Colours ', select);
}

function kept(): string {
  try {
    const value = localStorage.getItem(key) ?? '';
    return choices.some(([choice]) => choice === value) ? value : '';
  } catch {
    return '';
  }
}

function apply(choice: string): void {
  if (choice === '') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
}
