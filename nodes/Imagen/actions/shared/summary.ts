import type { IExecuteFunctions } from 'n8n-workflow';

import { counted, quantity } from '../../errors/lists';
import { showHint } from './hints';

/** What a run of the node came to; what is 0 or left out is not mentioned. */
export interface Summary {
	/** What was done, such as `Uploaded 12 photos (34.5 MB) to 1 project`. */
	done: string;
	skipped?: number;
	failed?: number;
	/** Photos that Imagen bills for this run; undefined where nothing was to be billed. */
	billed?: number;
	/** Where the results are, or how to get them. */
	results?: string;
}

/** Closes a run with one hint at the node's output. @param begunAt as `Date.now()` gives it; undefined where nothing took time */
export function showSummary(
	context: IExecuteFunctions,
	begunAt: number | undefined,
	{ done, skipped = 0, failed = 0, billed, results }: Summary,
): void {
	const counts = [
		billed === undefined ? '' : `${quantity(billed, 'photo')} billed`,
		skipped > 0 ? `${quantity(skipped, 'file')} skipped` : '',
		failed > 0 ? `${counted(failed)} failed` : '',
	].filter(Boolean);
	const time = begunAt === undefined ? '' : ` in ${durationText(Date.now() - begunAt)}`;
	const sentences = [`${done}${time}`, counts.join(', '), results ?? ''];
	showHint(context, `${sentences.filter(Boolean).join('. ')}.`);
}

/** Bytes as people read them: `345.6 MB`, `1.4 kB` or `12 bytes`. */
export function sizeText(bytes: number): string {
	if (bytes < 1_000) return quantity(bytes, 'byte');
	return bytes < 1_000_000 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function durationText(ms: number): string {
	if (ms < MINUTE) return `${Math.max(1, Math.round(ms / SECOND))} s`;
	const minutes = Math.floor((ms % HOUR) / MINUTE);
	return ms < HOUR ? `${minutes} min` : `${Math.floor(ms / HOUR)} h ${minutes} min`;
}
