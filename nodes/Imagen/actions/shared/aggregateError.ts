import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { imageTypeOf } from '../../api/formats';
import { settle } from '../../api/settle';
import { fileNameIn, ImagenAggregateError, type ErrorText } from '../../errors/imagenErrors';
import { counted, firstOf, NAMES_SHOWN, quotedName } from '../../errors/lists';
import { isTool } from './isTool';
import { addTo, itemError, type ItemError } from './items';

/** One of several things that failed. Those of which the same is said are one line. */
export interface FailedPart<E extends ErrorText = ErrorText> {
	error: E;
	/** Its input item, where the error does not know it. */
	itemIndex?: number;
	/** The file that it is about, where the error does not know it; its message has the name in single quotes. */
	fileName?: string;
	/** What the message says of this file alone, besides its name: `, ${aside}`. */
	aside?: string;
}

/** The parts of which the same is said. */
interface Reason {
	/** The message, with `FILE` for the name of the file. */
	text: string;
	parts: Place[];
}

/** A part, with what the error itself knows of it. */
type Place = Omit<FailedPart, 'error'> & { message: string };

/** Stands for the name of a file. */
const FILE = '‹file›';

/** As many reasons as somebody reads, and names of files and items in all of them together. */
const REASONS_SHOWN = 10;
const NAMES_IN_ALL = 30;

const namesShown = (reasons: number) => Math.min(NAMES_SHOWN, Math.ceil(NAMES_IN_ALL / reasons));

/** How much there is of what to do, and of the reasons. */
const MOST_BYTES = { remedies: 1_200, reasons: 2_200 };

/**
 * One error for several things that failed: what was done all the same, what to do, each thing once, and a line for each reason, with the
 * files and items that it is about. What is too much to read stands in its details.
 *
 * @param done what stands, or that nothing was done; a line each
 */
export function aggregateError(
	context: IExecuteFunctions,
	{ message, done, failures }: { message: string; done: string[]; failures: FailedPart[] },
): ImagenAggregateError {
	const { lines, isAll } = linesOf(failures);
	const isNothing = done.some(saysNothing);
	const remedies = failures.flatMap(({ error }) => error.description || []);
	const own = isNothing ? remedies.map(withoutNothing) : remedies;
	const text = [
		...done,
		...fitting([...new Set(own)].filter(Boolean), MOST_BYTES.remedies),
		...lines.map((line) => `• ${line}.`),
	];
	const isForPanel = !context.continueOnFail() && !isTool(context);
	if (isForPanel && !isAll) text.push('All are listed in the error details below.');
	// n8n's panel shows line breaks as spaces, and HTML as HTML.
	const description = isForPanel ? text.map(escaped).join('<br>\n') : text.join('\n');
	const error = new ImagenAggregateError(context, message, description, done.join(' '), byItem(failures));
	if (isForPanel && !isAll) error.context.data = listOf(reasonsOf(failures));
	return error;
}

/** A line for each reason, as far as they are read. */
export function linesOf(failures: FailedPart[]): { lines: string[]; isAll: boolean } {
	const reasons = reasonsOf(failures);
	const names = namesShown(reasons.length);
	const lines = fitting(
		reasons.slice(0, REASONS_SHOWN).map((reason) => lineOf(reason, names)),
		MOST_BYTES.reasons,
	);
	const left = reasons.slice(lines.length).flatMap(({ parts }) => parts);
	if (left.length > 0) lines.push(`and ${counted(left.length)} more, for other reasons`);
	return { lines, isAll: left.length === 0 && reasons.every(({ parts }) => parts.length <= names) };
}

function byItem(failures: FailedPart[]): Map<number, ErrorText[]> {
	const errors = new Map<number, ErrorText[]>();
	for (const failure of failures) {
		const { itemIndex } = placeOf(failure);
		if (itemIndex !== undefined) addTo(errors, itemIndex, failure.error);
	}
	return errors;
}

/** How many files, or items that lack one, findings are about: `12 files`. */
export function countPlaces(findings: Array<{ places: Array<{ fileName?: string }> }>): string {
	const places = findings.flatMap((finding) => finding.places);
	return `${counted(places.length)} ${places.every(({ fileName }) => fileName) ? 'files' : 'items'}`;
}

/** How many different reasons there are. */
export const countReasons = (failures: FailedPart[]): number => reasonsOf(failures).length;

/** The reasons, those of most parts first. */
function reasonsOf(failures: FailedPart[]): Reason[] {
	const reasons = new Map<string, Reason>();
	for (const failure of failures) {
		const place = placeOf(failure);
		const text = reasonIn(place);
		const reason = reasons.get(text) ?? { text, parts: [] };
		reason.parts.push(place);
		reasons.set(text, reason);
	}
	return [...reasons.values()].sort((one, other) => other.parts.length - one.parts.length);
}

