import type { Direction } from '../contender.mts';

/** The name of a direction in titles and tables. */
export const directionTitle = (direction: Direction) => (direction === 'upload' ? 'Upload' : 'Download');

/** A table in Markdown. Each line comes with its cells set between bars. */
export function markdownTable(columns: string[], lines: string[]): string {
	return [`| ${columns.join(' | ')} |`, `| ${columns.map(() => '---').join(' | ')} |`, ...lines].join('\n');
}
