import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { imageTypeOf } from '../../api/formats';
import { settle } from '../../api/settle';
import { fileNameIn, ImagenAggregateError, type ErrorText } from '../../errors/imagenErrors';
import { counted, firstOf, NAMES_SHOWN, quotedName, shortened } from '../../errors/lists';
import { isTool } from './isTool';
import { addTo, itemError, type ItemError } from './items';

/** One of several things that failed. Those of which the same is said are one entry of the list. */
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
	/** What to do about it. */
	remedy: string;
	parts: Place[];
}

/** A part, with what the error itself knows of it. */
type Place = Omit<FailedPart, 'error'> & { message: string; remedy: string };

/** Stands for the name of a file. */
const FILE = '‹file›';

/** What a message says in brackets of its file alone. */
const OWN_FIGURES = / \((part \d+ of \d+|(?:\d+ of )?[1-9]\d* bytes)\)/;

/** As many reasons as somebody reads, and names of files and items in all of them together. */
const REASONS_SHOWN = 10;
const NAMES_IN_ALL = 30;

const namesShown = (reasons: number) => Math.min(NAMES_SHOWN, Math.ceil(NAMES_IN_ALL / reasons));

/** As many steps as stand above the list; where there are more, or several that are for a reason each, they stand beside what they are for. */
const STEPS_SHOWN = 2;

/** How much there is of the steps, of the list, and of the names in an entry. */
const MOST_BYTES = { steps: 1_200, list: 2_200, names: 1_400 };

/** Several things that failed, and what is said of them together. */
interface Failures {
	/** What is said of several; of one, its own message is said. */
	message: string;
	/** What to do about all of them, a line each. */
	nextSteps?: string[];
	/** What stands, or that nothing was done, a line each. */
	done: string[];
	failures: FailedPart[];
}

/**
 * One error for several things that failed: what to do, what was done all the same, and a list of the reasons, each once, with the first of the
 * files and items that it is about. What is too much to read stands in its details. Where one thing failed, the message says it, and there is no
 * list.
 */
export function aggregateError(
	context: IExecuteFunctions,
	{ message, nextSteps = [], done, failures }: Failures,
): ImagenAggregateError {
	const reasons = reasonsOf(failures, done.some(saysNothing));
	const remedies = [...new Set(reasons.map(({ remedy }) => remedy))].filter(Boolean);
	const steps = [...new Set([...remedies, ...nextSteps])].filter(Boolean);
	// What lacks a name says less than the message of several.
	const isOne = failures.length === 1 && placeOf(failures[0]).fileName !== undefined;
	const areShownTogether = isOne || (remedies.length < 2 && steps.length <= STEPS_SHOWN);
	const ownSteps =
		nextSteps.length > 0 ? nextSteps : ['Fix the problems listed below, then run the node again.'];
	const { entries, isAll } = isOne
		? { entries: [], isAll: true }
		: entriesOf(areShownTogether ? reasons.map(withoutRemedy) : reasons);
	const isForPanel = !context.continueOnFail() && !isTool(context);
	const describe = (moreSteps: string[]) => {
		const text = {
			above: [...fitting(areShownTogether ? steps : ownSteps, MOST_BYTES.steps), ...moreSteps, ...done],
			entries,
			below: isForPanel && !isAll ? ['The error details below list all of them.'] : [],
		};
		return isForPanel ? asHtml(text) : asPlainText(text);
	};
	const stands = [...nextSteps, ...done].join(' ');
	const said = isOne ? messageOfOne(failures[0]) : message;
	const error = new ImagenAggregateError(context, said, describe, stands, byItem(failures));
	if (isForPanel && !isAll) error.context.data = listOf(reasons);
	return error;
}

/** The message of the only thing that failed, with the name of its file not longer than anybody reads. */
function messageOfOne(failure: FailedPart): string {
	const { message, fileName = '' } = placeOf(failure);
	return message.replace(`'${fileName}'`, () => quotedName(fileName));
}

/** A description: lines, a list whose entries have a line or two, and more lines. */
interface DescriptionText {
	above: string[];
	entries: string[][];
	below: string[];
}

/** As n8n's panel shows it: line breaks as spaces, and HTML as HTML. */
function asHtml({ above, entries, below }: DescriptionText): string {
	const breaking = (lines: string[]) => lines.map(escaped).join('<br>\n');
	const list =
		entries.length > 0
			? `<ul>\n${entries.map((lines) => `<li>${breaking(lines)}</li>\n`).join('')}</ul>`
			: '';
	return [breaking(above), list, breaking(below)].filter(Boolean).join('\n');
}

const asPlainText = ({ above, entries, below }: DescriptionText): string =>
	[...above, ...entries.map((lines) => `- ${lines.join(' ')}`), ...below].join('\n');

/** A line for each reason, as far as they are read. */
export function linesOf(failures: FailedPart[]): string[] {
	const { entries } = entriesOf(reasonsOf(failures).map(withoutRemedy));
	return entries.map(([line]) => line);
}