function placeOf({ error, ...given }: FailedPart): Place {
	const known = fileNameIn(error);
	const itemIndex = (error as Partial<ItemError>).context?.itemIndex as number | undefined;
	return { itemIndex, fileName: known, ...given, message: error.message.replace(/\.$/, '') };
}

function reasonIn({ message, fileName, aside }: Place): string {
	const text = aside ? message.replace(`, ${aside}`, () => '') : message;
	return fileName ? text.replace(`'${fileName}'`, () => FILE) : text;
}

/** Such as `Item 3: 'notes.txt' is a .txt file` or `500 photos are empty (0 bytes): 'a.NEF' (item 1), 'b.NEF' (item 2) and 498 more`. */
function lineOf({ text, parts }: Reason, most: number): string {
	const [{ itemIndex, message, fileName = '' }] = parts;
	const item = itemIndex === undefined ? '' : `Item ${itemIndex + 1}: `;
	if (parts.length === 1) return `${item}${message.replace(`'${fileName}'`, () => quotedName(fileName))}`;
	const labels = parts.map(labelOf).filter(Boolean);
	// What is wrong with all files of several projects has no place of its own.
	if (labels.length === 0) return `${text} (${counted(parts.length)} times)`;
	return `${ofSeveral(text, parts)}: ${firstOf(labels, { most })}`;
}

/** What is said of one, said of several. */
function ofSeveral(text: string, parts: Place[]): string {
	const arePhotos = parts.every(({ fileName = '' }) => imageTypeOf(fileName));
	const number = `${counted(parts.length)} ${arePhotos ? 'photos' : 'files'}`;
	return text
		.replace(/^‹file› is a file without /, `${FILE} are without `)
		.replace(/^‹file› is an? (.*?\bfile)\b/, `${FILE} are $1s`)
		.replace(/^‹file› is /, `${FILE} are `)
		.replace(/^‹file› has /, `${FILE} have `)
		.replace(/^‹file› holds /, `${FILE} hold `)
		.replace(/(the (file|photo) )?‹file›/, number);
}

/** A file or an item, as n8n's panel counts them. */
function labelOf({ fileName, itemIndex, aside }: Omit<FailedPart, 'error'>): string {
	const item = itemIndex === undefined ? '' : `item ${itemIndex + 1}`;
	if (!fileName) return item;
	const more = [item, aside && `like ${aside}`].filter(Boolean).join(', ');
	return `${quotedName(fileName)}${more && ` (${more})`}`;
}

function listOf(reasons: Reason[]): IDataObject {
	return Object.fromEntries(
		reasons.map(({ text, parts }) => [
			parts.length === 1 ? parts[0].message : ofSeveral(text, parts),
			parts.map(labelOf),
		]),
	);
}

/** The first lines that have no more than so many bytes together; at least one. */
function fitting(lines: string[], bytes: number): string[] {
	let sum = 0;
	return lines.filter((line, index) => (sum += Buffer.byteLength(line)) <= bytes || index === 0);
}

const escaped = (text: string) =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Says that nothing was uploaded, sent or billed. */
const NOTHING = /\bNothing was [^.]*\.( |$)/;

const saysNothing = (text: string) => NOTHING.test(text);
const withoutNothing = (text: string) => text.replace(NOTHING, '').trim();

/** What a check finds wrong with an item; undefined when all is well. */
export async function findingOf(
	context: IExecuteFunctions,
	itemIndex: number,
	check: () => unknown,
): Promise<ItemError | undefined> {
	const outcome = await settle(async () => await check());
	return outcome.status === 'rejected' ? itemError(context, outcome.reason, itemIndex) : undefined;
}

/** The same error, which says that nothing was done yet. @param reassurance such as `Nothing was sent.` */
export function reassuring<E extends ItemError>(error: E, reassurance: string): E {
	error.description = [withoutNothing(error.description ?? ''), reassurance].filter(Boolean).join(' ');
	return error;
}

/**
 * One error for everything that was found before anything was done: a single finding as it is, several together.
 *
 * @param message where there is more than one
 * @param reassurance says that nothing was done yet
 */
export function allFindings(
	context: IExecuteFunctions,
	findings: Array<FailedPart<ItemError>>,
	message: string,
	reassurance: string,
): ItemError {
	if (findings.length === 1) return reassuring(findings[0].error, reassurance);
	return aggregateError(context, { message, done: [reassurance], failures: findings });
}
