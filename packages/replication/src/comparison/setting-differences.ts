import type { Json } from '../experiment.js';

/** A value that is not the same in two trees of settings. `path` as in `training.epochs`; `absent` for what one lacks. */
export interface SettingDifference {
  readonly path: string;
  readonly before: Json | 'absent';
  readonly after: Json | 'absent';
}

/** Where two trees of settings differ. Lists count as one value, unless they hold objects and are of one length. */
export function settingDifferences(before: Json, after: Json, path = ''): readonly SettingDifference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const isTree = (value: Json): value is { readonly [key: string]: Json } =>
    typeof value === 'object' && value !== null;
  const isList = Array.isArray(before) || Array.isArray(after);
  const hasMembers = (value: Json) => Array.isArray(value) && value.some(isTree);
  const comparable =
    isTree(before) &&
    isTree(after) &&
    (!isList || (hasMembers(before) && hasMembers(after) && before.length === after.length));
  if (!comparable) return [{ path: path || 'settings', before, after }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const inner = path === '' ? name : `${path}.${name}`;
    const [was, is] = [before[name], after[name]];
    if (was === undefined) return [{ path: inner, before: 'absent', after: is }];
    if (is === undefined) return [{ path: inner, before: was, after: 'absent' }];
    return settingDifferences(was, is, inner);
  });
}

/** For a line of text: long values are cut. */
export function shortSetting(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 30 ? `${text.slice(0, 27)}...` : text;
}