/** An entry for each reason, as far as they are read: what is wrong and, the first time that it is needed, what to do. */
function entriesOf(reasons: Reason[]): { entries: string[][]; isAll: boolean } {
	const names = namesShown(reasons.length);
	const said = new Set(['']);
	const all = reasons.slice(0, REASONS_SHOWN).map((reason) => {
		const steps = said.has(reason.remedy) ? [] : [reason.remedy];
		said.add(reason.remedy);
		return [`${lineOf(reason, names)}.`, ...steps];
	});
	const entries = fitting(all, MOST_BYTES.list);
	const left = reasons.slice(entries.length).flatMap(({ parts }) => parts);
	if (left.length > 0) entries.push([`and ${counted(left.length)} more, for other reasons.`]);
	return { entries, isAll: left.length === 0 && reasons.every(({ parts }) => parts.length <= names) };
}

const withoutRemedy = (reason: Reason): Reason => ({ ...reason, remedy: '' });

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
	const places = [...new Set(findings.flatMap((finding) => finding.places))];
	return `${counted(places.length)} ${places.every(({ fileName }) => fileName) ? 'files' : 'items'}`;
}

/** How many different reasons there are. */
export const countReasons = (failures: FailedPart[]): number => reasonsOf(failures).length;

/** The reasons, those of most parts first. @param isNothing whether it is said of all of them that nothing was done */
function reasonsOf(failures: FailedPart[], isNothing = false): Reason[] {
	const reasons = new Map<string, Reason>();
	for (const failure of failures) {
		const place = placeOf(failure);
		const text = reasonIn(place);
		const remedy = isNothing ? withoutNothing(place.remedy) : place.remedy;
		const reason = reasons.get(text) ?? { text, remedy, parts: [] };
		reason.parts.push(place);
		reasons.set(text, reason);
	}
	return [...reasons.values()].sort((one, other) => other.parts.length - one.parts.length);
}

function placeOf({ error, ...given }: FailedPart): Place {
	const known = fileNameIn(error);
	const itemIndex = (error as Partial<ItemError>).context?.itemIndex as number | undefined;
	const message = error.message.replace(/\s*\n\s*/g, ' ').replace(/\.$/, '');
	return { itemIndex, fileName: known, ...given, message, remedy: error.description ?? '' };
}

function reasonIn({ message, fileName, aside }: Place): string {
	const text = aside ? message.replace(`, ${aside}`, () => '') : message;
	return fileName ? text.replace(`'${fileName}'`, () => FILE).replace(OWN_FIGURES, '') : text;
}

/** Such as `Item 3: 'notes.txt' is a .txt file` or `500 photos are empty (0 bytes): 'a.NEF' (item 1), 'b.NEF' (item 2) and 498 more`. */
function lineOf({ text, parts }: Reason, most: number): string {
	const [{ itemIndex, message, fileName = '' }] = parts;
	const item = itemIndex === undefined ? '' : `Item ${itemIndex + 1}: `;
	if (parts.length === 1) return `${item}${message.replace(`'${fileName}'`, () => quotedName(fileName))}`;
	const labels = parts.map(labelOf).filter(Boolean);
	// What is wrong with all files of several projects has no place of its own.
	if (labels.length === 0) return `${text} (${counted(parts.length)} times)`;
	const shown = fitting(labels.slice(0, most), MOST_BYTES.names);
	return `${ofSeveral(text, parts)}: ${firstOf(shown, { total: labels.length })}`;
}

const PLURALS = { is: 'are', was: 'were', has: 'have', does: 'do' };

/** What is said of one, said of several. */
function ofSeveral(text: string, parts: Place[]): string {
	const arePhotos = parts.every(({ fileName = '' }) => imageTypeOf(fileName));
	const number = `${counted(parts.length)} ${arePhotos ? 'photos' : 'files'}`;
	return text
		.replace(/ and wasn't uploaded$/, " and weren't uploaded")
		.replace(
			/^‹file› is the edited file, not the exported one/,
			`${FILE} are edited files, not exported ones`,
		)
		.replace(/^‹file› is a file without /, `${FILE} are without `)
		.replace(/^‹file› is an? (.*?\bfile)\b/, `${FILE} are $1s`)
		.replace(/^(The file behind the link to |The link to |)‹file› (\w+s)\b/, inPlural)
		.replace(/(the (file|photo) )?‹file›( from its link\b)?/, (_match, _the, _file, link) =>
			link ? `${number} from their links` : number,
		);
}

/** Subject and verb. */
function inPlural(_match: string, subject: string, verb: string): string {
	const plural = PLURALS[verb as keyof typeof PLURALS] ?? verb.slice(0, -1);
	return `${subject.replace(/\b(file|link)\b/g, '$1s')}${FILE} ${plural}`;
}

/** A file or an item, as n8n's panel counts them. */
function labelOf({ fileName, itemIndex, aside, message }: Place): string {
	const item = itemIndex === undefined ? '' : `item ${itemIndex + 1}`;
	if (!fileName) return item;
	const figures = OWN_FIGURES.exec(message)?.[1];
	const more = [item, figures, aside && `like ${shortened(aside)}`].filter(Boolean).join(', ');
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

/** The first texts that have no more than so many bytes together, as the panel gets them; at least one. */
function fitting<T extends string[] | string>(texts: T[], bytes: number): T[] {
	let sum = 0;
	const bytesOf = (text: T) => Buffer.byteLength(escaped([text].flat().join(' ')));
	return texts.filter((text, index) => (sum += bytesOf(text)) <= bytes || index === 0);
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
