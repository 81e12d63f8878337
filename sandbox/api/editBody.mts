import { profiles } from '../account/profiles.mts';
import type { EditOrder } from '../account/project.mts';
import { isLoopback } from '../loopback.mts';
import { finding, notFound, unprocessable, type Finding } from './errors.mts';

const switches = [
	'crop',
	'portrait_crop',
	'headshot_crop',
	'straighten',
	'perspective_correction',
	'subject_mask',
	'smooth_skin',
	'window_pull',
	'hdr_merge',
	'sky_replacement',
	'export',
];
const cropSwitches = ['crop', 'portrait_crop', 'headshot_crop'];
const aspectRatios = ['2X3', '4X5', '5X7'];
const compressions = ['LOSSY', 'LOSSLESS'];

/** Reads the body of `POST /edit`; throws an ApiError with all that is wrong with it. */
export function readEditBody(body: Record<string, unknown>): EditOrder {
	const { profile_key: profileKey, callback_url: callbackUrl, ...tools } = withoutNulls(body);
	const findings = [
		...checkProfileKey(profileKey),
		...switches.filter((name) => !isOneOf(typeof tools[name], ['boolean', 'undefined'])).map(notABoolean),
		...checkChoices(tools),
		...checkExclusions(tools),
		...checkCallbackUrl(callbackUrl),
	];
	if (findings.length > 0) throw unprocessable(findings);
	const profile = profiles.find(({ profile_key }) => profile_key === profileKey);
	if (!profile) throw notFound(`Profile ${profileKey} not found`);
	return { profile, tools, export: tools.export === true, callbackUrl: callbackUrl as string | undefined };
}

function checkProfileKey(key: unknown): Finding[] {
	if (key === undefined) return [finding('profile_key', 'field required', 'value_error.missing')];
	return Number.isInteger(key)
		? []
		: [finding('profile_key', 'value is not a valid integer', 'type_error.integer')];
}

function notABoolean(name: string): Finding {
	return finding(name, 'value could not be parsed to a boolean', 'type_error.bool');
}

function checkChoices(tools: Record<string, unknown>): Finding[] {
	const findings: Finding[] = [];
	const { photography_type: type, crop_aspect_ratio: ratio, hdr_output_compression: compression } = tools;
	const { sky_replacement_template_id: template } = tools;
	if (!isOneOf(typeof type, ['string', 'undefined'])) {
		findings.push(finding('photography_type', 'str type expected', 'type_error.str'));
	}
	if (ratio !== undefined && !isOneOf(ratio, aspectRatios)) {
		findings.push(notAmong('crop_aspect_ratio', aspectRatios));
	}
	if (compression !== undefined && !isOneOf(compression, compressions)) {
		findings.push(notAmong('hdr_output_compression', compressions));
	}
	if (template !== undefined && !Number.isInteger(template)) {
		findings.push(
			finding('sky_replacement_template_id', 'value is not a valid integer', 'type_error.integer'),
		);
	}
	return findings;
}

function checkExclusions(tools: Record<string, unknown>): Finding[] {
	const findings: Finding[] = [];
	const crops = cropSwitches.filter((name) => tools[name] === true);
	if (crops.length > 1) findings.push(finding('crop', `only one of ${crops.join(', ')} can be true`));
	if (tools.straighten === true && tools.perspective_correction === true) {
		findings.push(finding('straighten', 'straighten and perspective_correction cannot both be true'));
	}
	if (tools.crop_aspect_ratio !== undefined && crops.length === 0) {
		findings.push(finding('crop_aspect_ratio', 'crop_aspect_ratio needs a crop'));
	}
	if (tools.hdr_output_compression !== undefined && tools.hdr_merge !== true) {
		findings.push(finding('hdr_output_compression', 'hdr_output_compression needs hdr_merge'));
	}
	return findings;
}

/** Imagen calls https only; on loopback, where this server is, http is right. */
function checkCallbackUrl(url: unknown): Finding[] {
	if (url === undefined || url === '') return [];
	const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
	const callable = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed));
	return callable ? [] : [finding('callback_url', 'invalid or missing URL scheme', 'value_error.url.scheme')];
}

function notAmong(name: string, choices: string[]): Finding {
	const list = choices.map((choice) => `'${choice}'`).join(', ');
	return finding(name, `value is not a valid enumeration member; permitted: ${list}`, 'type_error.enum');
}

function isOneOf(value: unknown, choices: string[]): boolean {
	return choices.includes(value as string);
}

function withoutNulls(body: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}
