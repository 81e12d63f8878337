import { isLoopback } from '../loopback.mts';
import { finding, type Finding } from './errors.mts';

/** What is wrong with the fields that have to be booleans; none of them has to be there. */
export function checkSwitches(body: Record<string, unknown>, names: string[]): Finding[] {
	return names
		.filter((name) => !isOneOf(typeof body[name], ['boolean', 'undefined']))
		.map((name) => finding(name, 'value could not be parsed to a boolean', 'type_error.bool'));
}

/** What is wrong with a field that has to be a whole number; it need not be there. */
export function checkInteger(body: Record<string, unknown>, name: string): Finding[] {
	const value = body[name];
	return value === undefined || Number.isInteger(value)
		? []
		: [finding(name, 'value is not a valid integer', 'type_error.integer')];
}

/** What is wrong with a field that has to be there and hold a text, which must not be empty. */
export function checkText(body: Record<string, unknown>, name: string): Finding[] {
	const value = body[name];
	if (value === undefined) return [finding(name, 'field required', 'value_error.missing')];
	return typeof value === 'string' && value !== ''
		? []
		: [finding(name, 'str type expected', 'type_error.str')];
}

/** Imagen calls https only; on loopback, where this server is, http is right. */
export function checkCallbackUrl({ callback_url: url }: Record<string, unknown>): Finding[] {
	if (url === undefined || url === '') return [];
	const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
	const callable = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed));
	return callable ? [] : [finding('callback_url', 'invalid or missing URL scheme', 'value_error.url.scheme')];
}

/** The finding about a field whose value is none of the permitted ones. */
export function notAmong(name: string, choices: Array<string | number>): Finding {
	const list = choices.map((choice) => (typeof choice === 'string' ? `'${choice}'` : choice)).join(', ');
	return finding(name, `value is not a valid enumeration member; permitted: ${list}`, 'type_error.enum');
}

export function isOneOf(value: unknown, choices: unknown[]): boolean {
	return choices.includes(value);
}

/** The API takes a null for a field that is not there. */
export function withoutNulls(body: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}
