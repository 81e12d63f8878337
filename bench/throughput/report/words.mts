import type { Direction } from '../contender.mts';

/** A direction at the beginning of a line. */
export const title = (direction: Direction) => (direction === 'upload' ? 'Upload' : 'Download');

/** A table in Markdown. Each line is one already, with its bars. */
export function table(columns: string[], lines: string[]): string {
	return [`| ${columns.join(' | ')} |`, `| ${columns.map(() => '---').join(' | ')} |`, ...lines].join('\n');
}
